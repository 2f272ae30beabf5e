//! `server`: everything that is not a command.

use std::process::ExitCode;

use domain::oauth::signing_keys;
use domain::sessions::activity::FLUSH_EVERY;
use kernel::{Result, config::RootConfig};
use store::Standing;
use tokio_util::sync::CancellationToken;

use super::config::sync;
use crate::{
    assembly::{self, ClientSecrets},
    config::{Options, Source},
    process::Process,
    serve::{self, Inherited},
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
    pub async fn run(self, options: &Options, inherited: Inherited) -> Result<ExitCode> {
        let process = Process::begin()?;
        if self.migrate {
            tracing::warn!("--migrate has no effect and will be removed: migrations are applied by default");
        }
        let config = Source::load(options)?.for_server(!self.no_sync)?;
        tracing::info!(version = super::VERSION, "Starting up");
        prepare_schema(&config, self.no_migrate).await?;
        let db = assembly::database(&config.database).await?;
        tracing::info!(engine = db.engine().name(), "Connected to the database");
        if !self.no_sync {
            let clients = assembly::static_clients(&config.clients.0, ClientSecrets::Unread)?;
            sync::synchronise(&db, &clients, sync::Options::default()).await?;
        }
        let app = assembly::app(&config, db.clone())?;
        keep_retired_keys(&app).await?;
        reload_policy(&app).await;
        serve::start(&app, &config.http, inherited, &process).await?;
        if !self.no_worker {
            process.run("job worker", worker::run(app.clone(), process.stop()));
        }
        process.run("housekeeping", housekeeping(app.clone(), process.stop()));
        let code = process.live().await;
        // Now that the last request has been answered, nothing is noted any more.
        write_activity(&app).await;
        db.close();
        Ok(code)
    }
}

/// Tokens stay good for an hour after they were signed, and relying parties check them by the published keys.
async fn keep_retired_keys(app: &edge::App) -> Result<()> {
    let op = app.op("start");
    let noted = signing_keys::note(&app.db, &op, &app.keys).await?;
    for key in &noted.retired {
        let minutes = key.until.since(op.now).as_secs().div_ceil(60);
        tracing::info!(
            "the signing key {} is not configured any more: it is published for another {minutes} min, until the last token \
             that it signed has expired",
            key.kid
        );
    }
    app.keys.retire(noted.retired);
    for kid in noted.missed {
        tracing::warn!(
            "the signing key {kid} is not configured any more, but may have signed tokens within the last hour, which \
             nobody can check now: keep a key in `secrets.keys` for an hour after a later one has taken over"
        );
    }
    Ok(())
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

/// Forgets what the limiters need no more, writes down which sessions were used, and looks for new policy data.
async fn housekeeping(app: edge::App, stop: CancellationToken) {
    let mut minute = tokio::time::interval(FLUSH_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = minute.tick() => {
                app.limiter.forget_idle();
                app.limits.forget_idle(app.now());
                write_activity(&app).await;
                reload_policy(&app).await;
            }
            () = app.activity.crowded() => write_activity(&app).await,
        }
    }
}

/// What another process, or this one before its start, was told by the admin API.
async fn reload_policy(app: &edge::App) {
    if let Err(error) = app.policy.reload(&app.db).await {
        edge::telemetry::report(&error);
    }
}

/// On failure it stays noted, and the next minute tries again.
async fn write_activity(app: &edge::App) {
    match app.activity.flush(&app.db).await {
        Ok(0) => {}
        Ok(sessions) => tracing::debug!(sessions, "Wrote down when sessions were last used"),
        Err(error) => edge::telemetry::report(&error),
    }
}
