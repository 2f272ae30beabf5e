//! Personal sessions: somebody acts as an account by a token that was made for it, with no client and no sign-in.
//!
//! A session has an owner, who made it and alone may renew its token, and an actor, whom it acts as. Its token stands in
//! one line of `token_pairs` that has no refresh token; renewing revokes that line and begins another one.
//! The token is shown once. What is made or renewed with a personal token is its owner's as well, and ends with it at the latest ([`Maker`]).

pub mod devices;
mod maker;

use kernel::{Error, Handle, Op, Presented, Result, Scope, Timestamp, Token, TokenKind, id::*};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use store::{
    Tx,
    changes::{self, Change},
    sql,
};

use crate::{
    audit,
    policy::{Policy, Violation, input, power::Caller},
    users,
};

pub use maker::{Maker, Shown, maker};

/// Who made a personal session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    User(UserId),
    Client(ClientId),
}

/// A personal session to be.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub owner: Owner,
    /// Whom it acts as.
    pub actor: UserId,
    pub human_name: String,
    pub scope: Scope,
    /// Without it, the token does not expire.
    pub expires_at: Option<Timestamp>,
    /// The actor was not asked for, on request. For the audit trail.
    pub skip_actor_check: bool,
}

/// Starts it. The homeserver knows the device by now, if the scope names one. `None`, with nothing written, if the account
/// that it is to act as is deactivated by now.
pub async fn create(tx: &Tx, op: &Op, new: &NewSession) -> Result<Option<(SessionId, Token)>> {
    let id: SessionId = op.id();
    let (user, client) = match new.owner {
        Owner::User(user) => (Some(user), None),
        Owner::Client(client) => (None, Some(client)),
    };
    let device = new.scope.device_ids().into_iter().next().map(str::to_owned);
    let values: [Value; 8] = [
        id.into(),
        new.actor.into(),
        client.into(),
        user.into(),
        new.scope.clone().into(),
        device.into(),
        new.human_name.clone().into(),
        op.now.into(),
    ];
    let postgres = tx.get_database_backend() == DbBackend::Postgres;
    let statement = if postgres { INSERT_SESSION_POSTGRES } else { INSERT_SESSION };
    if sql::execute(tx, statement, values).await? == 0 {
        return Ok(None);
    }
    let token = begin_line(tx, op, id, new.expires_at).await?;
    let subject = audit::Subject {
        user: Some(new.actor),
        client,
        session: Some(id),
        data: Some(note(&new.human_name, &new.scope, new.skip_actor_check)),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::PersonalTokenCreated, subject).await?;
    Ok(Some((id, token)))
}

/// What is written down of a token that was made or renewed.
fn note(name: &str, scope: &Scope, skip_actor_check: bool) -> serde_json::Value {
    let mut note = serde_json::json!({ "name": name, "scope": scope });
    if skip_actor_check {
        note["skip_actor_check"] = true.into();
    }
    note
}

/// A session that the transaction holds: until it ends, nobody else changes it or renews its token.
#[derive(Debug)]
pub struct Held {
    id: SessionId,
    actor: UserId,
    owner: Option<UserId>,
    client: Option<ClientId>,
    scope: Scope,
    human_name: String,
    finished_at: Option<Timestamp>,
}

impl Held {
    /// Whom it acts as.
    pub const fn actor(&self) -> UserId {
        self.actor
    }

    fn is_owned_by(&self, owner: Owner) -> bool {
        match owner {
            Owner::User(user) => self.owner == Some(user),
            Owner::Client(client) => self.owner.is_none() && self.client == Some(client),
        }
    }
}

/// Takes hold of a session. `None` if there is none.
pub async fn hold(tx: &Tx, id: SessionId) -> Result<Option<Held>> {
    let Some(row) = sql::one(tx, HOLD, [id.into()]).await? else { return Ok(None) };
    Ok(Some(Held {
        id,
        actor: row.try_get("", "user_id")?,
        owner: row.try_get("", "owner_user_id")?,
        client: row.try_get("", "client_id")?,
        scope: row.try_get("", "scope")?,
        human_name: row.try_get::<Option<String>>("", "human_name")?.unwrap_or_default(),
        finished_at: row.try_get("", "finished_at")?,
    }))
}

