//! `POST /refresh`: [`crate::sessions::rotate`] for legacy sessions, which have no client to prove itself.

use kernel::{Op, Presented, Result, Token, id::SessionId};
use store::sql;

use crate::sessions::{
    pair::Family,
    rotate::{self, Line, Refused, Way, line, rotate, statement},
};

pub use crate::sessions::rotate::Parts;

/// What a refresh came to.
#[derive(Debug)]
pub enum Refresh {
    Done(Box<Refreshed>),
    /// It is no refresh token, or its session has ended, maybe because it was replayed just now.
    Unknown,
    /// It was used before, and its successor since.
    Superseded,
    /// The account is locked: unlocking it gives the session back.
    Locked,
}

#[derive(Clone, Debug)]
pub struct Refreshed {
    pub session: SessionId,
    pub access: Token,
    pub refresh: Token,
}

/// Exchanges a refresh token for the pair that succeeds it.
pub async fn refresh(parts: Parts<'_>, op: &Op, presented: &str) -> Result<Refresh> {
    let Some(token) = Token::parse(presented) else { return Ok(Refresh::Unknown) };
    let access_token_ttl = parts.lifetimes.compat_access_token;
    let way = Way { family: Family::Compat, access_token_ttl, statement: ROTATE };
    match rotate(parts, op, way, &token, []).await? {
        Some(rotated) => Ok(Refresh::Done(Box::new(Refreshed {
            session: rotated.row.try_get("", "session_id")?,
            access: rotated.access,
            refresh: rotated.refresh,
        }))),
        None => Box::pin(refuse(parts, op, &token)).await,
    }
}

/// Says why nothing was rotated; ends the session if the token is a proven replay.
async fn refuse(parts: Parts<'_>, op: &Op, token: &Presented<'_>) -> Result<Refresh> {
    let Presented::Native { kind, handle, .. } = *token else { return Ok(Refresh::Unknown) };
    if kind != Family::Compat.refresh() {
        return Ok(Refresh::Unknown);
    }
    let Some(row) = sql::one(&parts.db.read, DIAGNOSE, [handle.into()]).await? else {
        return Ok(Refresh::Unknown);
    };
    let (deactivated, line) = (row.try_get::<bool>("", "deactivated")?, Line::read(&row)?);
    let refused = rotate::refuse(parts, op, &line, token).await?;
    tracing::info!("Refused to refresh the legacy session {}: {}", line.session, refused.as_str());
    Ok(match refused {
        Refused::Stopped if !deactivated => Refresh::Locked,
        Refused::Superseded => Refresh::Superseded,
        Refused::Stopped | Refused::Ended | Refused::Replayed => Refresh::Unknown,
    })
}

const ROTATE: &str = statement!(
    "JOIN users u ON u.id = s.user_id \
     WHERE s.id = token_pairs.session_id AND s.finished_at IS NULL AND s.kind = 'compat' \
       AND u.locked_at IS NULL AND u.deactivated_at IS NULL",
    "successor_box IS NOT NULL AS boxed"
);

const DIAGNOSE: &str = concat!(
    "SELECT ",
    line!(),
    ", u.deactivated_at IS NOT NULL AS deactivated \
     FROM token_pairs t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id \
     WHERE t.handle = $1 AND s.kind = 'compat'"
);
