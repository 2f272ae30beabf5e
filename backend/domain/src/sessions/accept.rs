//! The one place that decides whether a presented token is good, for introspection, userinfo and every API.
//!
//! One statement finds the token, its session and its user. First use of an access token is recorded before the
//! answer goes out, because from then on its predecessor is on its way out (`docs/security.md`): in the same
//! statement on PostgreSQL, in one more on SQLite.

use std::time::Duration;

use kernel::{
    Error, Op, Result, Timestamp,
    id::*,
    token::{Presented, TokenKind},
};
use sea_orm::QueryResult;
use store::{Db, Engine, sql};

use super::SessionKind;

/// A good token, and what it stands for.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub token: TokenId,
    pub line: TokenLineId,
    pub session: SessionId,
    pub kind: SessionKind,
    pub is_refresh: bool,
    pub expires_at: Option<Timestamp>,
    pub user: Option<AcceptedUser>,
    pub client: Option<ClientId>,
    pub browser_session: Option<BrowserSessionId>,
    pub scope: String,
    pub device: Option<String>,
    pub is_synapse_admin: bool,
}

#[derive(Clone, Debug)]
pub struct AcceptedUser {
    pub id: UserId,
    pub username: String,
    pub can_request_admin: bool,
}

/// Looks a token up. `None` for one that is unknown, expired, superseded or revoked, whose session has ended, or
/// whose user (or owner) is locked or deactivated. `overlap` is `oauth.refresh_token_overlap`.
pub async fn accept(db: &Db, op: &Op, token: &Presented<'_>, overlap: Duration) -> Result<Option<Accepted>> {
    // Tokens that a migration brings in are found by another key; none exists before that capability does.
    let Presented::Native { handle, kind, .. } = *token else { return Ok(None) };
    let sqlite = db.engine() == Engine::Sqlite;
    let hash = token.hash().to_vec();
    let row = if token.is_refresh() {
        sql::one(&db.read, REFRESH, [handle.into(), hash.clone().into()]).await?
    } else {
        let statement = if sqlite { ACCESS } else { USE_ACCESS };
        let values =
            [handle.into(), hash.clone().into(), oldest_expiry(op, kind).into(), (op.now - overlap).into()];
        sql::one(&db.read, statement, values).await?
    };
    let Some(row) = row else { return Ok(None) };
    let accepted = read(&row, token)?;
    if sqlite && !accepted.is_refresh && row.try_get::<bool>("", "unused")? {
        let values = [accepted.line.into(), hash.into(), op.now.into()];
        sql::execute(&db.single, RECORD_FIRST_USE, values).await?;
    }
    Ok(Some(accepted))
}

/// OAuth tokens are good at the very instant of their expiry, legacy and personal ones no longer.
fn oldest_expiry(op: &Op, kind: TokenKind) -> Timestamp {
    if kind == TokenKind::OauthAccess { op.now } else { op.now + Duration::from_micros(1) }
}

fn read(row: &QueryResult, token: &Presented<'_>) -> Result<Accepted> {
    let kind: String = row.try_get("", "kind")?;
    let user = match row.try_get::<Option<UserId>>("", "user_id")? {
        None => None,
        Some(id) => Some(AcceptedUser {
            id,
            username: row.try_get("", "username")?,
            can_request_admin: row.try_get("", "can_request_admin")?,
        }),
    };
    Ok(Accepted {
        token: row.try_get("", "token_id")?,
        line: row.try_get("", "line_id")?,
        session: row.try_get("", "session_id")?,
        kind: SessionKind::from_name(&kind)
            .ok_or_else(|| Error::internal(format!("a session of unknown kind {kind:?}")))?,
        is_refresh: token.is_refresh(),
        expires_at: row.try_get("", "expires_at")?,
        user,
        client: row.try_get("", "client_id")?,
        browser_session: row.try_get("", "browser_session_id")?,
        scope: row.try_get("", "scope")?,
        device: row.try_get("", "device_id")?,
        is_synapse_admin: row.try_get("", "is_synapse_admin")?,
    })
}

macro_rules! standing_for {
    () => {
        "s.id AS session_id, s.kind, s.scope, s.device_id, s.client_id, s.browser_session_id, \
         s.is_synapse_admin, s.user_id, u.username, u.can_request_admin \
         FROM token_pairs t JOIN sessions s ON s.id = t.session_id \
         LEFT JOIN users u ON u.id = s.user_id LEFT JOIN users o ON o.id = s.owner_user_id \
         WHERE t.handle = $1 AND t.revoked_at IS NULL AND s.finished_at IS NULL \
           AND u.locked_at IS NULL AND u.deactivated_at IS NULL \
           AND o.locked_at IS NULL AND o.deactivated_at IS NULL "
    };
}

macro_rules! access {
    () => {
        concat!(
            "SELECT t.id AS line_id, t.access_hash = $2 AND t.access_used_at IS NULL AS unused, \
             CASE WHEN t.access_hash = $2 THEN t.access_id ELSE t.prior_access_id END AS token_id, \
             CASE WHEN t.access_hash = $2 THEN t.access_expires_at ELSE t.prior_access_expires_at END AS expires_at, ",
            standing_for!(),
            // The predecessor lives on until the overlap after its successor's first use has passed.
            "AND ((t.access_hash = $2 AND (t.access_expires_at IS NULL OR t.access_expires_at >= $3)) \
              OR (t.prior_access_hash = $2 AND t.prior_access_expires_at >= $3 \
                  AND (t.access_used_at IS NULL OR t.access_used_at > $4)))"
        )
    };
}

const ACCESS: &str = access!();

const USE_ACCESS: &str = concat!(
    "WITH line AS (",
    access!(),
    "), used AS (UPDATE token_pairs SET access_used_at = $3 FROM line \
       WHERE token_pairs.id = line.line_id AND line.unused \
         AND token_pairs.access_hash = $2 AND token_pairs.access_used_at IS NULL) \
     SELECT * FROM line"
);

const REFRESH: &str = concat!(
    "SELECT t.id AS line_id, t.refresh_id AS token_id, NULL AS expires_at, ",
    standing_for!(),
    "AND t.refresh_hash = $2"
);

const RECORD_FIRST_USE: &str = "UPDATE token_pairs SET access_used_at = $3 WHERE id = $1 AND access_hash = $2 AND access_used_at IS NULL";
