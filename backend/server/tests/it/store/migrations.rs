//! Migrations: once, whoever comes first, and never over somebody else's tables.

use std::sync::Arc;

use kernel::{Kind, SystemClock};
use store::{Engine, Standing, migrate, standing};
use testkit::{TestDb, engine};

async fn where_it_stands(db: &TestDb) -> Standing {
    standing(&db.open(Arc::new(SystemClock)).await).await.unwrap()
}

#[tokio::test]
async fn an_empty_database_is_migrated_and_a_second_time_changes_nothing() {
    let db = TestDb::empty().await;
    assert!(matches!(where_it_stands(&db).await, Standing::Pending(names) if !names.is_empty()));
    let applied = migrate(&db.target()).await.unwrap();
    assert!(!applied.is_empty());
    assert_eq!(where_it_stands(&db).await, Standing::Current);
    assert_eq!(migrate(&db.target()).await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_start_at_once() {
    let db = TestDb::empty().await;
    let tasks: Vec<_> = (0..5)
        .map(|_| {
            let target = db.target();
            tokio::spawn(async move { migrate(&target).await })
        })
        .collect();
    let mut applied = Vec::new();
    for task in tasks {
        applied.extend(task.await.unwrap().unwrap());
    }
    let mut once = applied.clone();
    once.sort();
    once.dedup();
    assert_eq!(applied.len(), once.len(), "each migration was applied by one of them");
    assert_eq!(where_it_stands(&db).await, Standing::Current);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let db = TestDb::new().await;
    db.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_later', 0)").await;
    assert_eq!(where_it_stands(&db).await, Standing::Newer(vec!["m29990101_later".into()]));
    let error = migrate(&db.target()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Conflict);
    assert!(error.public.contains("m29990101_later"), "{error}");
}

#[tokio::test]
async fn a_database_of_mas_is_recognised_and_left_as_it_is() {
    if engine() == Engine::Sqlite {
        return; // MAS knows PostgreSQL only
    }
    for schema in ["public", "mas"] {
        let db = TestDb::empty().await;
        let mut made = format!("CREATE SCHEMA IF NOT EXISTS {schema};");
        for table in ["compat_sessions", "oauth2_sessions", "upstream_oauth_links"] {
            made.push_str(&format!("CREATE TABLE {schema}.{table} (id uuid PRIMARY KEY);"));
        }
        db.execute(&made).await;
        let tables = "SELECT schemaname || '.' || tablename FROM pg_tables ORDER BY 1";
        let before = db.texts(tables).await;
        assert_eq!(where_it_stands(&db).await, Standing::Mas);
        let error = migrate(&db.target()).await.unwrap_err();
        assert_eq!(error.kind, Kind::Conflict);
        assert!(error.public.contains("Nothing was changed"), "{error}");
        assert_eq!(db.texts(tables).await, before);
        let schemas = "SELECT nspname::text FROM pg_namespace WHERE nspname = 'latchkey'";
        assert_eq!(db.texts(schemas).await.len(), 0);
    }
}

#[tokio::test]
async fn tables_that_only_resemble_those_of_mas_do_not_matter() {
    if engine() == Engine::Sqlite {
        return; // MAS knows PostgreSQL only
    }
    let db = TestDb::empty().await;
    db.execute("CREATE TABLE public.compat_sessions (id uuid); CREATE TABLE public.users (id uuid)").await;
    assert!(!migrate(&db.target()).await.unwrap().is_empty());
    assert_eq!(where_it_stands(&db).await, Standing::Current);
}
