//! One connection of either engine, and how a statement is run on it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use kernel::Timestamp;
use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor as _, PgConnection, SqlSafeStr as _, SqlStr, SqliteConnection,
    sqlite::SqliteConnectOptions,
};

use crate::{Target, usage};

pub(crate) struct Connection {
    raw: Raw,
    /// Set while a statement runs: a request that is dropped then leaves the connection in an unknown state.
    busy: bool,
    /// The other side is gone.
    broken: bool,
    pub(crate) opened_at: Timestamp,
    /// Of all connections of the database.
    round_trips: Arc<AtomicU64>,
}

enum Raw {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

macro_rules! on {
    ($conn:expr, $raw:ident => $work:expr) => {
        match &mut $conn.raw {
            Raw::Sqlite($raw) => $work,
            Raw::Postgres($raw) => $work,
        }
    };
}

/// A statement on its way to the driver. Neither the text nor the values are copied there.
pub struct Query {
    sql: SqlStr,
    values: Values,
}

impl Query {
    /// Of text that never changes, so that the prepared statement is always found again.
    pub fn fixed(sql: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.into_sql_str(), values: Values(values.into_iter().collect()) }
    }

    fn of<DB>(self) -> sqlx::query::Query<'static, DB, SqlxValues>
    where
        DB: sqlx::Database,
        SqlxValues: sqlx::IntoArguments<DB>,
    {
        sqlx::query_with(self.sql, SqlxValues(self.values))
    }
}

impl From<Statement> for Query {
    fn from(Statement { sql, values, .. }: Statement) -> Self {
        Self { sql: AssertSqlSafe(sql).into_sql_str(), values: values.unwrap_or(Values(Vec::new())) }
    }
}

/// How often a file that others hold is tried again, and after what time: ten seconds, as long as statements wait.
const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// Processes that start together on a new file all want to give it its write-ahead log, for which SQLite, unlike elsewhere, makes
/// nobody wait: all but one are told at once that it is locked.
async fn open_sqlite(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let is_locked = |error: &sqlx::Error| {
        error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "5")
    };
    for _ in 1..TRIES {
        match options.connect().await {
            Err(error) if is_locked(&error) => tokio::time::sleep(PAUSE).await,
            opened => return opened,
        }
    }
    options.connect().await
}

impl Connection {
    pub(crate) async fn open(
        target: &Target,
        read_only: bool,
        now: Timestamp,
        round_trips: Arc<AtomicU64>,
    ) -> Result<Self, sqlx::Error> {
        let raw = match target {
            Target::Sqlite { options, .. } => {
                let mut raw = open_sqlite(&options.clone().disable_statement_logging()).await?;
                if read_only {
                    // Half of SQLite's usual 2 MB: each has a cache of its own, and the system caches the file for all.
                    raw.execute("PRAGMA query_only = ON; PRAGMA cache_size = -1000").await?;
                }
                Raw::Sqlite(Box::new(raw))
            }
            Target::Postgres(options) => {
                Raw::Postgres(Box::new(options.clone().disable_statement_logging().connect().await?))
            }
        };
        Ok(Self { raw, busy: false, broken: false, opened_at: now, round_trips })
    }

    /// Whether the next one may use it.
    pub(crate) const fn is_sound(&self) -> bool {
        !self.busy && !self.broken
    }

    pub(crate) const fn is_broken(&self) -> bool {
        self.broken
    }

    pub(crate) async fn execute(&mut self, query: Query) -> Result<ExecResult, DbErr> {
        let timer = self.begin();
        let result = on!(self, raw => raw.execute(query.of()).await.map(ExecResult::from));
        self.finish(timer, 0, result).map_err(DbErr::Exec)
    }

    /// Runs SQL without values: several statements, pragmas, transaction control.
    pub(crate) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let timer = self.begin();
        let result = on!(self, raw => raw.execute(AssertSqlSafe(sql)).await.map(ExecResult::from));
        self.finish(timer, 0, result).map_err(DbErr::Exec)
    }

    pub(crate) async fn query_one(&mut self, query: Query) -> Result<Option<QueryResult>, DbErr> {
        let timer = self.begin();
        let result =
            on!(self, raw => raw.fetch_optional(query.of()).await.map(|row| row.map(QueryResult::from)));
        let rows = usize::from(matches!(result, Ok(Some(_))));
        self.finish(timer, rows, result).map_err(DbErr::Query)
    }

    pub(crate) async fn query_all(&mut self, query: Query) -> Result<Vec<QueryResult>, DbErr> {
        let timer = self.begin();
        let result = on!(self, raw => {
            let rows = raw.fetch_all(query.of()).await;
            rows.map(|rows| rows.into_iter().map(QueryResult::from).collect::<Vec<_>>())
        });
        let rows = result.as_ref().map_or(0, Vec::len);
        self.finish(timer, rows, result).map_err(DbErr::Query)
    }

    fn begin(&mut self) -> tokio::time::Instant {
        self.busy = true;
        tokio::time::Instant::now()
    }

    fn finish<T>(
        &mut self,
        timer: tokio::time::Instant,
        rows: usize,
        result: Result<T, sqlx::Error>,
    ) -> Result<T, RuntimeErr> {
        let time = timer.elapsed();
        self.round_trips.fetch_add(1, Relaxed);
        usage::record(rows, time);
        if time > Duration::from_millis(100) {
            tracing::warn!(elapsed_ms = time.as_millis(), rows, "slow statement");
        }
        self.busy = false;
        result.map_err(|error| {
            self.broken |= !matches!(
                error,
                sqlx::Error::Database(_)
                    | sqlx::Error::RowNotFound
                    | sqlx::Error::Decode(_)
                    | sqlx::Error::Encode(_)
                    | sqlx::Error::ColumnDecode { .. }
            ) || ended_by_server(&error);
            RuntimeErr::SqlxError(Arc::new(error))
        })
    }
}

/// PostgreSQL says goodbye with a class 57 error before it closes (shutdown, crash, termination by an operator).
fn ended_by_server(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(refusal) if refusal.code().is_some_and(|code| code.starts_with("57P")))
}
