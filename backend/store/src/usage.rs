//! What an operation asks of the database: round trips and time, for the request log and for the budgets in tests.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

tokio::task_local! {
    static CURRENT: Arc<Usage>;
}

#[derive(Debug, Default)]
pub struct Usage {
    statements: AtomicU32,
    rows: AtomicU32,
    micros: AtomicU64,
}

impl Usage {
    /// Round trips: statements, `BEGIN` and `COMMIT` alike.
    pub fn statements(&self) -> u32 {
        self.statements.load(Relaxed)
    }

    pub fn rows(&self) -> u32 {
        self.rows.load(Relaxed)
    }

    pub fn time(&self) -> Duration {
        Duration::from_micros(self.micros.load(Relaxed))
    }
}

/// Runs `work`, counting into `usage` what it does on this task.
pub async fn measured<T>(usage: Arc<Usage>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(usage, work).await
}

/// Has `work`, which is about to run on another task, count into what this task counts into.
pub fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let usage = CURRENT.try_with(Arc::clone).unwrap_or_default();
    CURRENT.scope(usage, work)
}

pub(crate) fn record(rows: usize, time: Duration) {
    let _ = CURRENT.try_with(|usage| {
        usage.statements.fetch_add(1, Relaxed);
        usage.rows.fetch_add(u32::try_from(rows).unwrap_or(u32::MAX), Relaxed);
        usage.micros.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Relaxed);
    });
}
