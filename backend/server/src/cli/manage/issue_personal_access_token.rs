//! `manage issue-personal-access-token`: the way to the first token of the admin API, without an OAuth client.

use std::{process::ExitCode, time::Duration};

use domain::{
    account::personal::TokenName,
    personal::{self, NewSession, Owner, devices},
    policy::{self, input},
    users,
};
use kernel::{
    Error, Result, Scope,
    config::{DatabaseConfig, MatrixConfig, PolicyConfig},
    scope::MAS_ADMIN,
};
use serde_json::json;
use store::tables::users::Model as User;

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

    /// Allow administrative scopes although the account may not administer
    #[arg(long)]
    skip_actor_check: bool,
}

impl Command {
    pub async fn run(self, options: &Options, output: Output) -> Result<ExitCode> {
        let (database, matrix, policy): (DatabaseConfig, MatrixConfig, PolicyConfig) =
            Source::load(options)?.sections()?;
        let scope: Scope =
            self.scope.parse().map_err(|error: kernel::scope::InvalidScope| refused(error.to_string()))?;
        let name = TokenName::parse_or_empty(&self.name)
            .ok_or_else(|| refused("--name has at most 100 characters, and no control characters"))?;
        let db = open(&database).await?;
        let user = account(&db, &self.username).await?;
        if user.deactivated_at.is_some() {
            return Err(deactivated());
        }
        let policy = policy::Current::new(assembly::policy(&matrix, &policy, None)?);
        policy.reload(&db).await?;
        self.judge(&policy, &user, &scope)?;
        let homeserver = assembly::homeserver(&matrix)?;
        let whose = (user.id, &*user.username);
        let announced = devices::announce(&db, &homeserver, whose, (&scope, None)).await?;
        let announced = announced.ok_or_else(deactivated)?;
        let op = operation("manage-issue-personal-access-token");
        let new = NewSession {
            owner: Owner::User(user.id),
            actor: user.id,
            human_name: name.as_str().to_owned(),
            scope,
            expires_at: self
                .expires_in_days
                .map(|days| op.now + Duration::from_secs(u64::from(days) * 24 * 60 * 60)),
            skip_actor_check: self.skip_actor_check,
        };
        let create = async |tx: &_| {
            // As it is now, since the homeserver was asked.
            let user = users::hold(tx, user.id).await?.ok_or_else(deactivated)?;
            self.judge(&policy, &user, &new.scope)?;
            let (id, token) = personal::create(tx, &op, &new).await?.ok_or_else(deactivated)?;
            announced.belongs_to(tx, &op, id).await?;
            Ok::<_, Error>((id, token))
        };
        let created = db.write(create).await;
        if created.is_err() {
            announced.take_back(&db, &op).await?;
        }
        let (id, token) = created?;
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

    /// Asks the policy, as the admin API does.
    fn judge(&self, policy: &policy::Current, user: &User, scope: &Scope) -> Result<()> {
        let violations = policy.get().personal_session(&input::PersonalSession {
            actor: user.into(),
            scope,
            skip_actor_check: self.skip_actor_check,
            requester: input::Requester::default(),
        });
        if violations.is_empty() {
            return Ok(());
        }
        let all: Vec<_> = violations.into_iter().map(|violation| violation.msg).collect();
        Err(refused(format!("--scope: {}", all.join("; "))))
    }
}

fn deactivated() -> Error {
    refused("the account is deactivated: nobody can act as it")
}
