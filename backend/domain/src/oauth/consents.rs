//! What people have agreed to, so that they are not asked the same again.
//!
//! An answer without a question is given only where nobody can gain by it:
//! - for scopes that tell who somebody is. A scope that acts (the Matrix API, a device, administration) is asked for
//!   every time: a device that appears silently could read everything, and who is lured to a link would not notice;
//! - to the web. The address of an app on a device can be claimed by any other app there (RFC 8252 §8.6);
//! - as long as the policy agrees, which is asked every time.
//!
//! The operator can trust a configured client with everything but administration (`clients[].skip_consent`).
//! A memory is forgotten when the password changes, when a stolen token or code shows up, and when the client changes.

use kernel::{
    Op, Result, Scope,
    id::{ClientId, UserId},
    scope::{EMAIL, OPENID, PROFILE, SYNAPSE_ADMIN, is_admin},
};
use store::{Db, Run, Tx, sql};
use url::Url;

use super::{clients::Client, redirect_uri};

/// Scopes that only tell who somebody is.
const IDENTITY: [&str; 3] = [OPENID, EMAIL, PROFILE];

/// Whether the person need not be asked: they agreed to all of this before, or the operator trusts the client.
pub async fn is_given(
    db: &Db,
    client: &Client,
    user: UserId,
    scope: &Scope,
    redirect_uri: &Url,
) -> Result<bool> {
    if is_imitable(redirect_uri) || scope.iter().any(|token| token == SYNAPSE_ADMIN || is_admin(token)) {
        return Ok(false);
    }
    if client.skip_consent {
        return Ok(true);
    }
    if rememberable(scope).next().is_none() || !scope.iter().all(is_identity) {
        return Ok(false);
    }
    let remembered = remembered(&db.read, client.id, user).await?;
    Ok(scope.iter().all(|token| remembered.contains(token)))
}

/// Keeps what the person has just agreed to, besides what they agreed to before.
pub async fn remember(
    tx: &Tx,
    op: &Op,
    client: ClientId,
    user: UserId,
    scope: &Scope,
    redirect_uri: &Url,
) -> Result<()> {
    if is_imitable(redirect_uri) || rememberable(scope).next().is_none() {
        return Ok(());
    }
    let before = remembered(tx, client, user).await?;
    let all = Scope::from_tokens(before.iter().chain(rememberable(scope)))
        .map_err(|error| kernel::Error::internal(error.to_string()))?;
    let values = [user.into(), client.into(), all.to_string().into(), op.now.into()];
    sql::execute(tx, REMEMBER, values).await?;
    Ok(())
}

/// Asks this person again when this client comes next.
pub async fn forget(tx: &Tx, client: ClientId, user: UserId) -> Result<()> {
    const FORGET: &str = "DELETE FROM consents WHERE user_id = $1 AND client_id = $2";
    sql::execute(tx, FORGET, [user.into(), client.into()]).await?;
    Ok(())
}

/// Asks this person again, whichever client comes.
pub async fn forget_all(tx: &Tx, user: UserId) -> Result<()> {
    sql::execute(tx, "DELETE FROM consents WHERE user_id = $1", [user.into()]).await?;
    Ok(())
}

async fn remembered(db: &impl Run, client: ClientId, user: UserId) -> Result<Scope> {
    const FIND: &str = "SELECT scope FROM consents WHERE user_id = $1 AND client_id = $2";
    let row = sql::one(db, FIND, [user.into(), client.into()]).await?;
    Ok(row.map(|row| row.try_get("", "scope")).transpose()?.unwrap_or_default())
}

fn rememberable(scope: &Scope) -> impl Iterator<Item = &str> {
    scope.iter().filter(|token| is_identity(token))
}

fn is_identity(token: &str) -> bool {
    IDENTITY.contains(&token)
}

/// Whether another program could receive the answer: on the person's own device, addresses have no owner.
fn is_imitable(redirect_uri: &Url) -> bool {
    redirect_uri.scheme() != "https" || redirect_uri::is_loopback(redirect_uri)
}

const REMEMBER: &str = "INSERT INTO consents (user_id, client_id, scope, granted_at) VALUES ($1, $2, $3, $4) \
  ON CONFLICT (user_id, client_id) DO UPDATE SET scope = excluded.scope, granted_at = excluded.granted_at";
