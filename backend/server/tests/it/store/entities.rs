//! The entities of `store::tables` say what the databases have, column by column.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, ColumnType, EntityTrait, Iterable};
use store::{Engine, tables};
use testkit::{TestDb, engine};

/// Name, nullability and kind of each column, as `name kind` or `name kind null`.
type Columns = BTreeSet<String>;

async fn in_the_database(db: &TestDb, table: &str) -> Columns {
    let query = match engine() {
        Engine::Sqlite => format!(
            "SELECT name || ' ' || lower(type) || CASE WHEN \"notnull\" = 1 OR pk > 0 THEN '' ELSE ' null' END \
             FROM pragma_table_info('{table}')"
        ),
        Engine::Postgres => format!(
            "SELECT column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END \
             FROM information_schema.columns WHERE table_schema = 'latchkey' AND table_name = '{table}'"
        ),
    };
    db.texts(&query).await.iter().map(|column| kind_of(column)).collect()
}

/// The engines' words, reduced to what the entities tell apart.
fn kind_of(column: &str) -> String {
    let (name, kind) = column.split_once(' ').unwrap();
    let (kind, null) = match kind.strip_suffix(" null") {
        Some(kind) => (kind, " null"),
        None => (kind, ""),
    };
    let kind = match kind {
        "bigint" | "integer" => "integer",
        "jsonb" => "json",
        "bytea" | "blob" => "bytes",
        other => other,
    };
    format!("{name} {kind}{null}")
}

/// SQLite keeps ids as bytes, JSON as text and truth as a number.
fn in_the_entity<E: EntityTrait>(_: E) -> (String, Columns) {
    let sqlite = engine() == Engine::Sqlite;
    let column = |column: E::Column| {
        let def = column.def();
        let kind = match def.get_column_type() {
            ColumnType::BigInteger | ColumnType::Integer => "integer",
            ColumnType::String(_) | ColumnType::Text => "text",
            ColumnType::Boolean if sqlite => "integer",
            ColumnType::Boolean => "boolean",
            ColumnType::Uuid if sqlite => "bytes",
            ColumnType::Uuid => "uuid",
            ColumnType::Json | ColumnType::JsonBinary if sqlite => "text",
            ColumnType::Json | ColumnType::JsonBinary => "json",
            ColumnType::Blob | ColumnType::VarBinary(_) | ColumnType::Binary(_) => "bytes",
            other => panic!("{other:?} is a column type that this test does not know"),
        };
        let name = sea_orm::IdenStatic::as_str(&column).to_owned();
        format!("{name} {kind}{}", if def.is_null() { " null" } else { "" })
    };
    (E::default().table_name().to_owned(), E::Column::iter().map(column).collect())
}

#[tokio::test]
async fn entities_and_database_agree() {
    let db = TestDb::new().await;
    let entities = [
        in_the_entity(tables::audit_events::Entity),
        in_the_entity(tables::authenticators::Entity),
        in_the_entity(tables::authorization_grants::Entity),
        in_the_entity(tables::browser_sessions::Entity),
        in_the_entity(tables::changes::Entity),
        in_the_entity(tables::compat_sso_logins::Entity),
        in_the_entity(tables::consents::Entity),
        in_the_entity(tables::device_grants::Entity),
        in_the_entity(tables::jobs::Entity),
        in_the_entity(tables::oauth_clients::Entity),
        in_the_entity(tables::sessions::Entity),
        in_the_entity(tables::token_pairs::Entity),
        in_the_entity(tables::user_emails::Entity),
        in_the_entity(tables::users::Entity),
    ];
    let mut differences = BTreeMap::new();
    for (table, entity) in entities {
        let database = in_the_database(&db, &table).await;
        let different: Vec<_> = entity.symmetric_difference(&database).cloned().collect();
        if !different.is_empty() {
            differences.insert(table, different);
        }
    }
    assert!(differences.is_empty(), "in one of the two only: {differences:#?}");
}
