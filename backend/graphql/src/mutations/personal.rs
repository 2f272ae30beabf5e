//! Personal access tokens.

use std::time::Duration;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account::personal::{self, Created, Question, Refusal, TokenName, Wanted},
    policy::{Policy, input},
    sessions::{
        count,
        end::{self, Reason},
    },
    users::browser::BrowserSession,
};
use edge::app::PersonalTokens;
use kernel::{Op, Scope, id::SessionId};

use super::proof::{self, Asked};
use crate::{asking::Asking, fault::Fault, node_id, personal_session::PersonalSession};

#[derive(InputObject)]
pub struct CreatePersonalSessionInput {
    /// 1 to 100 characters.
    human_name: String,
    /// Parted by spaces; each one of `siteConfig.personalTokens.scopes`.
    scope: String,
    /// The token's life in seconds, from 60 to `siteConfig.personalTokens.maxTtl`; none, where that allows it: for ever.
    expires_in: Option<i32>,
    /// Asked for when the account has a password.
    password: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CreatePersonalSessionStatus {
    Created,
    IncorrectPassword,
    InvalidName,
    InvalidScope,
    InvalidExpiry,
    /// Others have to be revoked first, or sessions ended.
    TooMany,
    Denied,
}

#[derive(SimpleObject)]
pub struct CreatePersonalSessionPayload {
    status: CreatePersonalSessionStatus,
    personal_session: Option<PersonalSession>,
    /// The token: this is the only time that it is told.
    access_token: Option<String>,
    /// Why, if DENIED.
    violations: Option<Vec<String>>,
}

impl From<CreatePersonalSessionStatus> for CreatePersonalSessionPayload {
    fn from(status: CreatePersonalSessionStatus) -> Self {
        Self { status, personal_session: None, access_token: None, violations: None }
    }
}

impl From<Refusal> for CreatePersonalSessionPayload {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooMany => CreatePersonalSessionStatus::TooMany.into(),
            Refusal::Denied(violations) => Self {
                violations: Some(violations.into_iter().map(|violation| violation.msg).collect()),
                ..CreatePersonalSessionStatus::Denied.into()
            },
        }
    }
}

#[derive(InputObject)]
pub struct RevokePersonalSessionInput {
    personal_session_id: ID,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum RevokePersonalSessionStatus {
    Revoked,
    NotFound,
}

#[derive(SimpleObject)]
pub struct RevokePersonalSessionPayload {
    status: RevokePersonalSessionStatus,
    personal_session: Option<PersonalSession>,
}

#[derive(Default)]
pub struct PersonalSessions;

#[Object]
impl PersonalSessions {
    /// Makes a personal access token, with which a program acts as its owner. One for the homeserver gets a device of its own
    /// there. From a browser session only. Latchkey.
    async fn create_personal_session(
        &self,
        ctx: &Context<'_>,
        input: CreatePersonalSessionInput,
    ) -> Result<CreatePersonalSessionPayload> {
        let asking = Asking::of(ctx);
        let (app, op, browser) = (&asking.app, &asking.op, asking.must_be_browser()?);
        let Some(allowed) = app.site_config.personal_tokens else {
            return Err(Fault::disabled("making personal access tokens").into());
        };
        let wanted = match read(asking, browser, allowed, &input) {
            Ok(wanted) => wanted,
            Err(status) => return Ok(status.into()),
        };
        let policy = app.policy.get();
        let question = question(&policy, op);
        // Once more when it is made, where nobody can come between; but what is refused need not bother anybody.
        let counts = count::active(&app.db, browser.user).await?;
        if let Err(refusal) = question.judge(browser.person(), &wanted.scope, counts) {
            return Ok(refusal.into());
        }
        if proof::ask(ctx, browser.user, input.password.as_deref()).await? == Asked::Incorrect {
            return Ok(CreatePersonalSessionStatus::IncorrectPassword.into());
        }
        let gone = || Fault::unauthorized(false);
        let ready = personal::prepare(&app.db, &app.homeserver, op, (browser.person(), wanted)).await;
        let ready = ready.map_err(|error| Fault::homeserver(&error))?.ok_or_else(gone)?;
        let (id, token) = match personal::create(&app.db, op, question, ready).await? {
            Created::New(id, token) => (id, token),
            Created::Refused(refusal) => return Ok(refusal.into()),
            Created::Deactivated => return Err(gone().into()),
        };
        let session = personal::get(&app.db, browser.user, id).await?;
        Ok(CreatePersonalSessionPayload {
            personal_session: session.map(|session| PersonalSession::new(session, op.now)),
            access_token: Some(token.expose().to_owned()),
            ..CreatePersonalSessionStatus::Created.into()
        })
    }

    /// Ends a token at once, whoever made it; revoking again changes nothing. Latchkey.
    async fn revoke_personal_session(
        &self,
        ctx: &Context<'_>,
        input: RevokePersonalSessionInput,
    ) -> Result<RevokePersonalSessionPayload> {
        let asking = Asking::of(ctx);
        let (app, op) = (&asking.app, &asking.op);
        let id: SessionId = node_id::parse(node_id::PERSONAL_SESSION, &input.personal_session_id)?;
        let Some(user) = asking.user() else { return Err(asking.unauthorized().into()) };
        if personal::get(&app.db, user, id).await?.is_none() {
            let status = RevokePersonalSessionStatus::NotFound;
            return Ok(RevokePersonalSessionPayload { status, personal_session: None });
        }
        app.db.write(async |tx| end::end(tx, op, id, Reason::ByOwner).await).await?;
        let session = personal::get(&app.db, user, id).await?;
        Ok(RevokePersonalSessionPayload {
            status: RevokePersonalSessionStatus::Revoked,
            personal_session: session.map(|session| PersonalSession::new(session, op.now)),
        })
    }
}

/// What is wanted, if it makes sense and is offered to this person.
fn read(
    asking: &Asking,
    browser: &BrowserSession,
    allowed: PersonalTokens,
    input: &CreatePersonalSessionInput,
) -> Result<Wanted, CreatePersonalSessionStatus> {
    use CreatePersonalSessionStatus as Status;
    let name = TokenName::parse(&input.human_name).ok_or(Status::InvalidName)?;
    let scope: Scope = input.scope.parse().map_err(|_| Status::InvalidScope)?;
    let offered = asking.app.policy.get().own_scopes(&browser.person());
    if scope.is_empty() || !scope.iter().all(|token| offered.contains(&token)) {
        return Err(Status::InvalidScope);
    }
    let seconds = input.expires_in.map(u64::try_from).transpose().map_err(|_| Status::InvalidExpiry)?;
    let expires_in = seconds.map(Duration::from_secs);
    let is_good = match (expires_in, allowed.max_ttl) {
        (None, longest) => longest.is_none(),
        (Some(life), longest) => life >= personal::SHORTEST && longest.is_none_or(|longest| life <= longest),
    };
    if !is_good {
        return Err(Status::InvalidExpiry);
    }
    Ok(Wanted { name, scope, expires_in })
}

fn question<'a>(policy: &'a Policy, op: &'a Op) -> Question<'a> {
    let requester = input::Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() };
    Question { policy, requester }
}
