//! The database as the rest of the program sees it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use async_trait::async_trait;
use kernel::{Clock, Error};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::Mutex;

use crate::{
    Bell, Engine, PoolSize, Query, Target,
    pool::{self, Pool, Pooled},
};

/// A database: cheap to clone, one per process.
#[derive(Clone)]
pub struct Db {
    pub read: Reader,
    pub single: Writer,
    engine: Engine,
    round_trips: Arc<AtomicU64>,
    bell: Bell,
}

/// Runs single reading statements, each on whichever connection is free.
#[derive(Clone)]
pub struct Reader(Pool, Engine);

/// Runs single writing statements. On SQLite there is one writing connection, so they queue here and not in the file.
#[derive(Clone)]
pub struct Writer(Pool, Engine);

/// A transaction. Only [`Db::write`] makes one.
pub struct Tx {
    connection: Mutex<Option<Pooled>>,
    pool: Pool,
    engine: Engine,
    rings: AtomicBool,
}

impl Db {
    /// Opens the database without changing its schema. On SQLite, creates the file if the URI says `mode=rwc`.
    pub async fn connect(target: &Target, size: PoolSize, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        target
            .prepare()
            .map_err(|cause| Error::unavailable(format!("cannot create the database file: {cause}")))?;
        let engine = target.engine();
        let round_trips = Arc::default();
        let (read, write) = match engine {
            // The writer lives as long as the process: closing the last connection would fold the WAL each time.
            Engine::Sqlite => {
                let forever = PoolSize { idle: None, lifetime: None, ..size };
                let one = PoolSize { max: 1, min: 1, ..forever };
                let write = pool::build(target, false, one, &clock, &round_trips);
                let readers = PoolSize { max: size.max.min(most_readers()), ..forever };
                (pool::build(target, true, readers, &clock, &round_trips), write)
            }
            Engine::Postgres => {
                let both = pool::build(target, false, size, &clock, &round_trips);
                (both.clone(), both)
            }
        };
        // The writer first: it is the one that may put a new file into WAL mode.
        drop(pool::get(&write).await?);
        let mut opened = Vec::new();
        for _ in 0..size.min.min(read.status().max_size) {
            opened.push(pool::get(&read).await?);
        }
        if let (Engine::Postgres, Some(idle)) = (engine, size.idle) {
            let pool = read.clone();
            tokio::spawn(async move {
                while !pool.is_closed() {
                    tokio::time::sleep(idle / 4).await;
                    pool::reap(&pool, idle);
                }
            });
        }
        let bell = Bell::new(match target {
            Target::Sqlite { .. } => None,
            Target::Postgres(options) => Some(options.as_ref().clone()),
        });
        Ok(Self { read: Reader(read, engine), single: Writer(write, engine), engine, round_trips, bell })
    }

    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Round trips made since the database was opened: statements, `BEGIN` and `COMMIT` alike. What preparing a
    /// statement costs at its first use on a connection is not among them.
    pub fn round_trips(&self) -> u64 {
        self.round_trips.load(Relaxed)
    }

    /// What calls the workers of this process.
    pub const fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Runs `work` in one transaction: commits on `Ok`, rolls back on `Err`. Nothing inside it may speak to another
    /// server or hash a password, because a connection (on SQLite, the only writing one) is held all the while.
    pub async fn write<T, E: From<DbErr>>(
        &self,
        work: impl AsyncFnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = self.begin().await?;
        match work(&tx).await {
            Ok(value) => {
                let rings = tx.rings.load(Relaxed);
                tx.end("COMMIT").await?;
                if rings {
                    self.bell.ring();
                }
                Ok(value)
            }
            Err(error) => {
                // The first error is the one that matters; a connection that cannot roll back is not used again.
                let _ = tx.end("ROLLBACK").await;
                Err(error)
            }
        }
    }

    async fn begin(&self) -> Result<Tx, DbErr> {
        let pool = &self.single.0;
        let mut connection = pool::get(pool).await?;
        let begin = match self.engine {
            // Takes the write lock at once: a lock taken later could fail for want of a fresh snapshot.
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        let begun = connection.execute_unprepared(begin).await;
        let connection = Mutex::new(Some(connection));
        let tx = Tx { connection, pool: pool.clone(), engine: self.engine, rings: AtomicBool::new(false) };
        match begun {
            Ok(_) => Ok(tx),
            Err(error) => Err(error),
        }
    }

    /// Closes every connection; later calls fail.
    pub fn close(&self) {
        self.read.0.close();
        self.single.0.close();
    }
}

/// Work that only one process may do at a time, whichever rows it touches. The number is what PostgreSQL knows it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Lock {
    /// Bringing the configuration into the database.
    Synchronise = 7_809_632_575_411_971_450,
    /// Following one version of the policy data by another.
    PolicyData = 7_809_632_575_411_971_451,
}

