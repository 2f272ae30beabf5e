//! The client credentials grant (RFC 6749 §4.4): a client gets a session of its own, without a person behind it, and
//! no refresh token, since it can always ask again.

use std::sync::Arc;

use kernel::{Error, Handle, Op, Scope, Token, TokenKind, id::*};
use store::{Db, Engine, sql};

use super::Tokens;
use crate::{
    audit,
    oauth::{
        Code, Lifetimes, Refusal,
        clients::Client,
        registration::{AuthMethod, GrantType},
    },
    policy::{
        Policy,
        input::{self, AuthorizationGrant, Requester},
    },
};

/// What the grant works with.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub policy: &'a Policy,
    pub lifetimes: &'a Lifetimes,
}

/// Gives the client a token for itself. `scope` is as it was sent; without one, the token is good for nothing but to
/// be introspected.
pub async fn grant(
    parts: Parts<'_>,
    op: &Op,
    client: &Arc<Client>,
    scope: Option<&str>,
) -> Result<Tokens, Refusal> {
    if !client.metadata.has_grant(&GrantType::ClientCredentials) {
        return Err(Code::UnauthorizedClient
            .because("this client is not registered for the client_credentials grant"));
    }
    // RFC 6749 §4.4. In MAS a configured client without a secret gets through, and with its id alone anybody does.
    if client.auth_method == AuthMethod::None {
        return Err(Code::UnauthorizedClient.because(
            "a public client proves nothing about itself: client_credentials is for clients that authenticate",
        ));
    }
    let scope: Scope = scope
        .unwrap_or_default()
        .parse()
        .map_err(|error: kernel::scope::InvalidScope| Code::InvalidScope.because(error.to_string()))?;
    judge(parts.policy, op, client, &scope)?;
    let access = Token::mint(TokenKind::OauthAccess, Handle::new(op.random()), op.random());
    let session = store(parts, op, client.id, &scope, &access).await?;
    let session =
        session.ok_or_else(|| Code::InvalidClient.because("there is no client with this client_id"))?;
    let expires_in = parts.lifetimes.access_token;
    Ok(Tokens { access, expires_in, refresh: None, id_token: None, scope, session })
}

fn judge(policy: &Policy, op: &Op, client: &Client, scope: &Scope) -> Result<(), Refusal> {
    let scope = scope.to_string();
    let violations = policy.authorization_grant(&AuthorizationGrant {
        user: None,
        session_counts: None,
        client: input::Client { id: client.id, metadata: &client.metadata, is_static: client.is_static },
        scope: &scope,
        grant_type: input::GrantType::ClientCredentials,
        requester: Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() },
    });
    if violations.is_empty() {
        return Ok(());
    }
    let messages: Vec<_> = violations.iter().map(|violation| violation.msg.as_str()).collect();
    tracing::info!(client.id = %client.id, violations = messages.join("; "), "the policy refused a client");
    Err(Code::ScopeForbidden.because(messages.join("; ")))
}

/// Creates session and token, unless the client was disabled meanwhile: one statement on PostgreSQL, one transaction on SQLite.
async fn store(
    parts: Parts<'_>,
    op: &Op,
    client: ClientId,
    scope: &Scope,
    access: &Token,
) -> Result<Option<SessionId>, Error> {
    let handle = match Token::parse(access.expose()) {
        Some(kernel::Presented::Native { handle, .. }) => handle,
        _ => return Err(Error::internal("the mint made something that is no token")),
    };
    let (session, line, token): (SessionId, TokenLineId, TokenId) = (op.id(), op.id(), op.id());
    let session_values: [sea_orm::Value; 5] =
        [session.into(), client.into(), scope.clone().into(), op.now.into(), op.user_agent.clone().into()];
    let line_values: [sea_orm::Value; 5] = [
        line.into(),
        handle.into(),
        token.into(),
        access.hash().to_vec().into(),
        (op.now + parts.lifetimes.access_token).into(),
    ];
    if parts.db.engine() == Engine::Postgres {
        let event = audit::values(op, audit::Kind::SessionStarted);
        let values = session_values.into_iter().chain(line_values).chain(event);
        let stored = sql::execute(&parts.db.single, STORE_POSTGRES, values).await? > 0;
        return Ok(stored.then_some(session));
    }
    let work = async |tx: &store::Tx| {
        if sql::execute(tx, INSERT_SESSION, session_values).await? == 0 {
            return Ok(None);
        }
        let values = line_values.into_iter().chain([session.into(), op.now.into()]);
        sql::execute(tx, INSERT_LINE, values).await?;
        let subject = audit::Subject { client: Some(client), session: Some(session), ..Default::default() };
        audit::record(tx, op, audit::Kind::SessionStarted, subject).await?;
        Ok(Some(session))
    };
    parts.db.write(work).await
}

const INSERT_SESSION: &str = "INSERT INTO sessions (id, kind, client_id, scope, created_at, user_agent) \
  SELECT $1, 'oauth', c.id, $3, $4, $5 FROM oauth_clients c WHERE c.id = $2 AND c.disabled_at IS NULL";

const INSERT_LINE: &str = "INSERT INTO token_pairs \
  (id, handle, access_id, access_hash, access_expires_at, session_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";

const STORE_POSTGRES: &str = "\
WITH started AS (INSERT INTO sessions (id, kind, client_id, scope, created_at, user_agent) \
    SELECT $1, 'oauth', c.id, $3, $4, $5 FROM oauth_clients c \
    WHERE c.id = $2 AND c.disabled_at IS NULL RETURNING id), \
  line AS (INSERT INTO token_pairs (id, handle, access_id, access_hash, access_expires_at, session_id, created_at) \
    SELECT $6, $7, $8, $9, $10, id, $4 FROM started) \
INSERT INTO audit_events (id, kind, actor, address, request_id, client_id, session_id, user_agent, created_at) \
  SELECT $11, $12, $13, $14, $15, $2, id, $5, $4 FROM started";
