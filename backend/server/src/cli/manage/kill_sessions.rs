//! `manage kill-sessions`

use std::process::ExitCode;

use domain::{
    sessions::{end::Reason, end_all::Which},
    users,
};
use kernel::Result;
use serde_json::json;

use super::{Output, account, open};
use crate::{
    cli::operation,
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Command {
    /// Whose sessions; without the @ and the server
    username: String,

    /// Only count them
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let db = open(&Source::load(options)?.section()?).await?;
        let user = account(&db, &self.username).await?;
        let op = operation("manage-kill-sessions");
        let ended = if self.dry_run {
            users::count_sessions(&db, user.id).await?
        } else {
            users::end_sessions(&db, &op, user.id, Which::Apps, Reason::Killed).await?
        };
        for (number, kind) in
            [(ended.compat, "compatibility"), (ended.oauth, "OAuth 2.0"), (ended.browser, "browser")]
        {
            tracing::info!(user.id = %user.id, user.username = %user.username, "{}", line(number, kind));
        }
        tracing::warn!(user.id = %user.id, "Scheduling the removal of their devices from the homeserver");
        if self.dry_run {
            tracing::warn!("Dry run: nothing was changed");
        }
        output.result(&json!({
            "user_id": user.id, "username": user.username, "dry_run": self.dry_run,
            "compat_sessions": ended.compat, "oauth2_sessions": ended.oauth, "browser_sessions": ended.browser,
        }))?;
        db.close();
        Ok(ExitCode::SUCCESS)
    }
}

fn line(number: u64, kind: &str) -> String {
    match number {
        0 => format!("No active {kind} sessions to end"),
        1 => format!("Ended 1 active {kind} session"),
        _ => format!("Ended {number} active {kind} sessions"),
    }
}
