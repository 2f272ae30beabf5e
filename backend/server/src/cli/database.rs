//! `database`: the schema, and what is sealed in it.

use kernel::{
    Error, Kind, Result,
    config::{DatabaseConfig, SecretsConfig},
};
use store::{Standing, Target};

use super::operation;
use crate::{
    assembly,
    config::{Options, Source},
};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Apply pending migrations
    Migrate,

    /// Seal anew, under the current `secrets.encryption`, what former ones sealed
    Reseal,
}

impl Command {
    pub async fn run(self, options: &Options) -> Result<()> {
        let source = Source::load(options)?;
        match self {
            Self::Migrate => {
                let config: DatabaseConfig = source.section()?;
                migrate(&assembly::target(&config)?).await
            }
            Self::Reseal => {
                let (config, secrets) = source.sections()?;
                reseal(&config, &secrets).await
            }
        }
    }
}

/// Applies what is pending, with one line for each.
pub async fn migrate(target: &Target) -> Result<()> {
    for name in store::migrate(target).await? {
        tracing::info!(migration = name, "Applied migration");
    }
    Ok(())
}

/// Fails when something does not open, and names each: then a former secret is still missing from the configuration.
async fn reseal(config: &DatabaseConfig, secrets: &SecretsConfig) -> Result<()> {
    let vault = assembly::vault(secrets)?;
    let db = assembly::database_for_command(config).await?;
    let standing = store::standing(&db).await?;
    if standing != Standing::Current {
        return Err(store::refusal(&standing));
    }
    let resealed = domain::reseal::reseal(&db, &operation("database-reseal"), &vault).await?;
    db.close();
    tracing::info!(secrets = resealed.moved, "Sealed anew under the current secrets.encryption");
    if resealed.stuck.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = resealed.stuck.iter().map(|error| kernel::error::chain(error)).collect();
    let what = format!("{} sealed secret(s) cannot be opened", all.len());
    Err(Error::new(Kind::Invalid, what).caused_by(all.join("\n")))
}
