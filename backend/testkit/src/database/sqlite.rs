//! SQLite: a file per test, written from a template that is kept in memory.

use std::path::PathBuf;

use sqlx::{Connection, SqliteConnection};
use store::Target;
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub(super) struct Sqlite {
    folder: TempDir,
}

impl Sqlite {
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub async fn migrated() -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(template).await;
        let sqlite = Self::empty();
        std::fs::write(sqlite.file(), template).expect("the copy is written");
        sqlite
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    pub fn uri(&self) -> String {
        format!("sqlite://{}", self.file().display())
    }

    pub fn target(&self) -> Target {
        Target::sqlite(&self.uri()).expect("a plain path")
    }

    pub async fn shell(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.uri()).await.expect("the file opens")
    }

    pub async fn locked(&self) -> SqliteConnection {
        let mut connection = self.shell().await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.expect("nobody else is writing");
        connection
    }
}

async fn template() -> Vec<u8> {
    let scratch = Sqlite::empty();
    store::migrate(&scratch.target()).await.expect("the migrations apply");
    let copy = scratch.folder.path().join("template.db");
    let mut connection = scratch.shell().await;
    sqlx::query("VACUUM INTO $1")
        .bind(copy.display().to_string())
        .execute(&mut connection)
        .await
        .expect("copies");
    connection.close().await.expect("closes");
    std::fs::read(copy).expect("the copy is there")
}
