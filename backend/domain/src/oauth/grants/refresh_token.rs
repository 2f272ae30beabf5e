//! The refresh token grant (RFC 6749 §6): [`crate::sessions::rotate`], with a client that must be the right one.

use kernel::{Op, Presented, Scope, Token, TokenKind, id::*};
use sea_orm::QueryResult;
use store::sql;

use super::Tokens;
pub use crate::sessions::rotate::Parts;
use crate::{
    oauth::{Code, Refusal, clients::client_lets},
    sessions::{
        pair::Family,
        rotate::{self, Line, Refused, Way, line, rotate, statement},
    },
};

/// Who asks: proven already, or claiming to be a public client, which the same statement checks.
#[derive(Clone, Copy, Debug)]
pub enum Client {
    Proven(ClientId),
    Public(ClientId),
}

impl Client {
    pub const fn id(self) -> ClientId {
        match self {
            Self::Proven(id) | Self::Public(id) => id,
        }
    }
}

/// Exchanges a refresh token for the pair that succeeds it. A superseded one is refused, as a replay.
pub async fn refresh(parts: Parts<'_>, op: &Op, client: Client, presented: &str) -> Result<Tokens, Refusal> {
    let Some(token @ Presented::Native { kind: TokenKind::OauthRefresh, .. }) = Token::parse(presented)
    else {
        return Err(Code::InvalidGrant.because("this is not a refresh token of this service"));
    };
    let access_token_ttl = parts.lifetimes.access_token;
    let way = Way { family: Family::Oauth, access_token_ttl, statement: ROTATE };
    let guard = [client.id().into(), matches!(client, Client::Public(_)).into()];
    let Some(rotated) = rotate(parts, op, way, &token, guard).await? else {
        // Boxed, because its future is larger than that of all the rest.
        return Err(Box::pin(refuse(parts, op, client, &token)).await?);
    };
    Ok(Tokens {
        access: rotated.access,
        expires_in: access_token_ttl,
        refresh: Some(rotated.refresh),
        id_token: None,
        scope: rotated.row.try_get::<Scope>("", "scope")?,
        session: rotated.row.try_get("", "session_id")?,
    })
}

/// Says why nothing was rotated; ends the session if the token is a proven replay.
async fn refuse(
    parts: Parts<'_>,
    op: &Op,
    client: Client,
    token: &Presented<'_>,
) -> Result<Refusal, Refusal> {
    let unknown =
        || Code::InvalidGrant.because("this refresh token is not known: the session may have been removed");
    let Presented::Native { handle, .. } = token else { return Ok(unknown()) };
    let Some(row) = sql::one(&parts.db.read, DIAGNOSE, [(*handle).into(), client.id().into()]).await? else {
        return Ok(unknown());
    };
    let line = Line::read(&row)?;
    if let Some(refusal) = wrong_client(client, &line, &row)? {
        return Ok(refusal.of(line.session));
    }
    // The client was disabled since, and nobody has come to end the session yet.
    let refused = match row.try_get("", "outlived")? {
        true => Refused::Ended,
        false => rotate::refuse(parts, op, &line, token).await?,
    };
    let refusal = Code::InvalidGrant.because(refused.as_str());
    Ok(Refusal { is_passing: refused == Refused::Stopped, ..refusal.of(line.session) })
}

fn wrong_client(client: Client, line: &Line, row: &QueryResult) -> Result<Option<Refusal>, Refusal> {
    let method: Option<String> = row.try_get("", "asking_client_method")?;
    let refusal = match (client, method.as_deref()) {
        (_, None) => Code::InvalidClient.because("there is no client with this client_id"),
        (Client::Public(_), Some(method)) if method != "none" => {
            Code::InvalidClient.because("this client must authenticate")
        }
        _ if line.client != Some(client.id()) => {
            Code::InvalidGrant.because("this refresh token belongs to another client")
        }
        _ if !row.try_get::<bool>("", "may_refresh")? => {
            Code::UnauthorizedClient.because("this client is not registered for the refresh_token grant")
        }
        _ => return Ok(None),
    };
    Ok(Some(refusal))
}

// $11 client · $12 whether it claims to be public
const ROTATE: &str = statement!(
    concat!(
        "JOIN oauth_clients c ON c.id = s.client_id LEFT JOIN users u ON u.id = s.user_id \
         LEFT JOIN users o ON o.id = s.owner_user_id WHERE s.id = token_pairs.session_id AND s.finished_at IS NULL AND s.client_id = $11 \
           AND (c.auth_method = 'none' OR NOT $12) AND ' ' || c.grant_types || ' ' LIKE '% refresh_token %' \
           AND u.locked_at IS NULL AND u.deactivated_at IS NULL \
           AND o.locked_at IS NULL AND o.deactivated_at IS NULL AND ",
        client_lets!()
    ),
    "(SELECT s.scope FROM sessions s WHERE s.id = token_pairs.session_id) AS scope"
);

const DIAGNOSE: &str = concat!(
    "SELECT ",
    line!(),
    ", (SELECT COALESCE(c.auth_method, '') FROM oauth_clients c WHERE c.id = $2 AND c.disabled_at IS NULL) \
       AS asking_client_method, \
     EXISTS (SELECT 1 FROM oauth_clients c WHERE c.id = s.client_id AND s.created_at < c.sessions_ended_at) \
       AS outlived, \
     COALESCE((SELECT ' ' || c.grant_types || ' ' LIKE '% refresh_token %' FROM oauth_clients c WHERE c.id = s.client_id), \
       1 = 0) AS may_refresh \
     FROM token_pairs t JOIN sessions s ON s.id = t.session_id WHERE t.handle = $1"
);
