//! `manage provision-all-users`

use std::process::ExitCode;

use domain::users;
use kernel::Result;
use serde_json::json;

use super::{Output, open};
use crate::{
    cli::operation,
    config::{Options, Source},
};

/// In slices, each committed by itself: who interrupts this has told of some, and can begin again.
pub async fn run(options: &Options, output: Output) -> Result<ExitCode> {
    let db = open(&Source::load(options)?.section()?).await?;
    let (mut total, mut last) = (0, None);
    loop {
        let op = operation("manage-provision-all-users");
        let users = users::provision_next(&db, &op, last).await?;
        for user in &users {
            tracing::info!(user.id = %user, "Scheduling provisioning");
        }
        total += users.len();
        last = users.last().copied();
        if last.is_none() {
            break;
        }
    }
    tracing::info!(total, "Provisioning is scheduled for all users");
    output.result(&json!({ "users": total }))?;
    db.close();
    Ok(ExitCode::SUCCESS)
}
