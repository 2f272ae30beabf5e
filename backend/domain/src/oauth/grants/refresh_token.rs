//! The refresh token grant (RFC 6749 §6), with rotation, recovery of lost answers and detection of replays.
//!
//! One UPDATE does it, whoever else is doing the same at that moment. The construction and its security argument
//! are in `docs/security.md`.

use kernel::{Op, Presented, Scope, Timestamp, Token, TokenKind, id::*, seal::Lineage};
use sea_orm::QueryResult;
use store::{Db, sql};

use super::{Tokens, pair::Pair};
use crate::{
    audit,
    oauth::{Code, Lifetimes, Refusal},
    sessions::end::{self, Reason},
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

/// What a refresh works with.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub lineage: &'a Lineage,
    pub lifetimes: &'a Lifetimes,
}

/// Exchanges a refresh token for the pair that succeeds it. Asking again with the same token gives the same pair,
/// until that pair has been in use for `lifetimes.overlap`; later it is refused, as a replay.
pub async fn refresh(parts: Parts<'_>, op: &Op, client: Client, presented: &str) -> Result<Tokens, Refusal> {
    let Parts { db, lineage, lifetimes } = parts;
    let Some(token @ Presented::Native { kind: TokenKind::OauthRefresh, handle, .. }) =
        Token::parse(presented)
    else {
        return Err(Code::InvalidGrant.because("this is not a refresh token of this service"));
    };
    let pair = Pair::mint(lineage, op, handle);
    let expires_at = op.now + lifetimes.access_token;
    let values = [
        handle.into(),
        token.hash().to_vec().into(),
        pair.refresh.hash().to_vec().into(),
        pair.refresh_id.into(),
        pair.access.hash().to_vec().into(),
        pair.access_id.into(),
        expires_at.into(),
        pair.seal(lineage, op, token.expose(), handle).into(),
        op.now.into(),
        (op.now - lifetimes.overlap).into(),
        client.id().into(),
        matches!(client, Client::Public(_)).into(),
    ];
    let Some(row) = sql::one(&db.single, ROTATE, values).await? else {
        // Boxed, because its future is larger than that of all the rest.
        return Err(Box::pin(refuse(parts, op, client, &token)).await?);
    };
    let (access, refresh) = if row.try_get::<bool>("", "rotated")? {
        (pair.access, pair.refresh)
    } else {
        Pair::open(lineage, &row.try_get::<Vec<u8>>("", "successor_box")?, token.expose(), handle)?
    };
    Ok(Tokens {
        access,
        expires_in: lifetimes.access_token,
        refresh: Some(refresh),
        id_token: None,
        scope: row.try_get::<Scope>("", "scope")?,
        session: row.try_get("", "session_id")?,
    })
}

/// Says why nothing was rotated; ends the session if the token is a proven replay.
async fn refuse(
    parts: Parts<'_>,
    op: &Op,
    client: Client,
    token: &Presented<'_>,
) -> Result<Refusal, Refusal> {
    let Parts { db, lineage, lifetimes } = parts;
    let unknown =
        || Code::InvalidGrant.because("this refresh token is not known: the session may have been removed");
    let Presented::Native { handle, .. } = token else { return Ok(unknown()) };
    let Some(row) = sql::one(&db.read, DIAGNOSE, [(*handle).into(), client.id().into()]).await? else {
        return Ok(unknown());
    };
    let line = Line::read(&row)?;
    if line.asking_client_method.is_none() {
        return Ok(Code::InvalidClient.because("there is no client with this client_id"));
    }
    if matches!(client, Client::Public(_)) && line.asking_client_method.as_deref() != Some("none") {
        return Ok(Code::InvalidClient.because("this client must authenticate"));
    }
    if line.session_client != Some(client.id()) {
        return Ok(Code::InvalidGrant.because("this refresh token belongs to another client"));
    }
    if !line.may_refresh {
        return Ok(
            Code::UnauthorizedClient.because("this client is not registered for the refresh_token grant")
        );
    }
    if line.ended {
        return Ok(Code::InvalidGrant.because("the session has ended: sign in again"));
    }
    let hash = token.hash();
    let current = line.refresh_hash.as_deref() == Some(&hash);
    if current || line.prior_refresh_hash.as_deref() == Some(&hash) && line.locked {
        // Refused although it is the newest: the account cannot be used, so nothing was wrong with the token.
        return Ok(Code::InvalidGrant.because("the account is locked or deactivated"));
    }
    // A token that was made up around the handle of another proves nothing. And a successor that came to be within the
    // overlap may have raced with this request: refuse, but harm nobody.
    let settled = line.rotated_at.is_some_and(|rotated| rotated <= op.now - lifetimes.overlap);
    let proven = settled && lineage.vouches_for(token);
    if proven && lifetimes.end_session_on_replay {
        end_replayed(db, op, &line).await?;
        return Ok(Code::InvalidGrant.because(
            "this refresh token was used before, which may mean that somebody else has it: the session has been ended",
        ));
    }
    Ok(Code::InvalidGrant.because("this refresh token was used before: use the one that succeeded it"))
}

