//! The bell that calls workers when a job may be waiting.
//!
//! It is a hint and no more: a worker also looks by itself every second, so that a ring which is lost (a process on the
//! same SQLite file, a connection pooler that does not pass notifications on) costs a second and nothing else.

use std::{sync::Arc, time::Duration};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::sync::Notify;

/// The trigger on `jobs` sends to it (`migrations/src/m20261122_queue.rs`).
const CHANNEL: &str = "latchkey_jobs";
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Cheap to clone; all clones are one bell.
#[derive(Clone, Default)]
pub struct Bell {
    here: Arc<Notify>,
    /// Where other processes ring.
    elsewhere: Option<Arc<PgConnectOptions>>,
}

impl Bell {
    pub(crate) fn new(elsewhere: Option<PgConnectOptions>) -> Self {
        Self { here: Arc::default(), elsewhere: elsewhere.map(Arc::new) }
    }

    /// Calls one worker of this process; if none is waiting, the next one that does is called at once.
    pub fn ring(&self) {
        self.here.notify_one();
    }

    /// Returns when the bell has been rung since this was last called.
    pub async fn rung(&self) {
        self.here.notified().await;
    }

    /// Rings whenever another process has enqueued a job. Never returns; whoever runs it drops it. On PostgreSQL it
    /// holds a connection of its own, which is not one of the pool's; on SQLite there is nothing to listen to.
    pub async fn relay(&self) {
        let Some(options) = &self.elsewhere else { return std::future::pending().await };
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.as_ref().clone());
        loop {
            if let Err(error) = self.listen(&pool).await {
                tracing::debug!(%error, "Nobody tells of new jobs: they are looked for every second");
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Until the connection cannot be had again.
    async fn listen(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            // `None`: the connection was lost, and with it perhaps a ring; the next call makes a new one.
            listener.try_recv().await?;
            self.ring();
        }
    }
}
