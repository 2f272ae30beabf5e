//! A database per test, copied from one that was migrated once per test process.

mod postgres;
mod proxy;
mod sqlite;

use std::{sync::Arc, thread, time::Duration};

use kernel::{Clock, Timestamp};
use sqlx::{AssertSqlSafe, SqliteConnection};
use store::{Db, Engine, PoolSize, Target};

use postgres::Postgres;
use proxy::Proxy;
use sqlite::Sqlite;

/// The engine that this run of the tests is for.
pub fn engine() -> Engine {
    match std::env::var("LATCHKEY_TEST_ENGINE").as_deref() {
        Err(_) | Ok("sqlite") => Engine::Sqlite,
        Ok("postgres") => Engine::Postgres,
        Ok(other) => panic!("LATCHKEY_TEST_ENGINE is {other:?}: it must be sqlite or postgres"),
    }
}

/// A database that goes away with the test.
pub struct TestDb(Kind);

enum Kind {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl TestDb {
    /// A migrated one.
    pub async fn new() -> Self {
        Self(match engine() {
            Engine::Sqlite => Kind::Sqlite(Sqlite::migrated().await),
            Engine::Postgres => Kind::Postgres(Postgres::migrated().await),
        })
    }

    /// One without any table.
    pub async fn empty() -> Self {
        Self(match engine() {
            Engine::Sqlite => Kind::Sqlite(Sqlite::empty()),
            Engine::Postgres => Kind::Postgres(Postgres::empty().await),
        })
    }

    /// How the service reaches it; on PostgreSQL through a proxy that counts.
    pub fn target(&self) -> Target {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.target(),
            Kind::Postgres(postgres) => postgres.target(),
        }
    }

    /// Its address for another process, in the form of `database.uri`; past the proxy.
    pub fn uri(&self) -> String {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.uri(),
            Kind::Postgres(postgres) => postgres.uri(),
        }
    }

    /// As [`Self::target`], past the proxy.
    pub fn direct(&self) -> Target {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.target(),
            Kind::Postgres(postgres) => postgres.direct(),
        }
    }

    /// Connections that never grow old, so that no test depends on how far it moves the clock, and that soon give up
    /// on a lock which somebody else holds.
    pub async fn open(&self, clock: Arc<dyn Clock>) -> Db {
        let target = match self.target() {
            Target::Sqlite { options, create } => {
                let options = Box::new(options.busy_timeout(Duration::from_millis(300)));
                Target::Sqlite { options, create }
            }
            postgres => postgres,
        };
        let size = PoolSize { idle: None, lifetime: None, ..PoolSize::default() };
        Db::connect(&target, size, clock).await.expect("the test's database opens")
    }

    /// Round trips seen on the wire; `None` on SQLite, which has none.
    pub fn wire_round_trips(&self) -> Option<u64> {
        match &self.0 {
            Kind::Sqlite(_) => None,
            Kind::Postgres(postgres) => Some(postgres.proxy.round_trips()),
        }
    }

    /// Takes the database away until the guard is dropped: on PostgreSQL every connection breaks and no new one
    /// succeeds, on SQLite somebody else holds the write lock.
    pub async fn gone(&self) -> Gone {
        match &self.0 {
            Kind::Sqlite(sqlite) => Gone { proxy: None, _lock: Some(sqlite.locked().await) },
            Kind::Postgres(postgres) => {
                postgres.proxy.cut();
                Gone { proxy: Some(Arc::clone(&postgres.proxy)), _lock: None }
            }
        }
    }

    /// Runs SQL past the service, as an operator with a database shell might.
    pub async fn execute(&self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let done = match &self.0 {
            Kind::Sqlite(sqlite) => sql.execute(&mut sqlite.shell().await).await.map(drop),
            Kind::Postgres(postgres) => sql.execute(&mut postgres.shell().await).await.map(drop),
        };
        done.expect("the statement runs");
    }

    /// The rows of a query whose one column is text, read past the service.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        let texts = match &self.0 {
            Kind::Sqlite(sqlite) => sqlx::query_scalar(sql).fetch_all(&mut sqlite.shell().await).await,
            Kind::Postgres(postgres) => sqlx::query_scalar(sql).fetch_all(&mut postgres.shell().await).await,
        };
        texts.expect("the query runs")
    }

    /// The queues of jobs that are due. Blocks, since it is asked when a test ends.
    pub(crate) fn due_jobs(&self, now: Timestamp) -> Vec<String> {
        let sql = format!(
            "SELECT queue FROM jobs WHERE completed_at IS NULL AND failed_at IS NULL AND run_at <= {}",
            now.0
        );
        elsewhere(self.texts(&sql))
    }
}

/// See [`TestDb::gone`].
pub struct Gone {
    proxy: Option<Arc<Proxy>>,
    _lock: Option<SqliteConnection>,
}

impl Drop for Gone {
    fn drop(&mut self) {
        if let Some(proxy) = &self.proxy {
            proxy.mend();
        }
    }
}

/// Waits for a future where no runtime may be blocked: in a destructor.
fn elsewhere<T: Send>(work: impl Future<Output = T> + Send) -> T {
    thread::scope(|scope| {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime starts").block_on(work)
        };
        scope.spawn(run).join().expect("a destructor's work does not panic")
    })
}
