//! SIGTERM and SIGINT: the first asks to stop, the second insists.

use std::time::Duration;

use kernel::{Error, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long open connections may take to end.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn install() -> Result<Self> {
        let on = |kind| signal(kind).map_err(Error::internal);
        Ok(Self { terminate: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits for the signal to stop, then for the tasks to end, within reason.
    pub async fn drain(mut self, stop: CancellationToken, tasks: TaskTracker) {
        self.next().await;
        tracing::info!("Stopping: no new connections are accepted, open requests are finished");
        stop.cancel();
        tasks.close();
        tokio::select! {
            () = tasks.wait() => {}
            () = self.next() => tracing::warn!("Stopping at once: open connections are dropped"),
            () = tokio::time::sleep(PATIENCE) => tracing::warn!("Stopping although connections are still open"),
        }
        tracing::info!("Stopped");
    }
}
