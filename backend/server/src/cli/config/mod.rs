//! `config`: write, check and show the configuration, and bring it into the database.

pub mod sync;

use std::path::PathBuf;

use kernel::{Error, Kind, Result};

use super::{operation, write_output};
use crate::config::{self, Options, Source, dump, template};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Write a new configuration with fresh keys and secrets
    Generate {
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,

        /// Take over what can be from this Synapse configuration; may be given several times
        #[arg(short, long, value_name = "FILE")]
        synapse_config: Vec<PathBuf>,
    },

    /// Check the configuration
    Check {
        /// Refuse unknown keys
        #[arg(long)]
        strict: bool,
    },

    /// Show the configuration as it was understood
    Dump {
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,

        /// Write secrets in clear, so that the output can be loaded again
        #[arg(long)]
        show_secrets: bool,
    },

    /// Bring the clients of the configuration into the database
    Sync {
        /// Delete the clients that are not configured any more, and end their sessions
        #[arg(long)]
        prune: bool,

        /// Only show what would be done
        #[arg(long)]
        dry_run: bool,
    },

    /// Print the JSON Schema of the configuration
    #[command(hide = true)]
    Schema,
}

impl Command {
    pub async fn run(self, options: &Options) -> Result<()> {
        match self {
            Self::Generate { output, synapse_config } => generate(output, &synapse_config),
            Self::Check { strict } => check(options, strict),
            Self::Dump { output, show_secrets } => dump(options, output, show_secrets),
            Self::Sync { prune, dry_run } => sync::run(options, sync::Options { prune, dry_run }).await,
            Self::Schema => {
                let text = serde_json::to_string_pretty(&*config::schema()).map_err(Error::internal)?;
                write_output(None, &format!("{text}\n"))
            }
        }
    }
}

fn generate(output: Option<PathBuf>, synapse_config: &[PathBuf]) -> Result<()> {
    let op = operation("config-generate");
    let mut files = Vec::new();
    for path in synapse_config {
        files.push(std::fs::read_to_string(path).map_err(|error| {
            Error::new(Kind::Invalid, format!("cannot read the Synapse configuration {}", path.display()))
                .caused_by(error)
        })?);
    }
    let import = config::import(&op, &files)?;
    tracing::info!("Generating keys");
    let text = template::write(&op, &import)?;
    for warning in &import.warnings {
        tracing::warn!("{warning}");
    }
    if let Some(path) = &output {
        tracing::info!("Writing configuration to {}", path.display());
    }
    write_output(output.as_deref(), &text)
}

fn check(options: &Options, strict: bool) -> Result<()> {
    let source = Source::load(options)?;
    source.check(strict)?;
    let files: Vec<String> = source.files().iter().map(|file| file.display().to_string()).collect();
    tracing::info!(files = %files.join(", "), "The configuration is good");
    Ok(())
}

fn dump(options: &Options, output: Option<PathBuf>, show_secrets: bool) -> Result<()> {
    let source = Source::load(options)?;
    let config = source.all()?;
    if let Some(path) = &output {
        tracing::info!("Writing configuration to {}", path.display());
    }
    if !show_secrets {
        tracing::warn!(
            "Secrets are masked, so this cannot be loaded again: --show-secrets writes them in clear"
        );
    }
    write_output(output.as_deref(), &dump::yaml(&source, &config, show_secrets)?)
}
