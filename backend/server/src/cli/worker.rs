//! `worker`: runs background jobs and nothing else. Any number may run beside the servers.

use std::process::ExitCode;

use kernel::Result;
use store::Standing;

use crate::{
    assembly,
    config::{Options, Source},
    process::Process,
    worker,
};

pub async fn run(options: &Options) -> Result<ExitCode> {
    let process = Process::begin()?;
    let config = Source::load(options)?.for_worker()?;
    tracing::info!(version = super::VERSION, "Starting up");
    let db = assembly::database(&config.database).await?;
    tracing::info!(engine = db.engine().name(), "Connected to the database");
    let standing = store::standing(&db).await?;
    if standing != Standing::Current {
        return Err(store::refusal(&standing));
    }
    let app = assembly::app(&config, db.clone())?;
    process.run("job worker", worker::run(app, process.stop()));
    let code = process.live().await;
    db.close();
    Ok(code)
}
