//! PostgreSQL: a database per test, created from a template that was migrated once per test process.

use std::{
    collections::VecDeque,
    mem,
    path::Path,
    process,
    str::FromStr,
    sync::{
        Arc, LazyLock, Mutex as StdMutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, Row,
    postgres::{PgConnectOptions, PgSslMode},
};
use store::{Target, target::SCHEMA};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Mutex, OnceCell},
};

use super::proxy::Proxy;

const PREFIX: &str = "latchkey_test_";

pub(super) struct Postgres {
    name: String,
    pub proxy: Arc<Proxy>,
}

impl Postgres {
    pub async fn empty() -> Self {
        Self::create("template0").await
    }

    pub async fn migrated() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        Self::create(TEMPLATE.get_or_init(template).await).await
    }

    async fn create(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{PREFIX}{}_{}", process::id(), COUNT.fetch_add(1, Relaxed));
        drop_left().await;
        // PostgreSQL 15's default would write the whole template to its log.
        maintain(format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await;
        let server = server();
        let host = server.get_host().to_owned();
        let proxy = Proxy::start(host, server.get_port()).await;
        Self { name, proxy: Arc::new(proxy) }
    }

    pub fn target(&self) -> Target {
        let port = self.proxy.address().port();
        Target::postgres(server().database(&self.name).host("127.0.0.1").port(port))
    }

    pub fn direct(&self) -> Target {
        Target::postgres(server().database(&self.name))
    }

    pub fn uri(&self) -> String {
        let address = address();
        let (server, _) = address.rsplit_once('/').expect("an address with a database");
        format!("{server}/{}", self.name)
    }

    /// Past the proxy, so that it neither counts nor is cut.
    pub async fn shell(&self) -> PgConnection {
        let options = server().database(&self.name).options([("search_path", SCHEMA)]);
        PgConnection::connect_with(&options).await.unwrap_or_else(|error| refuse(&error))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        LEFT.lock().expect("nobody panics with it").push_back(mem::take(&mut self.name));
    }
}

/// Databases that no test has any more.
static LEFT: StdMutex<VecDeque<String>> = StdMutex::new(VecDeque::new());

/// Drops what is left, but for the last few: connections take a moment to close, and where somebody is still connected, dropping waits a
/// tenth of a second.
async fn drop_left() {
    const STILL_CLOSING: usize = 8;
    let oldest = || {
        let mut left = LEFT.lock().expect("nobody panics with it");
        if left.len() > STILL_CLOSING { left.pop_front() } else { None }
    };
    while let Some(name) = oldest() {
        maintain(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
}

/// The name of the template. Statics are never dropped, so each process removes what those that ended have left.
async fn template() -> String {
    let mut connection = connect().await;
    let left = sqlx::query("SELECT datname::text FROM pg_database WHERE datname LIKE 'latchkey\\_test\\_%'");
    for row in left.fetch_all(&mut connection).await.expect("pg_database can be read") {
        let name: String = row.get(0);
        let owner = name.trim_start_matches(PREFIX).split('_').next().unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            // Another process may be cleaning up as well.
            let _ = sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await;
        }
    }
    let name = format!("{PREFIX}{}_template", process::id());
    maintain(format!("CREATE DATABASE {name} TEMPLATE template0")).await;
    store::migrate(&Target::postgres(server().database(&name))).await.expect("the migrations apply");
    name
}

/// Through one connection, since each costs the server a process. It lives in a runtime of its own, which does not end with a test.
async fn maintain(sql: String) {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime starts")
    });
    static CONNECTION: OnceCell<Mutex<PgConnection>> = OnceCell::const_new();

    let work = async move {
        let connection = CONNECTION.get_or_init(|| async { Mutex::new(connect().await) }).await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut *connection.lock().await).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    RUNTIME.spawn(work).await.expect("the statement runs");
}

async fn connect() -> PgConnection {
    PgConnection::connect_with(&server()).await.unwrap_or_else(|error| refuse(&error))
}

fn refuse(error: &sqlx::Error) -> ! {
    panic!("PostgreSQL, as LATCHKEY_TEST_POSTGRES tells of it, cannot be reached: {error}")
}

fn address() -> String {
    std::env::var("LATCHKEY_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "LATCHKEY_TEST_ENGINE is postgres, but LATCHKEY_TEST_POSTGRES is not set: run the tests by \
             `scripts/with-postgres`, or set it to the address of a superuser's database"
        )
    })
}

/// Without TLS, since the proxy must be able to read along.
fn server() -> PgConnectOptions {
    let options = PgConnectOptions::from_str(&address());
    options.expect("LATCHKEY_TEST_POSTGRES is a postgres:// address").ssl_mode(PgSslMode::Disable)
}
