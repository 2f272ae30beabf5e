//! `manage sync-devices`: a repair, for when the homeserver's devices are not those of our sessions.

use std::{collections::BTreeSet, process::ExitCode};

use domain::{
    sessions::{
        device,
        devices::{self, Difference},
    },
    users,
};
use kernel::{
    Error, Kind, Result,
    config::{DatabaseConfig, HomeserverKind, MatrixConfig},
};
use serde_json::json;

use super::{Output, refused, require_current, terminal};
use crate::{
    assembly,
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Command {
    /// Whose devices; without the @ and the server
    username: String,

    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,

    /// Do not ask
    #[arg(short, long, conflicts_with = "dry_run")]
    yes: bool,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let (database, matrix): (DatabaseConfig, MatrixConfig) = Source::load(options)?.sections()?;
        if matrix.kind == HomeserverKind::None {
            return Err(refused("there is no homeserver to bring up to date (matrix.kind: none)"));
        }
        if !self.dry_run && !self.yes && !terminal::is_there() {
            return Err(refused(
                "this deletes devices, and there is no terminal to ask at: look at --dry-run first, then give --yes",
            ));
        }
        let db = assembly::database_for_command(&database).await?;
        require_current(&db).await?;
        let user = users::by_username(&db.read, &self.username).await?;
        let user = user.ok_or_else(|| Error::new(Kind::NotFound, "User not found"))?;
        let homeserver = assembly::homeserver(&matrix)?;
        let ours = devices::of_sessions(&db.read, user.id).await?;
        let difference = devices::compare(&homeserver, &user.username, ours).await?;
        tell(&user.username, &difference);
        if self.dry_run {
            tracing::warn!("Dry run: nothing was changed");
        } else if self.yes || terminal::yes_or_no("Change the homeserver's devices?")? {
            // Asked again: the answer may have taken a while, and people sign in meanwhile.
            let ours: Vec<String> = devices::of_sessions(&db.read, user.id).await?.into_iter().collect();
            homeserver.sync_devices(&user.username, &ours).await?;
            for device in devices::of_sessions(&db.read, user.id).await? {
                if !ours.contains(&device) {
                    device::announce(&homeserver, &user.username, &device, None).await?;
                }
            }
            tracing::info!(user.id = %user.id, user.username = %user.username, "Devices synchronised");
        } else {
            tracing::warn!("Aborted");
            return Ok(ExitCode::SUCCESS);
        }
        db.close();
        output.result(&json!({
            "user_id": user.id.to_string(),
            "username": user.username,
            "dry_run": self.dry_run,
            "devices": difference.ours,
            "created": difference.changes.as_ref().map(|changes| &changes.created),
            "deleted": difference.changes.as_ref().map(|changes| &changes.deleted),
        }))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn tell(username: &str, difference: &Difference) {
    tracing::info!("The sessions of {username} have these devices: {}", list(&difference.ours));
    match &difference.changes {
        Some(changes) => {
            tracing::info!("The homeserver lacks: {}", list(&changes.created));
            tracing::warn!("The homeserver has besides, and will delete: {}", list(&changes.deleted));
        }
        None => tracing::warn!(
            "The homeserver's interface does not tell which devices it has: all others that there are will be deleted"
        ),
    }
    tracing::warn!(
        "That includes devices which application services (bridges) made for this user, and that of a sign-in that is \
         under way just now"
    );
}

fn list(devices: &BTreeSet<String>) -> String {
    let quoted: Vec<String> = devices.iter().map(|device| format!("{device:?}")).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}
