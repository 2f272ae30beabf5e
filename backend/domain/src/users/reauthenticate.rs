//! Proving again who one is, while signed in: before an app that asks for it, and before what must not happen to
//! whoever finds a browser open.
//!
//! Counted like a sign-in, in the same buckets: neither way gives more guesses than the other.

use std::time::Duration;

use kernel::{Error, Op, Result, Secret, id::UserId};
use store::{Db, sql};

use super::{
    browser::{self, BrowserSession},
    login::{Parts, note_failure, use_password},
};
use crate::passwords::{Hashed, Outcome, Password};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The browser session is as good as new.
    Given,
    Wrong,
    /// The session has ended, or the account was stopped, meanwhile.
    Gone,
    Throttled(Duration),
}

/// Takes the password of the account that is signed in, and of no other.
pub async fn by_password(
    parts: Parts<'_>,
    op: &Op,
    session: &BrowserSession,
    password: &str,
) -> Result<Proof> {
    let charged = parts.limiter.charge(op.address, &session.username);
    if let Err(throttled) = charged.and_then(|()| parts.limiter.charge_account(session.user)) {
        return Ok(Proof::Throttled(throttled.0));
    }
    let Ok(password) = Password::parse(password) else { return Ok(Proof::Wrong) };
    let Some(stored) = stored(parts.db, session.user).await? else {
        parts.hasher.verify_nobody(password, op.random()).await?;
        return wrong(parts, op, session).await;
    };
    let outcome = parts.hasher.verify(stored.version, stored.text.clone(), password, op.random()).await?;
    let kept = match outcome {
        Outcome::Mismatch => return wrong(parts, op, session).await,
        Outcome::Match => stored.clone(),
        Outcome::MatchAndUpgrade(hashed) => hashed,
    };
    let proven = parts.db.write(async |tx| {
        if !use_password(tx, op, session.user, &stored, &kept).await? {
            return Ok::<_, Error>(Proof::Wrong);
        }
        Ok(if browser::prove(tx, op, session, "pwd").await? { Proof::Given } else { Proof::Gone })
    });
    match proven.await? {
        Proof::Wrong => wrong(parts, op, session).await,
        proof => Ok(proof),
    }
}

async fn wrong(parts: Parts<'_>, op: &Op, session: &BrowserSession) -> Result<Proof> {
    note_failure(parts.db, op, Some(session.user)).await?;
    Ok(Proof::Wrong)
}

async fn stored(db: &Db, user: UserId) -> Result<Option<Hashed>> {
    const FIND: &str = "SELECT version, secret FROM authenticators \
      WHERE user_id = $1 AND kind = 'password' AND retired_at IS NULL";
    let Some(row) = sql::one(&db.read, FIND, [user.into()]).await? else { return Ok(None) };
    let version: i64 = row.try_get("", "version")?;
    Ok(Some(Hashed {
        version: u16::try_from(version).map_err(Error::internal)?,
        text: Secret::new(row.try_get("", "secret")?),
    }))
}
