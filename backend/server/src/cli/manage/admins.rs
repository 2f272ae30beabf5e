//! `manage promote-admin`, `demote-admin` and `list-admin-users`

use std::process::ExitCode;

use domain::users;
use kernel::Result;
use serde_json::{Value, json};

use super::{Output, account, open, settled};
use crate::{
    cli::operation,
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Command {
    /// Without the @ and the server
    username: String,
}

impl Command {
    /// Lets the account ask for administrative rights, or not any more.
    pub async fn run(self, options: &Options, output: Output, admin: bool) -> Result<ExitCode> {
        let db = open(&Source::load(options)?.section()?).await?;
        let user = account(&db, &self.username).await?;
        let op = operation(if admin { "manage-promote-admin" } else { "manage-demote-admin" });
        let done = db.write(async |tx| users::set_admin(tx, &op, user.id, admin).await).await?;
        if admin {
            tracing::info!(user.id = %user.id, user.username = %user.username, "User promoted to admin");
        } else {
            tracing::info!(user.id = %user.id, user.username = %user.username, "User is no longer admin");
        }
        output.result(&settled(&done))?;
        db.close();
        Ok(ExitCode::SUCCESS)
    }
}

pub async fn list(options: &Options, output: Output) -> Result<ExitCode> {
    let db = open(&Source::load(options)?.section()?).await?;
    let admins = users::admins(&db.read).await?;
    tracing::info!("{} users may request administrative rights", admins.len());
    for user in &admins {
        tracing::info!(user.id = %user.id, username = %user.username);
    }
    let entry = |user: &store::tables::users::Model| json!({ "user_id": user.id, "username": user.username });
    output.result(&admins.iter().map(entry).collect::<Value>())?;
    db.close();
    Ok(ExitCode::SUCCESS)
}
