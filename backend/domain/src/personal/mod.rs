//! Personal sessions: somebody acts as an account by a token that was made for it, with no client and no sign-in.
//!
//! A session has an owner, who made it and alone may renew its token, and an actor, whom it acts as. Its token stands in
//! one line of `token_pairs` that has no refresh token; renewing revokes that line and begins another one.
//! The token is shown once.

use std::time::Duration;

use kernel::{Error, Handle, Op, Presented, Result, Scope, Timestamp, Token, TokenKind, id::*};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use store::{
    Tx,
    changes::{self, Change},
    sql,
};

use crate::audit;

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
    /// From now; without it, the token does not expire.
    pub expires_in: Option<Duration>,
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
    let token = begin_line(tx, op, id, new.expires_in).await?;
    let subject = audit::Subject {
        user: Some(new.actor),
        client,
        session: Some(id),
        data: Some(serde_json::json!({ "name": new.human_name, "scope": new.scope })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::PersonalTokenCreated, subject).await?;
    Ok(Some((id, token)))
}

/// What became of a wish for a new token.
#[derive(Debug)]
pub enum Regenerated {
    New(Token),
    NotFound,
    Revoked,
    /// Only the owner may have the new token.
    NotTheOwner,
}

/// Replaces the token. The one before is good for nothing from now on.
pub async fn regenerate(
    tx: &Tx,
    op: &Op,
    id: SessionId,
    by: Owner,
    expires_in: Option<Duration>,
) -> Result<Regenerated> {
    let Some(row) = sql::one(tx, LOCK, [id.into()]).await? else { return Ok(Regenerated::NotFound) };
    if row.try_get::<Option<Timestamp>>("", "finished_at")?.is_some() {
        return Ok(Regenerated::Revoked);
    }
    let owner: Option<UserId> = row.try_get("", "owner_user_id")?;
    let client: Option<ClientId> = row.try_get("", "client_id")?;
    let is_owner = match by {
        Owner::User(user) => owner == Some(user),
        Owner::Client(by) => owner.is_none() && client == Some(by),
    };
    if !is_owner {
        return Ok(Regenerated::NotTheOwner);
    }
    const REVOKE: &str =
        "UPDATE token_pairs SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL";
    sql::execute(tx, REVOKE, [id.into(), op.now.into()]).await?;
    let token = begin_line(tx, op, id, expires_in).await?;
    changes::append(tx, op, Change::Session, id).await?;
    let subject =
        audit::Subject { user: row.try_get("", "user_id")?, client, session: Some(id), ..Default::default() };
    audit::record(tx, op, audit::Kind::TokenRegenerated, subject).await?;
    Ok(Regenerated::New(token))
}

async fn begin_line(tx: &Tx, op: &Op, session: SessionId, expires_in: Option<Duration>) -> Result<Token> {
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
        expires_in.map(|after| op.now + after).into(),
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
const LOCK: &str = "UPDATE sessions SET scope = scope WHERE id = $1 AND kind = 'personal' \
  RETURNING user_id, owner_user_id, client_id, finished_at";
