//! A new password in place of one that the person knows, or by an administrator.

use std::time::Duration;

use kernel::{
    Error, Op, Result,
    id::{SessionId, UserId},
};
use serde_json::Value;

use super::{
    login::Parts,
    password,
    reauthenticate::{Check, charge, verify},
};
use crate::{
    audit::{self, Administered, Subject},
    passwords::{Complexity, Password, Verdict},
};

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

/// What somebody wants who knows their password.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub current: &'a str,
    pub new: &'a str,
    /// The least that the new one must be.
    pub complexity: Complexity,
}

/// Puts a new password in place of the current one. Sessions stay.
pub async fn by_current(
    parts: Parts<'_>,
    op: &Op,
    (user, username): (UserId, &str),
    wish: Wish<'_>,
) -> Result<Changed> {
    // Judging may take longer than verifying, so a weak password is a try, too.
    if let Err(throttled) = charge(parts, op, (user, username)) {
        return Ok(Changed::Throttled(throttled.0));
    }
    let Some(new) = strong(parts, wish.complexity, wish.new).await? else { return Ok(Changed::Weak) };
    let verified = match verify(parts, op, user, wish.current).await? {
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

/// Sets a password whoever knows the current one, if there is one. `by_session` is the administrator's.
pub async fn by_administrator(
    parts: Parts<'_>,
    op: &Op,
    (user, by_session): (UserId, SessionId),
    (new, complexity): (&str, Complexity),
) -> Result<Changed> {
    let Some(new) = strong(parts, complexity, new).await? else { return Ok(Changed::Weak) };
    let hashed = parts.hasher.hash(new, op.random()).await?;
    let set = async |tx: &_| {
        password::set(tx, op, user, &hashed).await?;
        let subject = Subject { user: Some(user), ..Default::default() };
        let change = Administered {
            operation: "setPassword",
            target: None,
            by_session,
            before: Value::Null,
            after: Value::Null,
        };
        audit::administered(tx, op, subject, change).await
    };
    parts.db.write(set).await?;
    Ok(Changed::Done)
}

/// The password, if it will do. An empty one never does.
async fn strong(parts: Parts<'_>, complexity: Complexity, new: &str) -> Result<Option<Password>> {
    let Ok(password) = Password::parse(new) else { return Ok(None) };
    match parts.hasher.judge(complexity, password).await? {
        Verdict::Strong { .. } => Ok(Password::parse(new).ok()),
        Verdict::Weak { .. } => Ok(None),
    }
}
