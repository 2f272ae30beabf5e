//! Why a token was not accepted, for whoever holds it: asked only after [`super::accept`] has said no.

use kernel::{Op, Presented, Result, Timestamp};
use store::{Db, sql};

use crate::oauth::clients::client_lets;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was never given out, or is so old that nothing of it is kept.
    Unknown,
    /// Or its client was disabled.
    SessionEnded,
    /// By time, or by its successor.
    Expired,
    /// Somebody behind it is locked or deactivated.
    UserInactive,
}

/// Of an access token that was minted here; of others it is [`Why::Unknown`]. One statement.
pub async fn why(db: &Db, op: &Op, token: &Presented<'_>) -> Result<Why> {
    let Presented::Native { handle, .. } = *token else { return Ok(Why::Unknown) };
    let Some(row) = sql::one(&db.read, FIND, [handle.into(), token.hash().to_vec().into()]).await? else {
        return Ok(Why::Unknown);
    };
    let at = |name| row.try_get::<Option<Timestamp>>("", name);
    Ok(if row.try_get("", "ended")? {
        Why::SessionEnded
    } else if at("revoked_at")?.is_some() || at("expires_at")?.is_some_and(|expiry| expiry <= op.now) {
        Why::Expired
    } else if row.try_get("", "inactive")? {
        Why::UserInactive
    } else {
        Why::Expired // by its successor, which is in use
    })
}

const FIND: &str = concat!(
    "SELECT (s.finished_at IS NOT NULL OR NOT (",
    client_lets!(),
    ")) AS ended, t.revoked_at, \
    CASE WHEN t.access_hash = $2 THEN t.access_expires_at ELSE t.prior_access_expires_at END AS expires_at, \
    (u.locked_at IS NOT NULL OR u.deactivated_at IS NOT NULL \
      OR o.locked_at IS NOT NULL OR o.deactivated_at IS NOT NULL) AS inactive \
  FROM token_pairs t JOIN sessions s ON s.id = t.session_id \
  LEFT JOIN users u ON u.id = s.user_id LEFT JOIN users o ON o.id = s.owner_user_id \
  LEFT JOIN oauth_clients c ON c.id = s.client_id \
  WHERE t.handle = $1 AND (t.access_hash = $2 OR t.prior_access_hash = $2)"
);
