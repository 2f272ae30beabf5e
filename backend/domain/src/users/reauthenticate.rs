//! Proving again who one is, while signed in: before an app that asks for it, and before what must not happen to
//! whoever finds a browser open.
//!
//! Counted like a sign-in, in the same buckets: neither way gives more guesses than the other.

use std::time::Duration;

use kernel::{Error, Op, Result, Secret, id::UserId};
use store::{Db, Tx, sql};

use super::{
    Throttled,
    browser::{self, BrowserSession},
    login::{Parts, use_password},
};
use crate::{
    audit,
    passwords::{Hashed, Outcome, Password},
};

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
    let verified = match check(parts, op, (session.user, &session.username), password).await? {
        Check::Right(verified) => verified,
        Check::Wrong | Check::NoPassword => return Ok(Proof::Wrong),
        Check::Throttled(wait) => return Ok(Proof::Throttled(wait)),
    };
    let proven = parts.db.write(async |tx| {
        if !verified.r#use(tx, op).await? {
            return Ok::<_, Error>(Proof::Wrong);
        }
        Ok(if browser::prove(tx, op, session, "pwd").await? { Proof::Given } else { Proof::Gone })
    });
    match proven.await? {
        Proof::Wrong => {
            note(parts.db, op, session.user).await?;
            Ok(Proof::Wrong)
        }
        proof => Ok(proof),
    }
}

/// Whether a password is the account's.
#[derive(Debug)]
pub enum Check {
    /// It was; whether it still is, only a transaction can tell.
    Right(Verified),
    Wrong,
    NoPassword,
    Throttled(Duration),
}

/// A password that was right a moment ago.
#[derive(Debug)]
pub struct Verified {
    user: UserId,
    stored: Hashed,
    kept: Hashed,
}

impl Verified {
    /// Notes that it was used. False if the account has another one by now.
    pub async fn r#use(&self, tx: &Tx, op: &Op) -> Result<bool> {
        use_password(tx, op, self.user, &self.stored, &self.kept).await
    }
}

/// Charges the limiter as a sign-in does, then verifies. A wrong password is written down.
pub async fn check(parts: Parts<'_>, op: &Op, whose: (UserId, &str), password: &str) -> Result<Check> {
    match charge(parts, op, whose) {
        Ok(()) => verify(parts, op, whose.0, password).await,
        Err(throttled) => Ok(Check::Throttled(throttled.0)),
    }
}

/// Before any work is done for a try.
pub(super) fn charge(parts: Parts<'_>, op: &Op, (user, username): (UserId, &str)) -> Result<(), Throttled> {
    parts.limiter.charge(op.address, username)?;
    parts.limiter.charge_account(user)
}

/// The rest of [`check`].
pub(super) async fn verify(parts: Parts<'_>, op: &Op, user: UserId, password: &str) -> Result<Check> {
    let Ok(password) = Password::parse(password) else { return Ok(Check::Wrong) };
    let Some(stored) = stored(parts.db, user).await? else {
        parts.hasher.verify_nobody(password, op.random()).await?;
        return Ok(Check::NoPassword);
    };
    let outcome = parts.hasher.verify(stored.version, stored.text.clone(), password, op.random()).await?;
    let kept = match outcome {
        Outcome::Mismatch => {
            note(parts.db, op, user).await?;
            return Ok(Check::Wrong);
        }
        Outcome::Match => stored.clone(),
        Outcome::MatchAndUpgrade(hashed) => hashed,
    };
    Ok(Check::Right(Verified { user, stored, kept }))
}

async fn note(db: &Db, op: &Op, user: UserId) -> Result<()> {
    let subject = audit::Subject { user: Some(user), ..Default::default() };
    audit::record(&db.single, op, audit::Kind::PasswordProofFailed, subject).await
}

/// Whether the account has a password.
pub async fn has_password(db: &Db, user: UserId) -> Result<bool> {
    Ok(stored(db, user).await?.is_some())
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
