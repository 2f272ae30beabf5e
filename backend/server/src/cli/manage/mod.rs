//! `manage`: accounts, from the command line.
//!
//! Each command is one transaction. What the homeserver must learn is queued there, and done by a running worker.
//! Results are log lines, as scripts know them, and with `--output json` one object on stdout, too.

mod issue_personal_access_token;
mod password;
mod register_user;
mod set_password;
mod terminal;

use std::process::ExitCode;

use kernel::{Error, Result};
use serde_json::Value;
use store::{Db, Standing};

use super::write_output;
use crate::config::Options;

#[derive(clap::Args)]
pub struct Manage {
    #[command(subcommand)]
    command: Command,

    /// How results are written to standard output
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    output: Output,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    Text,
    Json,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Create an account
    RegisterUser(register_user::Command),

    /// Set the password of an account
    SetPassword(set_password::Command),

    /// Make a personal access token, for scripts: by default one that may use the whole admin API
    IssuePersonalAccessToken(issue_personal_access_token::Command),

    /// Without effect: use add-email
    VerifyEmail { username: String, email: String },
}

impl Manage {
    pub async fn run(self, options: &Options) -> Result<ExitCode> {
        match self.command {
            Command::RegisterUser(command) => command.run(options, self.output).await,
            Command::SetPassword(command) => command.run(options, self.output).await,
            Command::IssuePersonalAccessToken(command) => command.run(options, self.output).await,
            Command::VerifyEmail { .. } => {
                tracing::warn!(
                    "verify-email has no effect and will be removed: use add-email, which also verifies"
                );
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

impl Output {
    /// The result for programs, if they are who asked.
    fn result(self, value: &Value) -> Result<()> {
        if self == Self::Text {
            return Ok(());
        }
        write_output(None, &format!("{value}\n"))
    }
}

/// Fails unless the schema is current: these commands do not migrate.
async fn require_current(db: &Db) -> Result<()> {
    let standing = store::standing(db).await?;
    if standing == Standing::Current { Ok(()) } else { Err(store::refusal(&standing)) }
}

fn refused(what: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(kernel::Kind::Invalid, what)
}
