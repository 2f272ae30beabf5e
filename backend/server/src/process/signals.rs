//! SIGTERM and SIGINT ask to stop, SIGHUP to reload.

use kernel::{Error, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

pub enum Asked {
    Stop,
    Reload,
}

impl Signals {
    pub fn install() -> Result<Self> {
        let on = |kind| signal(kind).map_err(Error::internal);
        Ok(Self {
            terminate: on(SignalKind::terminate())?,
            interrupt: on(SignalKind::interrupt())?,
            hangup: on(SignalKind::hangup())?,
        })
    }

    pub async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.hangup.recv() => Asked::Reload,
        }
    }

    /// Waits for the next request to stop.
    pub async fn stop(&mut self) {
        while let Asked::Reload = self.next().await {}
    }
}
