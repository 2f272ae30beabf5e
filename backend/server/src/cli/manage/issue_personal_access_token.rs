//! `manage issue-personal-access-token`: the way to the first token of the admin API, without an OAuth client.

use std::{process::ExitCode, time::Duration};

use domain::{
    personal::{self, NewSession, Owner},
    policy::Policy,
    sessions::device::{self, Found},
};
use kernel::{
    Error, Result, Scope,
    config::{DatabaseConfig, MatrixConfig},
    scope::MAS_ADMIN,
};
use serde_json::json;

use super::{Output, account, open, refused};
use crate::{
    assembly,
    cli::{operation, write_output},
    config::{Options, Source},
};

#[derive(clap::Args)]
pub struct Command {
    /// Whom the token acts as; without the @ and the server
    username: String,

    /// What it may do, separated by spaces
    #[arg(long, default_value = MAS_ADMIN)]
    scope: String,

    /// What it is for
    #[arg(long, default_value = "issued at the command line")]
    name: String,

    /// Days until it expires; without it, it does not
    #[arg(long, value_name = "DAYS")]
    expires_in_days: Option<u32>,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let (database, matrix): (DatabaseConfig, MatrixConfig) = Source::load(options)?.sections()?;
        let scope = self.scope(&matrix)?;
        let db = open(&database).await?;
        let user = account(&db, &self.username).await?;
        if user.deactivated_at.is_some() {
            return Err(deactivated());
        }
        let homeserver = assembly::homeserver(&matrix)?;
        let mut found = Vec::new();
        for id in scope.device_ids() {
            found.push(device::announce(&homeserver, &user.username, id, None).await?);
        }
        let op = operation("manage-issue-personal-access-token");
        let new = NewSession {
            owner: Owner::User(user.id),
            actor: user.id,
            human_name: self.name.clone(),
            scope,
            expires_in: self.expires_in_days.map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60)),
        };
        let create = async |tx: &_| {
            let created = personal::create(tx, &op, &new).await?;
            if let (Some((id, _)), Some(Found::Device)) = (&created, found.first()) {
                device::disown(tx, *id).await?;
            }
            Ok::<_, Error>(created)
        };
        let (id, token) = db.write(create).await?.ok_or_else(deactivated)?;
        tracing::info!(user.id = %user.id, session.id = %id, scope = %new.scope, "Personal access token issued");
        match output {
            Output::Text => write_output(None, &format!("{}\n", token.expose()))?,
            Output::Json => output.result(&json!({
                "user_id": user.id, "session_id": id, "scope": new.scope, "access_token": token.expose(),
            }))?,
        }
        db.close();
        Ok(ExitCode::SUCCESS)
    }

    /// As the policy would have it, if it were asked by the admin API.
    fn scope(&self, matrix: &MatrixConfig) -> Result<Scope> {
        let scope: Scope =
            self.scope.parse().map_err(|error: kernel::scope::InvalidScope| refused(error.to_string()))?;
        let policy = Policy::new(&matrix.homeserver, None, json!({}))
            .map_err(|_| Error::internal("the built-in policy does not compile"))?;
        let violations = policy.personal_session(&scope);
        if violations.is_empty() {
            return Ok(scope);
        }
        let all: Vec<_> = violations.into_iter().map(|violation| violation.msg).collect();
        Err(refused(format!("--scope: {}", all.join("; "))))
    }
}

fn deactivated() -> Error {
    refused("the account is deactivated: nobody can act as it")
}
