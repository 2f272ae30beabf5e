//! Bringing the schema up to date, once, however many processes start together.

use std::sync::Arc;

use kernel::{Error, SystemClock};
use migrations::Migrator;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationStatus, MigratorTrait};
use sqlx::{postgres::PgPoolOptions, sqlite::SqlitePoolOptions};

use crate::{Db, Engine, PoolSize, Target, target::SCHEMA};

/// Where a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Current,
    /// These migrations are still to be applied.
    Pending(Vec<String>),
    /// These were applied by a newer version: this one must not touch the database.
    Newer(Vec<String>),
    /// MAS's tables stand there and ours do not.
    Mas,
}

/// Reads where the database stands; changes nothing.
pub async fn standing(db: &Db) -> Result<Standing, Error> {
    if db.engine() == Engine::Postgres && !exists(db, OURS).await? && exists(db, MAS).await? {
        return Ok(Standing::Mas);
    }
    let applied: Vec<String> =
        if exists(db, if db.engine() == Engine::Sqlite { OURS_SQLITE } else { OURS }).await? {
            let rows = crate::sql::all(&db.read, "SELECT version FROM seaql_migrations ORDER BY version", [])
                .await?;
            rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, DbErr>>()?
        } else {
            Vec::new()
        };
    let known: Vec<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    let newer: Vec<String> = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
    if !newer.is_empty() {
        return Ok(Standing::Newer(newer));
    }
    let pending: Vec<String> = known.into_iter().filter(|name| !applied.contains(name)).collect();
    Ok(if pending.is_empty() { Standing::Current } else { Standing::Pending(pending) })
}

const OURS: &str =
    "SELECT 1 AS found FROM pg_tables WHERE schemaname = 'latchkey' AND tablename = 'seaql_migrations'";
const OURS_SQLITE: &str =
    "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'";
/// Three tables that only MAS has side by side, in whichever schema it was told to use.
const MAS: &str = "SELECT 1 AS found FROM pg_tables WHERE tablename IN \
    ('compat_sessions', 'oauth2_sessions', 'upstream_oauth_links') GROUP BY schemaname HAVING count(*) = 3";

async fn exists(db: &Db, sql: &'static str) -> Result<bool, Error> {
    Ok(crate::sql::one(&db.read, sql, []).await?.is_some())
}

/// Applies what is pending, one process at a time, all or nothing. Returns the names of what was applied.
///
/// # Errors
/// [`kernel::Kind::Conflict`] when the database is MAS's or belongs to a newer version; nothing is changed then.
pub async fn migrate(target: &Target) -> Result<Vec<String>, Error> {
    let size = PoolSize { max: 1, ..PoolSize::default() };
    let db = Db::connect(target, size, Arc::new(SystemClock)).await?;
    let before = standing(&db).await;
    db.close();
    let pending = match before? {
        Standing::Current => return Ok(Vec::new()),
        Standing::Pending(names) => names,
        refused => return Err(refusal(&refused)),
    };
    let connection = plain_connection(target).await?;
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let tx = connection.begin_with_options(options).await?;
    if target.engine() == Engine::Postgres {
        // Released at the end of the transaction; the number is arbitrary and ours ("latchkey" in ASCII).
        let lock = Statement::from_string(
            tx.get_database_backend(),
            "SELECT pg_advisory_xact_lock(7809632575411971449)",
        );
        tx.execute_raw(lock).await?;
        tx.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}")).await?;
    }
    let missing = Migrator::get_migration_with_status_read_only(&tx).await;
    let applied: Vec<String> = match missing {
        Ok(all) => all
            .iter()
            .filter(|one| one.status() == MigrationStatus::Pending)
            .map(|one| one.name().to_owned())
            .collect(),
        Err(_) => pending,
    };
    Migrator::up(&tx, None).await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(applied)
}

/// Why a database that is not [`Standing::Current`] cannot be used as it is.
pub fn refusal(standing: &Standing) -> Error {
    use kernel::Kind::Conflict;
    match standing {
        Standing::Current => Error::internal("a current database is no reason to refuse"),
        Standing::Pending(names) => Error::new(
            Conflict,
            format!("the database lacks {} migration(s): run `mas-cli database migrate`", names.len()),
        ),
        Standing::Newer(names) => Error::new(
            Conflict,
            format!(
                "the database was migrated by a newer version (it has {}): upgrade this one",
                names.join(", ")
            ),
        ),
        Standing::Mas => Error::new(
            Conflict,
            "this database holds the tables of matrix-authentication-service. Taking it over is coming in a later \
             version; until then point `database` at another one. Nothing was changed",
        ),
    }
}

/// The migration library wants a connection of its own kind.
async fn plain_connection(target: &Target) -> Result<DatabaseConnection, Error> {
    let opened = match target {
        Target::Sqlite { options, .. } => SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with((**options).clone())
            .await
            .map(SqlxSqliteConnector::from_sqlx_sqlite_pool),
        Target::Postgres(options) => PgPoolOptions::new()
            .max_connections(1)
            .connect_with((**options).clone())
            .await
            .map(SqlxPostgresConnector::from_sqlx_postgres_pool),
    };
    opened.map_err(Error::unavailable)
}
