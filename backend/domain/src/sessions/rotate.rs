//! Refresh tokens, whichever API they come through: rotation, recovery of lost answers and detection of replays.
//!
//! One UPDATE does it, whoever else is doing the same at that moment. The construction and its security argument
//! are in `docs/security.md`. What an API asks for besides (a client that proves itself, say) is a guard of its own in that
//! UPDATE.

use std::time::Duration;

use kernel::{Op, Presented, Result, Timestamp, Token, id::*, seal::Lineage};
use sea_orm::{QueryResult, Value};
use store::{Db, DbErr, sql};

use super::{
    end::{self, Reason},
    pair::{Family, Pair},
};
use crate::{audit, oauth::Lifetimes};

/// What a refresh works with.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub lineage: &'a Lineage,
    pub lifetimes: &'a Lifetimes,
}

/// How an API rotates.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub family: Family,
    pub access_token_ttl: Duration,
    /// Made by [`statement`], with what it returns besides.
    pub statement: &'static str,
}

/// The pair that succeeds the presented token, and the row that the statement gave.
pub struct Rotated {
    pub access: Token,
    pub refresh: Token,
    pub row: QueryResult,
}

/// Exchanges a refresh token for the pair that succeeds it. Asking again with the same token gives the same pair,
/// until that pair has been in use for `lifetimes.overlap`. `None` if the token or the guard, whose values begin at `$11`,
/// does not hold.
pub async fn rotate<const N: usize>(
    parts: Parts<'_>,
    op: &Op,
    way: Way,
    token: &Presented<'_>,
    guard: [Value; N],
) -> Result<Option<Rotated>> {
    let Parts { db, lineage, lifetimes } = parts;
    let Presented::Native { kind, handle, .. } = *token else { return Ok(None) };
    if kind != way.family.refresh() {
        return Ok(None);
    }
    let pair = Pair::mint(lineage, op, way.family, handle);
    let values = [
        handle.into(),
        token.hash().to_vec().into(),
        pair.refresh.hash().to_vec().into(),
        pair.refresh_id.into(),
        pair.access.hash().to_vec().into(),
        pair.access_id.into(),
        (op.now + way.access_token_ttl).into(),
        pair.seal(lineage, op, token.expose(), handle).into(),
        op.now.into(),
        (op.now - lifetimes.overlap).into(),
    ];
    let Some(row) = sql::one(&db.single, way.statement, values.into_iter().chain(guard)).await? else {
        return Ok(None);
    };
    let (access, refresh) = if row.try_get::<bool>("", "rotated")? {
        (pair.access, pair.refresh)
    } else {
        Pair::open(lineage, &row.try_get::<Vec<u8>>("", "successor_box")?, token.expose(), handle)?
    };
    Ok(Some(Rotated { access, refresh, row }))
}

// $1 handle · $2 presented hash · $3, $4 new refresh hash, id · $5, $6 new access hash, id · $7 its expiry
// $8 sealed pair · $9 now · $10 now less the overlap · from $11 on, what the guard needs
//
// Every CASE asks the same: is the presented token the current one (rotate), or the one before (repeat the answer)?
// A repeat keeps the pair and gives its access token a full life again. Concurrent requests queue on the row, and
// those that come second see it as the first one left it.
macro_rules! statement {
    ($guard:expr, $returning:expr) => {
        concat!(
            "UPDATE token_pairs SET \
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
  AND EXISTS (SELECT 1 FROM sessions s ",
            $guard,
            ") RETURNING refresh_hash = $3 AS rotated, successor_box, session_id, ",
            $returning
        )
    };
}
pub(crate) use statement;

/// Why nothing was rotated, apart from what the guard asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Ended,
    /// The account, or its owner's, is locked or deactivated: nothing was wrong with the token.
    Stopped,
    /// It was used before. It may have raced with the request that did, or it is made up around the handle of another.
    Superseded,
    /// It was minted here and used long before: somebody else may have it. The session has been ended.
    Replayed,
}

impl Refused {
    /// For the developer of the client, and for the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "the session has ended: sign in again",
            Self::Stopped => "the account is locked or deactivated",
            Self::Superseded => "this refresh token was used before: use the one that succeeded it",
            Self::Replayed => {
                "this refresh token was used before, which may mean that somebody else has it: the session has been ended"
            }
        }
    }
}

/// What a refusal is decided from.
#[derive(Clone, Debug)]
pub struct Line {
    pub session: SessionId,
    pub client: Option<ClientId>,
    user: Option<UserId>,
    ended: bool,
    stopped: bool,
    refresh_hash: Option<Vec<u8>>,
    prior_refresh_hash: Option<Vec<u8>>,
    rotated_at: Option<Timestamp>,
}

/// What [`Line::read`] reads, in a query that joins `token_pairs t` and `sessions s`.
macro_rules! line {
    () => {
        "s.id AS session_id, s.client_id, s.user_id, t.refresh_hash, t.prior_refresh_hash, t.rotated_at, \
         (s.finished_at IS NOT NULL OR t.revoked_at IS NOT NULL) AS ended, \
         EXISTS (SELECT 1 FROM users p WHERE p.id IN (s.user_id, s.owner_user_id) \
           AND (p.locked_at IS NOT NULL OR p.deactivated_at IS NOT NULL)) AS stopped"
    };
}
pub(crate) use line;

impl Line {
    pub fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            session: row.try_get("", "session_id")?,
            client: row.try_get("", "client_id")?,
            user: row.try_get("", "user_id")?,
            ended: row.try_get("", "ended")?,
            stopped: row.try_get("", "stopped")?,
            refresh_hash: row.try_get("", "refresh_hash")?,
            prior_refresh_hash: row.try_get("", "prior_refresh_hash")?,
            rotated_at: row.try_get("", "rotated_at")?,
        })
    }
}

/// Says why a token of this line was not taken; ends the session if it is a proven replay.
pub async fn refuse(parts: Parts<'_>, op: &Op, line: &Line, token: &Presented<'_>) -> Result<Refused> {
    let Parts { db, lineage, lifetimes } = parts;
    if line.ended {
        return Ok(Refused::Ended);
    }
    let hash = token.hash();
    let current = line.refresh_hash.as_deref() == Some(&hash);
    if current || line.prior_refresh_hash.as_deref() == Some(&hash) && line.stopped {
        // Refused although it is the newest.
        return Ok(Refused::Stopped);
    }
    // A token that was made up around the handle of another proves nothing. And a successor that came to be within the
    // overlap may have raced with this request: refuse, but harm nobody.
    let settled = line.rotated_at.is_some_and(|rotated| rotated <= op.now - lifetimes.overlap);
    let proven = settled && lineage.vouches_for(token);
    if proven && lifetimes.end_session_on_replay {
        end_replayed(db, op, line).await?;
        return Ok(Refused::Replayed);
    }
    Ok(Refused::Superseded)
}

async fn end_replayed(db: &Db, op: &Op, line: &Line) -> Result<()> {
    db.write(async |tx| {
        if end::end(tx, op, line.session, Reason::RefreshTokenReplayed).await? {
            let subject = audit::Subject {
                user: line.user,
                client: line.client,
                session: Some(line.session),
                ..Default::default()
            };
            audit::record(tx, op, audit::Kind::ReplayDetected, subject).await?;
        }
        Ok(())
    })
    .await
}
