//! A new password in place of one that the person knows, or by an administrator.

use std::time::Duration;

use kernel::{Error, Op, Result, id::UserId};

use super::{
    login::Parts,
    password,
    reauthenticate::{Check, check},
};
use crate::passwords::{Complexity, Password, Verdict};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// The new one is too easily guessed, or too long.
    Weak,
    /// The current one is wrong.
    Wrong,
    NoPassword,
    Throttled(Duration),
}

/// Whether a new password will do. An empty one never does.
pub async fn is_strong(parts: Parts<'_>, complexity: Complexity, new: &str) -> Result<bool> {
    let Ok(new) = Password::parse(new) else { return Ok(false) };
    Ok(matches!(parts.hasher.judge(complexity, new).await?, Verdict::Strong { .. }))
}

/// Puts a new password, whose strength has been judged, in place of the current one. Sessions stay.
pub async fn by_current(
    parts: Parts<'_>,
    op: &Op,
    (user, username): (UserId, &str),
    current: &str,
    new: &str,
) -> Result<Changed> {
    let Ok(new) = Password::parse(new) else { return Ok(Changed::Weak) };
    let verified = match check(parts, op, (user, username), current).await? {
        Check::Right(verified) => verified,
        Check::Wrong => return Ok(Changed::Wrong),
        Check::NoPassword => return Ok(Changed::NoPassword),
        Check::Throttled(wait) => return Ok(Changed::Throttled(wait)),
    };
    let hashed = parts.hasher.hash(new, op.random()).await?;
    parts
        .db
        .write(async |tx| {
            // Somebody else may have changed it while this was hashing; then it is theirs that stays.
            if !verified.r#use(tx, op).await? {
                return Ok::<_, Error>(Changed::Wrong);
            }
            password::set(tx, op, user, &hashed).await?;
            Ok(Changed::Done)
        })
        .await
}

/// Sets a password whoever knows the current one, if there is one.
pub async fn by_administrator(parts: Parts<'_>, op: &Op, user: UserId, new: &str) -> Result<Changed> {
    let Ok(new) = Password::parse(new) else { return Ok(Changed::Weak) };
    let hashed = parts.hasher.hash(new, op.random()).await?;
    parts.db.write(async |tx| password::set(tx, op, user, &hashed).await).await?;
    Ok(Changed::Done)
}
