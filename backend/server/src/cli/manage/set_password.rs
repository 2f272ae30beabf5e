//! `manage set-password`

use std::process::ExitCode;

use domain::users;
use kernel::{
    Result, Secret,
    config::{DatabaseConfig, PasswordsConfig},
};
use serde_json::json;

use super::{
    Output, account, open,
    password::{Elsewhere, Passwords},
    refused, terminal,
};
use crate::{
    cli::operation,
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Command {
    /// Whose password; without the @ and the server
    username: String,

    /// The new password. Others can see it in the process list: leave it out to be asked for it
    #[arg(conflicts_with_all = ["password_stdin", "password_file"])]
    password: Option<String>,

    #[command(flatten)]
    elsewhere: Elsewhere,

    /// Accept a weak password
    #[arg(long, alias = "ignore-password-complexity")]
    ignore_complexity: bool,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let (database, passwords): (DatabaseConfig, PasswordsConfig) = Source::load(options)?.sections()?;
        let passwords = Passwords::new(&passwords, self.ignore_complexity)?
            .ok_or_else(|| refused("passwords are switched off (passwords.enabled: false)"))?;
        let db = open(&database).await?;
        let user = account(&db, &self.username).await?;

        let password = self.password()?;
        if let Some(objection) = passwords.objection(&password).await? {
            tracing::error!("{objection}");
            return Ok(ExitCode::FAILURE);
        }
        let op = operation("manage-set-password");
        let hashed = passwords.hash(&op, &password).await?;
        db.write(async |tx| users::password::set(tx, &op, user.id, &hashed).await).await?;
        tracing::info!(user.id = %user.id, user.username = %user.username, "Password changed");
        output.result(&json!({ "user_id": user.id.to_string(), "username": user.username }))?;
        db.close();
        Ok(ExitCode::SUCCESS)
    }

    fn password(&self) -> Result<Secret<String>> {
        if let Some(password) = &self.password {
            return Ok(Secret::new(password.clone()));
        }
        if let Some(password) = self.elsewhere.read()? {
            return Ok(password);
        }
        if terminal::is_there() {
            return terminal::new_password();
        }
        Err(refused(
            "no password: give it as the second argument, with --password-stdin or with --password-file, \
             or run this at a terminal to be asked for it",
        ))
    }
}