/// On SQLite a reader is a thread with a page cache of its own, which waits for nothing but the processor: more than a
/// few per core would only take memory.
fn most_readers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (2 * cores).max(4)
}

impl Tx {
    /// Waits until nobody else holds the lock, and keeps it until the transaction ends.
    pub async fn lock(&self, lock: Lock) -> Result<(), DbErr> {
        match self.engine {
            // This transaction is the only one that writes.
            Engine::Sqlite => Ok(()),
            Engine::Postgres => {
                let values = [(lock as i64).into()];
                crate::sql::one(self, "SELECT pg_advisory_xact_lock($1)::text", values).await.map(drop)
            }
        }
    }

    /// Rings the [`Bell`] once the transaction has been committed.
    pub fn ring(&self) {
        self.rings.store(true, Relaxed);
    }

    async fn end(self, how: &str) -> Result<(), DbErr> {
        let connection = self.connection.lock().await.take();
        let Some(mut connection) = connection else { return Ok(()) };
        let ended = connection.execute_unprepared(how).await;
        match ended {
            Ok(_) => {
                pool::give_back(&self.pool, connection);
                Ok(())
            }
            Err(error) => {
                drop(deadpool::managed::Object::take(connection));
                Err(error)
            }
        }
    }
}

/// Dropped before its end (the client went away, or something panicked): the connection is closed, and with it the
/// transaction is rolled back by the database.
impl Drop for Tx {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.get_mut().take() {
            drop(deadpool::managed::Object::take(connection));
        }
    }
}

/// What statements run on: a reader, the writer, a transaction.
#[async_trait]
pub trait Run: ConnectionTrait {
    async fn run(&self, query: Query) -> Result<ExecResult, DbErr>;

    /// Returns the first row.
    async fn run_one(&self, query: Query) -> Result<Option<QueryResult>, DbErr>;

    async fn run_all(&self, query: Query) -> Result<Vec<QueryResult>, DbErr>;

    /// Runs SQL without values: several statements, pragmas.
    async fn run_script(&self, sql: &str) -> Result<ExecResult, DbErr>;

    fn engine(&self) -> Engine;
}

macro_rules! on_any_connection {
    ($($name:ident)*) => {$(
        #[async_trait]
        impl Run for $name {
            async fn run(&self, query: Query) -> Result<ExecResult, DbErr> {
                let mut connection = pool::get(&self.0).await?;
                let result = connection.execute(query).await;
                pool::give_back(&self.0, connection);
                result
            }
            async fn run_one(&self, query: Query) -> Result<Option<QueryResult>, DbErr> {
                let mut connection = pool::get(&self.0).await?;
                let result = connection.query_one(query).await;
                pool::give_back(&self.0, connection);
                result
            }
            async fn run_all(&self, query: Query) -> Result<Vec<QueryResult>, DbErr> {
                let mut connection = pool::get(&self.0).await?;
                let result = connection.query_all(query).await;
                pool::give_back(&self.0, connection);
                result
            }
            async fn run_script(&self, sql: &str) -> Result<ExecResult, DbErr> {
                let mut connection = pool::get(&self.0).await?;
                let result = connection.execute_unprepared(sql).await;
                pool::give_back(&self.0, connection);
                result
            }
            fn engine(&self) -> Engine {
                self.1
            }
        }
    )*};
}

on_any_connection! { Reader Writer }

#[async_trait]
impl Run for Tx {
    async fn run(&self, query: Query) -> Result<ExecResult, DbErr> {
        self.connection.lock().await.as_mut().ok_or_else(ended)?.execute(query).await
    }
    async fn run_one(&self, query: Query) -> Result<Option<QueryResult>, DbErr> {
        self.connection.lock().await.as_mut().ok_or_else(ended)?.query_one(query).await
    }
    async fn run_all(&self, query: Query) -> Result<Vec<QueryResult>, DbErr> {
        self.connection.lock().await.as_mut().ok_or_else(ended)?.query_all(query).await
    }
    async fn run_script(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.connection.lock().await.as_mut().ok_or_else(ended)?.execute_unprepared(sql).await
    }
    fn engine(&self) -> Engine {
        self.engine
    }
}

/// Queries that sea-orm builds run as any others do.
macro_rules! for_sea_orm {
    ($($name:ident)*) => {$(
        #[async_trait]
        impl ConnectionTrait for $name {
            fn get_database_backend(&self) -> DbBackend {
                self.engine().backend()
            }
            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                self.run(statement.into()).await
            }
            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                self.run_script(sql).await
            }
            async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
                self.run_one(statement.into()).await
            }
            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                self.run_all(statement.into()).await
            }
        }
    )*};
}

for_sea_orm! { Reader Writer Tx }

fn ended() -> DbErr {
    DbErr::Custom("the transaction has ended".into())
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("engine", &self.engine).finish_non_exhaustive()
    }
}
