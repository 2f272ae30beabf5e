//! The life of a command that runs until it is told to stop: signals, the service manager, and an orderly end.

mod signals;
mod systemd;

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use kernel::Result;
use sd_notify::NotifyState;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use signals::{Asked, Signals};

/// How long open connections and running jobs may take to end.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Process {
    signals: Signals,
    stop: CancellationToken,
    tasks: TaskTracker,
    connections: TaskTracker,
    failed: Arc<AtomicBool>,
}

impl Process {
    /// To be called first, so that a signal during the start is not lost.
    pub fn begin() -> Result<Self> {
        let signals = Signals::install()?;
        systemd::tell(&[NotifyState::MainPid(std::process::id())]);
        Ok(Self {
            signals,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            connections: TaskTracker::new(),
            failed: Arc::default(),
        })
    }

    /// Cancelled when the process is to stop.
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Where connections are counted: each one ends soon after `stop`.
    pub fn connections(&self) -> TaskTracker {
        self.connections.clone()
    }

    /// Runs a part that ends at `stop`. If it ends earlier the process is of no use any more, and stops as a failure.
    pub fn run(&self, name: &'static str, part: impl Future<Output = ()> + Send + 'static) {
        let (stop, failed) = (self.stop.clone(), Arc::clone(&self.failed));
        self.tasks.spawn(async move {
            let ended = tokio::spawn(part).await;
            if !stop.is_cancelled() {
                let why =
                    ended.err().map_or_else(|| "it ended by itself".to_owned(), |error| error.to_string());
                tracing::warn!(why, "The {name} has stopped unexpectedly: shutting down");
                failed.store(true, Relaxed);
                stop.cancel();
            }
        });
    }

    /// Tells the service manager that all is up, and returns when all has ended.
    pub async fn live(mut self) -> ExitCode {
        systemd::tell(&[NotifyState::Ready]);
        let watchdog = tokio::spawn(systemd::watchdog());
        self.wait().await;
        systemd::tell(&[NotifyState::Stopping]);
        self.stop.cancel();
        self.drain().await;
        watchdog.abort();
        tracing::info!("Stopped");
        if self.failed.load(Relaxed) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    async fn wait(&mut self) {
        loop {
            let asked = tokio::select! {
                () = self.stop.cancelled() => return,
                asked = self.signals.next() => asked,
            };
            match asked {
                Asked::Stop => {
                    tracing::info!("Stopping: no new connections are accepted, open requests are finished");
                    return;
                }
                Asked::Reload => {
                    systemd::reloading();
                    tracing::info!(
                        "Asked to reload: pages and texts are built in, and a changed configuration needs a restart"
                    );
                    systemd::tell(&[NotifyState::Ready]);
                }
            }
        }
    }

    async fn drain(&mut self) {
        self.tasks.close();
        self.connections.close();
        if !self.connections.is_empty() {
            tracing::info!(connections = self.connections.len(), "Waiting for open connections");
        }
        let (tasks, connections) = (self.tasks.clone(), self.connections.clone());
        let all = async { tokio::join!(tasks.wait(), connections.wait()) };
        tokio::select! {
            _ = all => {}
            () = self.signals.stop() => tracing::warn!("Stopping at once: open connections are dropped"),
            () = tokio::time::sleep(PATIENCE) => {
                tracing::warn!("Stopping although something is still running: it is dropped");
            }
        }
    }
}
