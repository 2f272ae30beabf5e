//! `worker`: runs background jobs and nothing else. Any number may run beside the servers.

use kernel::Result;
use store::Standing;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    assembly,
    config::{Options, Source},
    serve::signals::Signals,
    worker,
};

pub async fn run(options: &Options) -> Result<()> {
    let signals = Signals::install()?;
    let config = Source::load(options)?.for_worker()?;
    tracing::info!(version = super::VERSION, "Starting up");
    let db = assembly::database(&config.database).await?;
    let standing = store::standing(&db).await?;
    if standing != Standing::Current {
        return Err(store::refusal(&standing));
    }
    let app = assembly::app(&config, db.clone())?;
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    tasks.spawn(worker::run(app, stop.clone()));
    signals.drain(stop, tasks).await;
    db.close();
    Ok(())
}
