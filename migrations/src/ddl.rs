//! Column types by engine.

use sea_orm_migration::{
    SchemaManager,
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

/// What a word in braces stands for: (word, SQLite, PostgreSQL).
///
/// `id` is 16 bytes (the bits of a ULID), `time` microseconds since 1970, `seq` a number that only grows.
const TYPES: [(&str, &str, &str); 7] = [
    ("{id}", "BLOB", "uuid"),
    ("{bytes}", "BLOB", "bytea"),
    ("{time}", "INTEGER", "bigint"),
    ("{int}", "INTEGER", "bigint"),
    ("{bool}", "INTEGER", "boolean"),
    ("{json}", "TEXT", "jsonb"),
    ("{seq}", "INTEGER PRIMARY KEY AUTOINCREMENT", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
];

/// Runs the statements of a migration, in order.
pub async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let mut sql = sql.to_owned();
    for (word, on_sqlite, on_postgres) in TYPES {
        sql = sql.replace(word, if sqlite { on_sqlite } else { on_postgres });
    }
    // STRICT makes SQLite refuse values of the wrong type, as PostgreSQL always does.
    sql = sql.replace("\n);", if sqlite { "\n) STRICT;" } else { "\n);" });
    db.execute_unprepared(&sql).await.map(drop)
}

/// Runs the statements on this engine only, as they are.
pub async fn only(manager: &SchemaManager<'_>, engine: DbBackend, sql: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if db.get_database_backend() == engine {
        db.execute_unprepared(sql).await?;
    }
    Ok(())
}