/// Who wants a new token.
#[derive(Clone, Copy, Debug)]
pub struct Renewal<'a> {
    pub by: Owner,
    pub caller: Caller<'a>,
    pub policy: &'a Policy,
    pub requester: input::Requester<'a>,
    /// The policy need not let the actor have it.
    pub skip_actor_check: bool,
    /// Without it, the token does not expire.
    pub expires_at: Option<Timestamp>,
}

/// What became of a wish for a new token.
#[derive(Debug)]
pub enum Regenerated {
    New(Token),
    Revoked,
    /// Only the owner may have the new token.
    NotTheOwner,
    /// The token would be good for more than the caller's.
    TooPowerful,
    /// The policy does not let the actor have it, or not any more.
    Denied(Vec<Violation>),
}

/// Replaces the token. The one before is good for nothing from now on.
pub async fn regenerate(tx: &Tx, op: &Op, held: &Held, renewal: &Renewal<'_>) -> Result<Regenerated> {
    const REVOKE: &str =
        "UPDATE token_pairs SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL";
    if held.finished_at.is_some() {
        return Ok(Regenerated::Revoked);
    }
    if !held.is_owned_by(renewal.by) {
        return Ok(Regenerated::NotTheOwner);
    }
    if !renewal.caller.may_issue(&held.scope, held.actor) {
        return Ok(Regenerated::TooPowerful);
    }
    let actor = users::state::find(tx, held.actor).await?;
    let violations = renewal.policy.personal_session(&input::PersonalSession {
        actor: input::User::from(&actor),
        scope: &held.scope,
        skip_actor_check: renewal.skip_actor_check,
        requester: renewal.requester,
    });
    if !violations.is_empty() {
        return Ok(Regenerated::Denied(violations));
    }
    sql::execute(tx, REVOKE, [held.id.into(), op.now.into()]).await?;
    let token = begin_line(tx, op, held.id, renewal.expires_at).await?;
    changes::append(tx, op, Change::Session, held.id).await?;
    let subject = audit::Subject {
        user: Some(held.actor),
        client: held.client,
        session: Some(held.id),
        data: Some(note(&held.human_name, &held.scope, renewal.skip_actor_check)),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::TokenRegenerated, subject).await?;
    Ok(Regenerated::New(token))
}

async fn begin_line(tx: &Tx, op: &Op, session: SessionId, expires_at: Option<Timestamp>) -> Result<Token> {
    let token = Token::mint(TokenKind::PersonalAccess, Handle::new(op.random()), op.random());
    let Some(Presented::Native { handle, .. }) = Token::parse(token.expose()) else {
        return Err(Error::internal("the mint made something that is no token"));
    };
    let values: [Value; 7] = [
        op.id::<TokenLineId>().into(),
        session.into(),
        handle.into(),
        op.now.into(),
        op.id::<TokenId>().into(),
        token.hash().to_vec().into(),
        expires_at.into(),
    ];
    sql::execute(tx, INSERT_LINE, values).await?;
    Ok(token)
}

macro_rules! insert_session {
    ($lock:literal) => {
        concat!(
            "INSERT INTO sessions (id, kind, user_id, client_id, owner_user_id, scope, device_id, human_name, created_at) \
             SELECT $1, 'personal', u.id, $3, $4, $5, $6, $7, $8 FROM users u \
             WHERE u.id = $2 AND u.deactivated_at IS NULL",
            $lock
        )
    };
}

const INSERT_SESSION: &str = insert_session!("");
// Whoever deactivates the account waits until this is committed, and then sees the session.
const INSERT_SESSION_POSTGRES: &str = insert_session!(" FOR SHARE OF u");

const INSERT_LINE: &str = "INSERT INTO token_pairs \
  (id, session_id, handle, created_at, access_id, access_hash, access_expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// Changes nothing; but of two that renew at once, the second waits here and sees what the first has left.
const HOLD: &str = "UPDATE sessions SET scope = scope WHERE id = $1 AND kind = 'personal' \
  RETURNING user_id, owner_user_id, client_id, scope, human_name, finished_at";
