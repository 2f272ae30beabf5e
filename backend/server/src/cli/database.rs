//! `database`: the schema.

use kernel::{Result, config::DatabaseConfig};
use store::Target;

use crate::{
    assembly,
    config::{Options, Source},
};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Apply pending migrations
    Migrate,
}

impl Command {
    pub async fn run(self, options: &Options) -> Result<()> {
        let Self::Migrate = self;
        let config: DatabaseConfig = Source::load(options)?.section()?;
        migrate(&assembly::target(&config)?).await
    }
}

/// Applies what is pending, with one line for each.
pub async fn migrate(target: &Target) -> Result<()> {
    for name in store::migrate(target).await? {
        tracing::info!(migration = name, "Applied migration");
    }
    Ok(())
}
