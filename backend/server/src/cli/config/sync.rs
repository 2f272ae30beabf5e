//! `config sync`: clients of the configuration go into the database. `server` does the same when it starts.

use domain::oauth::clients::{self, StaticClient};
use kernel::{
    Error, Result,
    config::{ClientsConfig, DatabaseConfig, UpstreamConfig},
};
use store::{Db, DbErr, Standing};

use crate::{
    assembly::{self, ClientSecrets},
    cli::{database, operation},
    config::{self, Source},
};

#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub prune: bool,
    pub dry_run: bool,
}

pub async fn run(from: &config::Options, options: Options) -> Result<()> {
    let (config, clients, upstream): (DatabaseConfig, ClientsConfig, UpstreamConfig) =
        Source::load(from)?.sections()?;
    if !upstream.providers.is_empty() {
        tracing::warn!("upstream_oauth2.providers are left out: they have no effect yet");
    }
    let secrets = if options.dry_run { ClientSecrets::Unread } else { ClientSecrets::Read };
    let clients = assembly::static_clients(&clients.0, secrets)?;
    if !options.dry_run {
        database::migrate(&assembly::target(&config)?).await?;
    }
    let db = assembly::database_for_command(&config).await?;
    let standing = store::standing(&db).await?;
    if standing != Standing::Current {
        return Err(store::refusal(&standing));
    }
    synchronise(&db, &clients, options).await?;
    db.close();
    Ok(())
}

/// In one transaction, one process at a time; only what is pruned goes bit by bit.
pub async fn synchronise(db: &Db, clients: &[StaticClient], options: Options) -> Result<()> {
    let op = operation("config-sync");
    let outcome = db
        .write(async |tx| {
            let left = clients::synchronise(tx, &op, clients).await?;
            if options.prune && options.dry_run {
                for id in clients::leftovers(tx, clients).await? {
                    tracing::info!(client.id = %id, "Deleting client");
                }
            } else if left > 0 && !options.prune {
                tracing::warn!(
                    "{left} client(s) in the database are not in the configuration any more: \
                     `mas-cli config sync --prune` deletes them"
                );
            }
            if options.dry_run { Err(Undone::AsAsked) } else { Ok(()) }
        })
        .await;
    match outcome {
        Ok(()) if options.prune => clients::prune(db, &op, clients).await.map(drop),
        Ok(()) => Ok(()),
        Err(Undone::AsAsked) => {
            tracing::info!("Dry run: nothing was changed");
            Ok(())
        }
        Err(Undone::Failed(error)) => Err(error),
    }
}

/// Why the transaction was rolled back.
enum Undone {
    AsAsked,
    Failed(Error),
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<DbErr> for Undone {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}
