//! A database for commands to work on, of the engine that this run of the tests is for.

use std::sync::Arc;

use kernel::SystemClock;
use store::{Db, PoolSize};
use testkit::TestDb;

pub struct Database {
    database: TestDb,
    uri: String,
}

impl Database {
    /// Without any table.
    pub fn empty() -> Self {
        let database = block_on(TestDb::empty());
        Self { uri: database.uri(), database }
    }

    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Works on the database past the service.
    pub fn with<T>(&self, work: impl AsyncFnOnce(&Db) -> T) -> T {
        block_on(async {
            let target = self.database.direct();
            let db = Db::connect(&target, PoolSize::default(), Arc::new(SystemClock)).await.unwrap();
            let done = work(&db).await;
            db.close();
            done
        })
    }

    pub fn execute(&self, sql: &str) {
        block_on(self.database.execute(sql));
    }

    /// The first column of each row, which is to be text.
    pub fn texts(&self, sql: &'static str) -> Vec<String> {
        block_on(self.database.texts(sql))
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(work)
}
