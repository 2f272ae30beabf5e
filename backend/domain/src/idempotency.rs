//! Requests that may be sent again: what was answered the first time is kept for a day, and given out again, sealed meanwhile,
//! as it may hold tokens. A key belongs to whoever used it first, for that one request.

use std::time::Duration;

use kernel::{Op, Result, seal::Vault, token};
use store::{Db, sql};

use crate::audit;

/// How long a request can be sent again. Clean-up takes what is older.
pub const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A key as this caller uses it, and what it is used for.
#[derive(Clone, Debug)]
pub struct Key {
    actor: String,
    key: [u8; 32],
    request: [u8; 32],
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has sent it before: it is the caller's to carry out.
    New,
    /// It is being carried out, or was interrupted.
    Unsettled,
    /// It was answered so.
    Answered(Vec<u8>),
    /// The key was used for another request.
    Reused,
}

impl Key {
    /// `request` is all that makes it this request: method, address, body, what it is bound to, and the rights with which it is sent.
    pub fn new(op: &Op, key: &str, request: &str) -> Self {
        Self { actor: audit::actor(op.actor), key: token::hash(key), request: token::hash(request) }
    }

    fn bound_to(&self) -> String {
        let hex: String = self.key.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("idempotency/{}/{hex}", self.actor)
    }

    fn values(&self) -> [sea_orm::Value; 2] {
        [self.actor.clone().into(), self.key.to_vec().into()]
    }
}

/// Takes the key, if nobody has.
pub async fn begin(db: &Db, vault: &Vault, op: &Op, key: &Key) -> Result<Standing> {
    // One of long ago is as good as none.
    const TAKE: &str = "INSERT INTO idempotency_keys (actor, key_hash, request_hash, created_at) \
      VALUES ($1, $2, $3, $4) ON CONFLICT (actor, key_hash) DO UPDATE \
      SET request_hash = excluded.request_hash, answer_box = NULL, created_at = excluded.created_at \
      WHERE idempotency_keys.created_at < $5";
    const FIND: &str =
        "SELECT request_hash, answer_box FROM idempotency_keys WHERE actor = $1 AND key_hash = $2";
    let more = [key.request.to_vec().into(), op.now.into(), (op.now - KEPT).into()];
    if sql::execute(&db.single, TAKE, key.values().into_iter().chain(more)).await? > 0 {
        return Ok(Standing::New);
    }
    let Some(row) = sql::one(&db.read, FIND, key.values()).await? else { return Ok(Standing::Unsettled) };
    if row.try_get::<Vec<u8>>("", "request_hash")? != key.request {
        return Ok(Standing::Reused);
    }
    match row.try_get::<Option<String>>("", "answer_box")? {
        None => Ok(Standing::Unsettled),
        Some(sealed) => Ok(Standing::Answered(vault.open(&key.bound_to(), &sealed)?.into_exposed())),
    }
}

/// Keeps the answer.
pub async fn settle(db: &Db, vault: &Vault, op: &Op, key: &Key, answer: &[u8]) -> Result<()> {
    const SETTLE: &str = "UPDATE idempotency_keys SET answer_box = $3 WHERE actor = $1 AND key_hash = $2";
    let sealed = vault.seal(&key.bound_to(), answer, op.random());
    sql::execute(&db.single, SETTLE, key.values().into_iter().chain([sealed.into()])).await?;
    Ok(())
}

/// Gives the key back: nothing came of the request, and sending it again may help.
pub async fn abandon(db: &Db, key: &Key) -> Result<()> {
    const ABANDON: &str = "DELETE FROM idempotency_keys WHERE actor = $1 AND key_hash = $2";
    sql::execute(&db.single, ABANDON, key.values()).await?;
    Ok(())
}
