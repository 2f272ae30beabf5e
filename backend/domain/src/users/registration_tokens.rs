//! Registration tokens: what lets somebody register where registration is not open to everybody. Found by HMAC, sealed so that
//! they can be shown again to whoever administers them.

use kernel::{Error, Op, Result, Secret, Timestamp, id::RegistrationTokenId, seal::Vault};
use serde_json::json;
use store::{Run, Tx, sql};

use crate::audit;

/// 71 bits, which is enough for what is looked up through a limiter.
const LENGTH: usize = 12;
/// What tokens are looked up by ([`Vault::mac`]).
pub(crate) const TOKEN: &str = "registration token";

/// That a token can be used at the instant `$2`.
macro_rules! good {
    () => {
        " AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) \
          AND (usage_limit IS NULL OR times_used < usage_limit)"
    };
}

/// A token to be.
#[derive(Clone, Debug, Default)]
pub struct NewToken {
    /// Made up if absent. Compared exactly as it is.
    pub token: Option<Secret<String>>,
    /// How many accounts may be registered with it; any number if absent.
    pub usage_limit: Option<u32>,
    /// It is good before that instant; for ever if absent.
    pub expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct Issued {
    pub id: RegistrationTokenId,
    pub token: Secret<String>,
}

/// Keeps a new token. `None` if there is such a one already, revoked or not.
pub async fn issue(tx: &Tx, vault: &Vault, op: &Op, new: NewToken) -> Result<Option<Issued>> {
    let id: RegistrationTokenId = op.id();
    let token = new.token.unwrap_or_else(|| op.alphanumeric(LENGTH).into());
    // Also as one was kept under a secret that has been replaced.
    for hash in vault.macs(TOKEN, token.expose().as_bytes()) {
        if sql::one(tx, FIND, [hash.to_vec().into()]).await?.is_some() {
            return Ok(None);
        }
    }
    let values = [
        id.into(),
        vault.mac(TOKEN, token.expose().as_bytes()).to_vec().into(),
        vault.seal(&bound_to(id), token.expose().as_bytes(), op.random()).into(),
        new.usage_limit.map(i64::from).into(),
        op.now.into(),
        new.expires_at.into(),
    ];
    if sql::execute(tx, INSERT, values).await? == 0 {
        return Ok(None);
    }
    let data = json!({ "registration_token": id, "usage_limit": new.usage_limit });
    let subject = audit::Subject { data: Some(data), ..Default::default() };
    audit::record(tx, op, audit::Kind::RegistrationTokenIssued, subject).await?;
    Ok(Some(Issued { id, token }))
}

/// What a sealed token is bound to.
pub fn bound_to(id: RegistrationTokenId) -> String {
    format!("registration-token/{id}")
}

/// The token itself, for whoever administers them.
pub fn reveal(vault: &Vault, id: RegistrationTokenId, sealed: &str) -> Result<Secret<String>> {
    let opened = vault.open(&bound_to(id), sealed)?;
    String::from_utf8(opened.into_exposed()).map(Secret::new).map_err(Error::internal)
}

/// A limit that is to change, and what to: `None` takes it away.
pub type Limit<T> = Option<Option<T>>;

/// Changes limits of a token, revoked or not. False if there is no such token.
pub async fn update(
    tx: &Tx,
    op: &Op,
    id: RegistrationTokenId,
    usage_limit: Limit<u32>,
    expires_at: Limit<Timestamp>,
) -> Result<bool> {
    const UPDATE: &str = "UPDATE registration_tokens SET \
      usage_limit = CASE WHEN $2 = 1 THEN $3 ELSE usage_limit END, \
      expires_at = CASE WHEN $4 = 1 THEN $5 ELSE expires_at END WHERE id = $1";
    let values = [
        id.into(),
        i64::from(usage_limit.is_some()).into(),
        usage_limit.flatten().map(i64::from).into(),
        i64::from(expires_at.is_some()).into(),
        expires_at.flatten().into(),
    ];
    let updated = sql::execute(tx, UPDATE, values).await? > 0;
    if updated {
        note(tx, op, id, audit::Kind::RegistrationTokenUpdated).await?;
    }
    Ok(updated)
}

/// Nobody can register with it any more. False if that is so already, or if there is no such token.
pub async fn revoke(tx: &Tx, op: &Op, id: RegistrationTokenId) -> Result<bool> {
    const REVOKE: &str =
        "UPDATE registration_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    let revoked = sql::execute(tx, REVOKE, [id.into(), op.now.into()]).await? > 0;
    if revoked {
        note(tx, op, id, audit::Kind::RegistrationTokenRevoked).await?;
    }
    Ok(revoked)
}

/// Takes [`revoke`] back. False if it is not revoked, or if there is no such token.
pub async fn unrevoke(tx: &Tx, op: &Op, id: RegistrationTokenId) -> Result<bool> {
    const UNREVOKE: &str =
        "UPDATE registration_tokens SET revoked_at = NULL WHERE id = $1 AND revoked_at IS NOT NULL";
    let restored = sql::execute(tx, UNREVOKE, [id.into()]).await? > 0;
    if restored {
        note(tx, op, id, audit::Kind::RegistrationTokenUnrevoked).await?;
    }
    Ok(restored)
}

/// The token that somebody has typed, if it is good.
pub async fn find_good(
    db: &impl Run,
    vault: &Vault,
    op: &Op,
    typed: &str,
) -> Result<Option<RegistrationTokenId>> {
    // Also as it was kept under a secret that has been replaced.
    for hash in vault.macs(TOKEN, typed.as_bytes()) {
        if let Some(row) = sql::one(db, FIND_GOOD, [hash.to_vec().into(), op.now.into()]).await? {
            return Ok(Some(row.try_get("", "id")?));
        }
    }
    Ok(None)
}

/// Whether somebody could still register with it.
pub async fn is_good(db: &impl Run, op: &Op, id: RegistrationTokenId) -> Result<bool> {
    const IS_GOOD: &str = concat!("SELECT id FROM registration_tokens WHERE id = $1", good!());
    Ok(sql::one(db, IS_GOOD, [id.into(), op.now.into()]).await?.is_some())
}

/// Counts an account that was made with it. False if it is not good any more: of many at once, no more get through than it
/// is for.
pub(super) async fn take(tx: &Tx, op: &Op, id: RegistrationTokenId) -> Result<bool> {
    const TAKE: &str = concat!(
        "UPDATE registration_tokens SET times_used = times_used + 1, last_used_at = $2 WHERE id = $1",
        good!()
    );
    Ok(sql::execute(tx, TAKE, [id.into(), op.now.into()]).await? > 0)
}

async fn note(tx: &Tx, op: &Op, id: RegistrationTokenId, kind: audit::Kind) -> Result<()> {
    let data = Some(json!({ "registration_token": id }));
    audit::record(tx, op, kind, audit::Subject { data, ..Default::default() }).await
}

const FIND: &str = "SELECT id FROM registration_tokens WHERE token_hash = $1";

const FIND_GOOD: &str = concat!("SELECT id FROM registration_tokens WHERE token_hash = $1", good!());

const INSERT: &str = "INSERT INTO registration_tokens (id, token_hash, token_box, usage_limit, created_at, expires_at) \
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
