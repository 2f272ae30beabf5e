//! A pool of [`Connection`]s that costs no round trip of its own.

use std::sync::{Arc, atomic::AtomicU64};

use deadpool::{
    Runtime,
    managed::{self, Metrics, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts},
};
use kernel::Clock;
use sea_orm::{DbErr, RuntimeErr};

use crate::{PoolSize, Target, connection::Connection};

pub(crate) type Pool = managed::Pool<Manager>;
pub(crate) type Pooled = managed::Object<Manager>;

pub(crate) struct Manager {
    target: Target,
    read_only: bool,
    clock: Arc<dyn Clock>,
    lifetime: Option<std::time::Duration>,
    round_trips: Arc<AtomicU64>,
}

impl managed::Manager for Manager {
    type Type = Connection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Connection, sqlx::Error> {
        let round_trips = Arc::clone(&self.round_trips);
        // Boxed, because every statement that waits for a connection would otherwise be as large, and is moved about.
        Box::pin(Connection::open(&self.target, self.read_only, self.clock.now(), round_trips)).await
    }

    /// Asks nobody whether the connection is alive: the statement that follows will tell.
    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        let aged = self.lifetime.is_some_and(|most| self.clock.now().since(connection.opened_at) > most);
        if connection.is_sound() && !aged { Ok(()) } else { Err(RecycleError::message("worn out")) }
    }
}

pub(crate) fn build(
    target: &Target,
    read_only: bool,
    size: PoolSize,
    clock: &Arc<dyn Clock>,
    round_trips: &Arc<AtomicU64>,
) -> Pool {
    let manager = Manager {
        target: target.clone(),
        read_only,
        clock: Arc::clone(clock),
        lifetime: size.lifetime,
        round_trips: Arc::clone(round_trips),
    };
    Pool::builder(manager)
        .max_size(size.max.max(1))
        // The one used last has the warmest caches, and those not needed grow old enough to be closed.
        .queue_mode(QueueMode::Lifo)
        .timeouts(Timeouts { wait: Some(size.wait), create: Some(size.wait), recycle: None })
        .runtime(Runtime::Tokio1)
        .build()
        .expect("a runtime is given")
}

/// Closes what has been idle for too long.
pub(crate) fn reap(pool: &Pool, idle: std::time::Duration) {
    pool.retain(|_, metrics| metrics.last_used() < idle);
}

pub(crate) async fn get(pool: &Pool) -> Result<Pooled, DbErr> {
    pool.get().await.map_err(|error| {
        let cause = match error {
            PoolError::Backend(cause) => cause,
            PoolError::Timeout(_) => sqlx::Error::PoolTimedOut,
            _ => sqlx::Error::PoolClosed,
        };
        DbErr::Conn(RuntimeErr::SqlxError(Arc::new(cause)))
    })
}

/// Gives a connection back. When it broke, its idle neighbours are most likely broken too (the server restarted):
/// dropping them all means that one request fails and not one per connection.
pub(crate) fn give_back(pool: &Pool, connection: Pooled) {
    if connection.is_broken() {
        drop(managed::Object::take(connection));
        pool.retain(|_, _| false);
    }
}
