//! `server`: everything that is not a command.

use domain::oauth::clients;
use kernel::{Actor, Clock, Op, Result, SystemClock, SystemRandom, config::RootConfig};
use store::{Db, Standing};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    assembly,
    config::{Options, Source},
    serve::{self, signals::Signals},
    worker,
};

#[derive(clap::Args, Default)]
pub struct Command {
    /// Do not apply pending migrations
    #[arg(long)]
    no_migrate: bool,

    /// Do not run background jobs in this process
    #[arg(long)]
    no_worker: bool,

    /// Do not bring clients and upstream providers of the configuration into the database
    #[arg(long)]
    no_sync: bool,

    /// Without effect: migrations are applied unless --no-migrate is given
    #[arg(long, hide = true)]
    migrate: bool,
}

impl Command {
    pub async fn run(self, options: &Options) -> Result<()> {
        let signals = Signals::install()?;
        if self.migrate {
            tracing::warn!("--migrate has no effect and will be removed: migrations are applied by default");
        }
        let config = Source::load(options)?.for_server(!self.no_sync)?;
        tracing::info!(version = super::VERSION, "Starting up");
        prepare_schema(&config, self.no_migrate).await?;
        let db = assembly::database(&config.database).await?;
        if !self.no_sync {
            synchronise(&config, &db).await?;
        }
        let app = assembly::app(&config, db.clone())?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        serve::start(&app, &config.http, &stop, &tasks).await?;
        if !self.no_worker {
            tasks.spawn(worker::run(app.clone(), stop.clone()));
        }
        tasks.spawn(housekeeping(app, stop.clone()));
        signals.drain(stop, tasks).await;
        db.close();
        Ok(())
    }
}

async fn prepare_schema(config: &RootConfig, no_migrate: bool) -> Result<()> {
    let target = assembly::target(&config.database)?;
    if no_migrate {
        let db = assembly::database_for_command(&config.database).await?;
        let standing = store::standing(&db).await?;
        db.close();
        return if standing == Standing::Current { Ok(()) } else { Err(store::refusal(&standing)) };
    }
    super::database::migrate(&target).await
}

async fn synchronise(config: &RootConfig, db: &Db) -> Result<()> {
    let op = Op::new(SystemClock.now(), std::sync::Arc::new(SystemRandom), "config-sync").by(Actor::Operator);
    let configured = assembly::static_clients(&config.clients.0)?;
    let left = db.write(async |tx| clients::synchronise(tx, &op, &configured).await).await?;
    if left > 0 {
        tracing::warn!("{left} client(s) in the database are not in the configuration any more");
    }
    Ok(())
}

/// Forgets what the limiters need no more.
async fn housekeeping(app: edge::App, stop: CancellationToken) {
    let mut minute = tokio::time::interval(std::time::Duration::from_secs(60));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = minute.tick() => app.limiter.forget_idle(),
        }
    }
}
