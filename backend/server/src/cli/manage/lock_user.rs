//! `manage lock-user` and `manage unlock-user`

use std::process::ExitCode;

use domain::{
    jobs::{self, Job},
    users,
};
use kernel::Result;
use serde_json::json;

use super::{Output, account, open, settled};
use crate::{
    cli::operation,
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Lock {
    /// Without the @ and the server
    username: String,

    /// Deactivate the account as well: its sessions and addresses go, for good
    #[arg(long)]
    deactivate: bool,

    /// With --deactivate: erase what is kept of the person, here and on the homeserver, except for the name
    #[arg(long, requires = "deactivate")]
    erase: bool,
}

impl Lock {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let db = open(&Source::load(options)?.section()?).await?;
        let user = account(&db, &self.username).await?;
        let op = operation("manage-lock-user");
        tracing::info!(user.id = %user.id, user.username = %user.username, "Locking user");
        if self.deactivate {
            let erase = self.erase;
            tracing::warn!(user.id = %user.id, user.username = %user.username, erase, "Scheduling user deactivation");
        }
        let work = async |tx: &store::Tx| {
            let locked = users::lock(tx, &op, user.id).await?;
            if self.deactivate {
                return users::deactivate(tx, &op, user.id, self.erase).await;
            }
            Ok(locked)
        };
        let done = db.write(work).await?;
        output.result(&settled(&done))?;
        db.close();
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(clap::Args)]
pub struct Unlock {
    /// Without the @ and the server
    username: String,

    /// Open a deactivated account again instead. Its sessions and addresses do not come back, and a lock stays
    #[arg(long)]
    reactivate: bool,
}

impl Unlock {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let db = open(&Source::load(options)?.section()?).await?;
        let user = account(&db, &self.username).await?;
        let op = operation("manage-unlock-user");
        if self.reactivate {
            tracing::warn!(user.id = %user.id, user.username = %user.username, "Scheduling user reactivation");
            let job = Job::ReactivateUser { user: user.id, since: user.deactivated_at };
            db.write(async |tx| jobs::enqueue(tx, &op, &job).await).await?;
            if user.locked_at.is_some() {
                tracing::warn!("The account stays locked: unlock-user without --reactivate unlocks it");
            }
            output.result(&json!({ "user_id": user.id, "username": user.username, "scheduled": true }))?;
        } else {
            tracing::info!(user.id = %user.id, user.username = %user.username, "Unlocking user");
            let done = db.write(async |tx| users::unlock(tx, &op, user.id).await).await?;
            if done.user.deactivated_at.is_some() {
                tracing::warn!("The account stays deactivated: unlock-user --reactivate opens it again");
            }
            output.result(&settled(&done))?;
        }
        db.close();
        Ok(ExitCode::SUCCESS)
    }
}
