//! `manage`: accounts, from the command line.
//!
//! Each command is one transaction, save those that may concern any number of rows. What the homeserver must learn is queued
//! there, and done by a running worker; only a token's device it has to know at once.
//! Results are log lines, as scripts know them, and with `--output json` one object on stdout, too.

mod add_email;
mod admins;
mod issue_compatibility_token;
mod issue_user_registration_token;
mod kill_sessions;
mod lock_user;
mod password;
mod provision_all_users;
mod register_user;
mod set_password;
mod sync_devices;
mod terminal;

use std::process::ExitCode;

use domain::users;
use kernel::{Error, Kind, Result, config::DatabaseConfig};
use serde_json::{Value, json};
use store::{Db, Standing, tables::users::Model as User};

use super::write_output;
use crate::{assembly, config::Options};

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

    /// Give an account an e-mail address
    AddEmail(add_email::Command),

    /// Let an account ask for administrative rights
    PromoteAdmin(admins::Command),

    /// Take back what promote-admin gave
    DemoteAdmin(admins::Command),

    /// List the accounts that may ask for administrative rights
    ListAdminUsers,

    /// Refuse an account's sign-ins and tokens
    LockUser(lock_user::Lock),

    /// Take back what lock-user did
    UnlockUser(lock_user::Unlock),

    /// End an account's sessions, except personal ones
    KillSessions(kill_sessions::Command),

    /// Tell the homeserver of every account once more
    ProvisionAllUsers,

    /// Make an access token that acts as a user and does not expire
    IssueCompatibilityToken(issue_compatibility_token::Command),

    /// Make a token with which somebody can register
    IssueUserRegistrationToken(issue_user_registration_token::Command),
    /// Make the homeserver's devices of an account those of its sessions: a repair
    SyncDevices(sync_devices::Command),

    /// Without effect: use add-email
    VerifyEmail { username: String, email: String },
}

impl Manage {
    pub async fn run(self, options: &Options) -> Result<ExitCode> {
        match self.command {
            Command::RegisterUser(command) => command.run(options, self.output).await,
            Command::SetPassword(command) => command.run(options, self.output).await,
            Command::AddEmail(command) => command.run(options, self.output).await,
            Command::PromoteAdmin(command) => command.run(options, self.output, true).await,
            Command::DemoteAdmin(command) => command.run(options, self.output, false).await,
            Command::ListAdminUsers => admins::list(options, self.output).await,
            Command::LockUser(command) => command.run(options, self.output).await,
            Command::UnlockUser(command) => command.run(options, self.output).await,
            Command::KillSessions(command) => command.run(options, self.output).await,
            Command::ProvisionAllUsers => provision_all_users::run(options, self.output).await,
            Command::IssueCompatibilityToken(command) => command.run(options, self.output).await,
            Command::IssueUserRegistrationToken(command) => command.run(options, self.output).await,
            Command::SyncDevices(command) => command.run(options, self.output).await,
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

/// The database, with a current schema.
async fn open(database: &DatabaseConfig) -> Result<Db> {
    let db = assembly::database_for_command(database).await?;
    require_current(&db).await?;
    Ok(db)
}

/// The account of that name.
async fn account(db: &Db, username: &str) -> Result<User> {
    let user = users::by_username(&db.read, username).await?;
    user.ok_or_else(|| Error::new(Kind::NotFound, "User not found"))
}

/// The account, for programs.
fn settled(done: &users::Settled) -> Value {
    let user = &done.user;
    json!({
        "user_id": user.id, "username": user.username, "changed": done.changed,
        "locked": user.locked_at.is_some(), "deactivated": user.deactivated_at.is_some(),
        "admin": user.can_request_admin,
    })
}

fn refused(what: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::Invalid, what)
}
