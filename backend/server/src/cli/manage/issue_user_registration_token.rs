//! `manage issue-user-registration-token`

use std::{process::ExitCode, time::Duration};

use domain::users::registration_tokens::{self, NewToken};
use kernel::{
    Error, Kind, Result,
    config::{DatabaseConfig, SecretsConfig},
};
use serde_json::json;

use super::{Output, open};
use crate::{
    assembly,
    cli::operation,
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Command {
    /// The token itself; made up if absent
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,

    /// How many accounts may be registered with it
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with = "unlimited")]
    usage_limit: u32,

    /// Any number of accounts
    #[arg(long)]
    unlimited: bool,

    /// In how many seconds it expires; never, if absent
    #[arg(long, value_name = "SECONDS")]
    expires_in: Option<u32>,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let (database, secrets): (DatabaseConfig, SecretsConfig) = Source::load(options)?.sections()?;
        let vault = assembly::vault(&secrets)?;
        let db = open(&database).await?;
        let op = operation("manage-issue-user-registration-token");
        let new = NewToken {
            token: self.token.map(Into::into),
            usage_limit: (!self.unlimited).then_some(self.usage_limit),
            expires_at: self.expires_in.map(|seconds| op.now + Duration::from_secs(seconds.into())),
        };
        let issued = db.write(async |tx| registration_tokens::issue(tx, &vault, &op, new).await).await?;
        let issued =
            issued.ok_or_else(|| Error::new(Kind::Conflict, "there is such a registration token already"))?;
        tracing::info!(
            registration_token.id = %issued.id,
            "Created user registration token: {}",
            issued.token.expose()
        );
        output.result(&json!({ "registration_token_id": issued.id, "token": issued.token.expose() }))?;
        db.close();
        Ok(ExitCode::SUCCESS)
    }
}
