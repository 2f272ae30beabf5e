//! `manage add-email`

use std::process::ExitCode;

use domain::users::emails::{self, Added};
use email_address::EmailAddress;
use kernel::{Error, Kind, Result};
use serde_json::json;

use super::{Output, account, open, refused};
use crate::{
    cli::operation,
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Command {
    /// Whose address; without the @ and the server
    username: String,

    /// The address, taken as verified
    email: String,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        if self.email.is_empty() {
            return Err(refused("the e-mail address is empty"));
        }
        if !EmailAddress::is_valid(&self.email) {
            tracing::warn!("{} does not look like an e-mail address", self.email);
        }
        let db = open(&Source::load(options)?.section()?).await?;
        let user = account(&db, &self.username).await?;
        let op = operation("manage-add-email");
        let added = db.write(async |tx| emails::add(tx, &op, user.id, &self.email).await).await?;
        let (id, is_new) = match added {
            Added::Added(id) => (id, true),
            Added::Already(id) => (id, false),
            Added::Taken => {
                let taken = format!("another account has the e-mail address {}", self.email);
                return Err(Error::new(Kind::Conflict, taken));
            }
        };
        if !is_new {
            tracing::info!(email.id = %id, "The account has this address already");
        }
        tracing::info!(
            user.id = %user.id, user.username = %user.username, email.id = %id, email.email = %self.email,
            "Email added"
        );
        output.result(&json!({
            "user_id": user.id, "username": user.username, "email_id": id, "email": self.email, "changed": is_new,
        }))?;
        db.close();
        Ok(ExitCode::SUCCESS)
    }
}
