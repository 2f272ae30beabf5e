//! A database for commands to work on, of the engine that this run of the tests is for.

use std::sync::Arc;

use kernel::SystemClock;
use sea_orm::ConnectionTrait;
use store::{Db, PoolSize, Target};
use testkit::TestDb;

pub struct Database {
    uri: String,
    target: Target,
    /// Goes away with this one, unless somebody else looks after it.
    _own: Option<TestDb>,
}

impl Database {
    /// Without any table.
    pub fn empty() -> Self {
        let own = block_on(TestDb::empty());
        Self { uri: own.uri(), target: own.direct(), _own: Some(own) }
    }

    /// One on a PostgreSQL server that somebody else looks after.
    pub fn at(uri: String) -> Self {
        let target = Target::postgres(uri.parse().expect("an address of PostgreSQL"));
        Self { uri, target, _own: None }
    }

    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Works on the database past the service.
    pub fn with<T>(&self, work: impl AsyncFnOnce(&Db) -> T) -> T {
        block_on(async {
            let db = Db::connect(&self.target, PoolSize::default(), Arc::new(SystemClock)).await.unwrap();
            let done = work(&db).await;
            db.close();
            done
        })
    }

    pub fn execute(&self, sql: &str) {
        self.with(async |db| db.single.execute_unprepared(sql).await.map(drop).unwrap());
    }

    /// The first column of each row, which is to be text.
    pub fn texts(&self, sql: &'static str) -> Vec<String> {
        self.with(async |db| {
            let rows = store::sql::all(&db.read, sql, []).await.unwrap();
            rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
        })
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(work)
}
