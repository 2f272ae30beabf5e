//! A database for commands to work on, of the engine that this run of the tests is for.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use kernel::{
    SystemClock,
    config::{DatabaseTarget, PostgresTarget},
};
use store::{ConnectionTrait, Db, PoolSize, Target};

pub struct Database {
    uri: String,
    /// The name on the server, and the server's maintenance database.
    on_server: Option<(String, String)>,
}

impl Database {
    /// Without any table; on SQLite, a file in `folder` that does not exist yet.
    pub fn empty(folder: &std::path::Path) -> Self {
        match std::env::var("LATCHKEY_TEST_ENGINE").as_deref() {
            Err(_) | Ok("sqlite") => Self {
                uri: format!("sqlite://{}?mode=rwc", folder.join("test.db").display()),
                on_server: None,
            },
            Ok("postgres") => Self::on_server(),
            Ok(other) => panic!("LATCHKEY_TEST_ENGINE is {other:?}: it must be sqlite or postgres"),
        }
    }

    /// One that somebody else looks after.
    pub fn at(uri: String) -> Self {
        Self { uri, on_server: None }
    }

    fn on_server() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("LATCHKEY_TEST_POSTGRES").expect("scripts/with-postgres sets it");
        let name = format!("cli_{}_{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
        execute(&server, &format!("CREATE DATABASE {name}"));
        let (address, _) = server.rsplit_once('/').expect("an address with a database");
        Self { uri: format!("{address}/{name}"), on_server: Some((name, server)) }
    }

    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Works on the database past the service.
    pub fn with<T>(&self, work: impl AsyncFnOnce(&Db) -> T) -> T {
        with(&self.uri, work)
    }

    pub fn execute(&self, sql: &str) {
        execute(&self.uri, sql);
    }

    /// The first column of each row, which is to be text.
    pub fn texts(&self, sql: &'static str) -> Vec<String> {
        with(&self.uri, async |db| {
            let rows = store::sql::all(&db.read, sql, []).await.unwrap();
            rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((name, server)) = &self.on_server {
            execute(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn execute(uri: &str, sql: &str) {
    with(uri, async |db| db.single.execute_unprepared(sql).await.map(drop).unwrap());
}

fn with<T>(uri: &str, work: impl AsyncFnOnce(&Db) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let target = if uri.starts_with("sqlite:") {
            DatabaseTarget::Sqlite { uri: uri.to_owned() }
        } else {
            DatabaseTarget::Postgres(Box::new(PostgresTarget {
                uri: Some(uri.to_owned().into()),
                host: None,
                port: None,
                socket: None,
                username: None,
                password: None,
                database: None,
                ssl_mode: None,
                ssl_ca: None,
                ssl_certificate: None,
                ssl_key: None,
            }))
        };
        let target = Target::of(&target).unwrap();
        let db = Db::connect(&target, PoolSize::default(), Arc::new(SystemClock)).await.unwrap();
        let done = work(&db).await;
        db.close();
        done
    })
}
