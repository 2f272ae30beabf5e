//! `manage issue-compatibility-token`

use std::process::ExitCode;

use domain::{
    compat::login::DeviceId,
    sessions::issue::{self, Issue},
};
use kernel::{
    Result,
    config::{DatabaseConfig, MatrixConfig},
};
use serde_json::json;

use super::{Output, account, open, refused};
use crate::{
    assembly,
    cli::operation,
    config::{Options, Source},
};

/// Of a device that is made up.
const DEVICE_LENGTH: usize = 10;

#[derive(clap::Args)]
pub struct Command {
    /// Who the token acts as; without the @ and the server
    username: String,

    /// The device that the token is for; made up if absent
    device_id: Option<String>,

    /// Let the token use Synapse's admin API
    #[arg(long)]
    yes_i_want_to_grant_synapse_admin_privileges: bool,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let (database, matrix): (DatabaseConfig, MatrixConfig) = Source::load(options)?.sections()?;
        let homeserver = assembly::homeserver(&matrix)?;
        let op = operation("manage-issue-compatibility-token");
        let device = match &self.device_id {
            Some(device) => checked(device)?.to_owned(),
            None => op.alphanumeric(DEVICE_LENGTH),
        };
        let db = open(&database).await?;
        let user = account(&db, &self.username).await?;
        if user.locked_at.is_some() {
            tracing::warn!(user.id = %user.id, "The account is locked: the token is refused as long as that lasts");
        }
        let is_synapse_admin = self.yes_i_want_to_grant_synapse_admin_privileges;
        let is_new_device = self.device_id.is_none();
        let asked = Issue { user: &user, device: &device, is_new_device, is_synapse_admin };
        let issued = issue::issue(&db, &homeserver, &op, asked).await.inspect_err(|_| {
            let left = match is_new_device {
                true => "if the device has come to be, it will be removed from the homeserver",
                false => "the device may have come to be on the homeserver, and stays there",
            };
            tracing::error!(user.id = %user.id, device, "No token was issued; {left}");
        })?;
        tracing::info!(
            compat_access_token.id = %issued.id,
            compat_session.id = %issued.session,
            compat_session.device = %device,
            user.id = %user.id,
            user.username = %user.username,
            "Compatibility token issued: {}",
            issued.token.expose()
        );
        output.result(&json!({
            "token": issued.token.expose(), "session_id": issued.session, "device_id": device,
            "user_id": user.id, "username": user.username, "synapse_admin": is_synapse_admin,
        }))?;
        db.close();
        Ok(ExitCode::SUCCESS)
    }
}

fn checked(device: &str) -> Result<&str> {
    if DeviceId::parse(device).is_none() {
        return Err(refused(format!(
            "the device id must have 1 to {} bytes, no control characters, and not be . or ..",
            DeviceId::LONGEST
        )));
    }
    Ok(device)
}