async fn end_replayed(db: &Db, op: &Op, line: &Line) -> Result<(), Refusal> {
    db.write(async |tx| {
        if end::end(tx, op, line.session, Reason::RefreshTokenReplayed).await? {
            let subject = audit::Subject {
                user: line.user,
                client: line.session_client,
                session: Some(line.session),
                ..Default::default()
            };
            audit::record(tx, op, audit::Kind::ReplayDetected, subject).await?;
        }
        Ok(())
    })
    .await
}

/// What the refusal is decided from.
struct Line {
    session: SessionId,
    session_client: Option<ClientId>,
    user: Option<UserId>,
    asking_client_method: Option<String>,
    may_refresh: bool,
    ended: bool,
    locked: bool,
    refresh_hash: Option<Vec<u8>>,
    prior_refresh_hash: Option<Vec<u8>>,
    rotated_at: Option<Timestamp>,
}

impl Line {
    fn read(row: &QueryResult) -> Result<Self, store::DbErr> {
        Ok(Self {
            session: row.try_get("", "session_id")?,
            session_client: row.try_get("", "client_id")?,
            user: row.try_get("", "user_id")?,
            asking_client_method: row.try_get("", "asking_client_method")?,
            may_refresh: row.try_get("", "may_refresh")?,
            ended: row.try_get("", "ended")?,
            locked: row.try_get("", "locked")?,
            refresh_hash: row.try_get("", "refresh_hash")?,
            prior_refresh_hash: row.try_get("", "prior_refresh_hash")?,
            rotated_at: row.try_get("", "rotated_at")?,
        })
    }
}

// $1 handle · $2 presented hash · $3, $4 new refresh hash, id · $5, $6 new access hash, id · $7 its expiry
// $8 sealed pair · $9 now · $10 now less the overlap · $11 client · $12 whether it claims to be public
//
// Every CASE asks the same: is the presented token the current one (rotate), or the one before (repeat the answer)?
// A repeat keeps the pair and gives its access token a full life again. Concurrent requests queue on the row, and
// those that come second see it as the first one left it.
const ROTATE: &str = "\
UPDATE token_pairs SET \
  prior_refresh_hash = CASE WHEN refresh_hash = $2 THEN refresh_hash ELSE prior_refresh_hash END, \
  prior_access_hash = CASE WHEN refresh_hash = $2 THEN access_hash ELSE prior_access_hash END, \
  prior_access_id = CASE WHEN refresh_hash = $2 THEN access_id ELSE prior_access_id END, \
  prior_access_expires_at = CASE WHEN refresh_hash = $2 THEN access_expires_at ELSE prior_access_expires_at END, \
  refresh_hash = CASE WHEN refresh_hash = $2 THEN $3 ELSE refresh_hash END, \
  refresh_id = CASE WHEN refresh_hash = $2 THEN $4 ELSE refresh_id END, \
  access_hash = CASE WHEN refresh_hash = $2 THEN $5 ELSE access_hash END, \
  access_id = CASE WHEN refresh_hash = $2 THEN $6 ELSE access_id END, \
  access_expires_at = $7, \
  access_used_at = CASE WHEN refresh_hash = $2 THEN NULL ELSE access_used_at END, \
  successor_box = CASE WHEN refresh_hash = $2 THEN $8 ELSE successor_box END, \
  rotated_at = CASE WHEN refresh_hash = $2 THEN $9 ELSE rotated_at END \
WHERE handle = $1 AND revoked_at IS NULL \
  AND (refresh_hash = $2 OR (prior_refresh_hash = $2 AND (access_used_at IS NULL OR access_used_at > $10))) \
  AND EXISTS (SELECT 1 FROM sessions s JOIN oauth_clients c ON c.id = s.client_id LEFT JOIN users u ON u.id = s.user_id \
    WHERE s.id = token_pairs.session_id AND s.finished_at IS NULL AND s.client_id = $11 \
      AND (c.auth_method = 'none' OR NOT $12) AND ' ' || c.grant_types || ' ' LIKE '% refresh_token %' \
      AND u.locked_at IS NULL AND u.deactivated_at IS NULL) \
RETURNING refresh_hash = $3 AS rotated, successor_box, session_id, \
  (SELECT s.scope FROM sessions s WHERE s.id = token_pairs.session_id) AS scope";

const DIAGNOSE: &str = "\
SELECT s.id AS session_id, s.client_id, s.user_id, t.refresh_hash, t.prior_refresh_hash, t.rotated_at, \
  (SELECT COALESCE(c.auth_method, '') FROM oauth_clients c WHERE c.id = $2) AS asking_client_method, \
  COALESCE((SELECT ' ' || c.grant_types || ' ' LIKE '% refresh_token %' FROM oauth_clients c WHERE c.id = s.client_id), \
    1 = 0) AS may_refresh, \
  (s.finished_at IS NOT NULL OR t.revoked_at IS NOT NULL) AS ended, \
  (u.locked_at IS NOT NULL OR u.deactivated_at IS NOT NULL) AS locked \
FROM token_pairs t JOIN sessions s ON s.id = t.session_id LEFT JOIN users u ON u.id = s.user_id \
WHERE t.handle = $1";
