//! Signing in with a password: at the page, and through the legacy API.
//!
//! The limiter is charged before anything is looked up, and a hash is computed whether or not the account exists.
//! No connection is held while hashing.

use std::time::Duration;

use kernel::{Error, Op, Result, Secret, Timestamp, id::*, name::normalise};
use sea_orm::{QueryResult, Value};
use store::{Db, Tx, sql};

use super::{Limiter, welcome::welcome};
use crate::{
    audit,
    passwords::{Hashed, Hasher, Outcome, Password},
};

/// What a sign-in came to.
#[derive(Debug)]
pub enum Login {
    Welcome {
        session: BrowserSessionId,
        secret: Secret<String>,
        user: UserId,
    },
    /// The name, the password, or both; which one is not told.
    WrongCredentials,
    /// Told only to those who know the password.
    Locked {
        username: String,
    },
    Deactivated {
        username: String,
    },
    Throttled(Duration),
}

/// What the sign-in works with.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub hasher: &'a Hasher,
    pub limiter: &'a Limiter,
    /// `matrix.homeserver`: `@name:server` is read as `name` for this server only.
    pub server_name: &'a str,
    /// `account.login_with_email_allowed`
    pub with_email: bool,
}

/// Whom somebody says that they are.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// What a person typed: a name, or an address where those are taken.
    Typed(&'a str),
    /// A localpart or a user id.
    User(&'a str),
    Email(&'a str),
}

/// What a name and a password are worth, to whichever surface asks.
#[derive(Debug)]
pub enum Verdict {
    Proven(Box<Proven>),
    WrongCredentials,
    /// Told only to those who know the password.
    Locked {
        username: String,
    },
    Deactivated {
        username: String,
    },
    Throttled(Duration),
}

/// Somebody who knows the password, and may sign in once [`Proven::settle`] has seen that it still is the password.
#[derive(Clone, Debug)]
pub struct Proven {
    pub user: UserId,
    pub username: String,
    pub created_at: Timestamp,
    pub can_request_admin: bool,
    pub is_guest: bool,
    verified: Hashed,
    kept: Hashed,
}

impl Proven {
    /// Notes that the password was used, and moves it to the newest scheme. False if it was changed meanwhile.
    pub async fn settle(&self, tx: &Tx, op: &Op) -> Result<bool> {
        use_password(tx, op, self.user, &self.verified, &self.kept).await
    }

    /// Version and hash of the password as it was verified, and as it is to be kept.
    pub(super) fn values(&self) -> [Value; 4] {
        let [verified, kept] = [&self.verified, &self.kept]
            .map(|hashed| [i64::from(hashed.version).into(), hashed.text.expose().clone().into()]);
        let ([version, secret], [new_version, new_secret]) = (verified, kept);
        [version, secret, new_version, new_secret]
    }
}

/// Starts a browser session.
pub async fn login(parts: Parts<'_>, op: &Op, typed: &str, password: &str) -> Result<Login> {
    match verify(parts, op, Named::Typed(typed), password).await? {
        Verdict::Proven(proven) => welcome(parts.db, op, &proven).await,
        Verdict::WrongCredentials => Ok(Login::WrongCredentials),
        Verdict::Locked { username } => Ok(Login::Locked { username }),
        Verdict::Deactivated { username } => Ok(Login::Deactivated { username }),
        Verdict::Throttled(wait) => Ok(Login::Throttled(wait)),
    }
}

/// Who it is, by name and password. Counts as an attempt, and is written down if it is a wrong one.
pub async fn verify(parts: Parts<'_>, op: &Op, named: Named<'_>, password: &str) -> Result<Verdict> {
    let name = named.text(parts.server_name);
    if let Err(throttled) = parts.limiter.charge(op.address, name) {
        return Ok(Verdict::Throttled(throttled.0));
    }
    // Too long a password is a wrong one; it is not worth a hash, and its length is no secret of the account.
    let Ok(password) = Password::parse(password) else { return Ok(Verdict::WrongCredentials) };
    let candidate = find(parts, named).await?;
    let user = candidate.as_ref().map(|candidate| candidate.user);
    if let Some(Err(throttled)) = user.map(|user| parts.limiter.charge_account(user)) {
        return Ok(Verdict::Throttled(throttled.0));
    }
    let Some((candidate, stored)) = candidate.and_then(Candidate::with_password) else {
        parts.hasher.verify_nobody(password, op.random()).await?;
        return wrong(parts.db, op, user).await;
    };
    let outcome = parts.hasher.verify(stored.version, stored.text.clone(), password, op.random()).await?;
    let kept = match outcome {
        Outcome::Mismatch => return wrong(parts.db, op, user).await,
        Outcome::Match => stored.clone(),
        Outcome::MatchAndUpgrade(hashed) => hashed,
    };
    Ok(match candidate {
        Candidate { deactivated: true, username, .. } => Verdict::Deactivated { username },
        Candidate { locked: true, username, .. } => Verdict::Locked { username },
        candidate => Verdict::Proven(Box::new(candidate.proven(stored, kept))),
    })
}

/// Nobody was let in. Written down for unknown names as well: a statement less would tell, in time, that they are.
async fn wrong(db: &Db, op: &Op, user: Option<UserId>) -> Result<Verdict> {
    note_failure(db, op, user).await?;
    Ok(Verdict::WrongCredentials)
}

pub(crate) async fn note_failure(db: &Db, op: &Op, user: Option<UserId>) -> Result<()> {
    let subject = audit::Subject { user, ..Default::default() };
    audit::record(&db.single, op, audit::Kind::SignInFailed, subject).await
}

/// Notes that the password was used, and keeps it as `kept`. False if it is not `verified` any more: hashing takes
/// a while, and who has changed the password meanwhile must neither let the old one in nor get it back.
pub(super) async fn use_password(
    tx: &Tx,
    op: &Op,
    user: UserId,
    verified: &Hashed,
    kept: &Hashed,
) -> Result<bool> {
    let values = [
        user.into(),
        i64::from(verified.version).into(),
        verified.text.expose().clone().into(),
        i64::from(kept.version).into(),
        kept.text.expose().clone().into(),
        op.now.into(),
    ];
    Ok(sql::execute(tx, USE_PASSWORD, values).await? > 0)
}

impl<'a> Named<'a> {
    /// The name or address, by which attempts are counted.
    fn text(self, server_name: &str) -> &'a str {
        match self {
            Self::Typed(text) | Self::User(text) => localpart(text, server_name),
            Self::Email(address) => address.trim(),
        }
    }
}

/// `@name:server` of this server, or the text as it is.
pub fn localpart<'a>(typed: &'a str, server_name: &str) -> &'a str {
    let typed = typed.trim();
    typed
        .strip_prefix('@')
        .and_then(|rest| rest.split_once(':'))
        .filter(|(_, server)| server.eq_ignore_ascii_case(server_name))
        .map_or(typed, |(name, _)| name)
}

struct Candidate {
    user: UserId,
    username: String,
    created_at: Timestamp,
    can_request_admin: bool,
    is_guest: bool,
    locked: bool,
    deactivated: bool,
    password: Option<Hashed>,
}

impl Candidate {
    fn with_password(mut self) -> Option<(Self, Hashed)> {
        let password = self.password.take()?;
        Some((self, password))
    }

    fn proven(self, verified: Hashed, kept: Hashed) -> Proven {
        Proven {
            user: self.user,
            username: self.username,
            created_at: self.created_at,
            can_request_admin: self.can_request_admin,
            is_guest: self.is_guest,
            verified,
            kept,
        }
    }

    fn read(row: &QueryResult) -> Result<Self> {
        let version: Option<i64> = row.try_get("", "version")?;
        let secret: Option<String> = row.try_get("", "secret")?;
        let password = match (version, secret) {
            (Some(version), Some(text)) => Some(Hashed {
                version: u16::try_from(version).map_err(Error::internal)?,
                text: Secret::new(text),
            }),
            _ => None,
        };
        Ok(Self {
            user: row.try_get("", "id")?,
            username: row.try_get("", "username")?,
            created_at: row.try_get("", "created_at")?,
            can_request_admin: row.try_get("", "can_request_admin")?,
            is_guest: row.try_get("", "is_guest")?,
            locked: row.try_get("", "locked")?,
            deactivated: row.try_get("", "deactivated")?,
            password,
        })
    }
}

async fn find(parts: Parts<'_>, named: Named<'_>) -> Result<Option<Candidate>> {
    let name = named.text(parts.server_name);
    let norm = normalise(name);
    let by_email = match named {
        Named::Typed(_) if !name.contains('@') => Vec::new(),
        Named::Typed(_) | Named::Email(_) if parts.with_email => {
            sql::all(&parts.db.read, BY_EMAIL, [norm.clone().into()]).await?
        }
        _ => Vec::new(),
    };
    // Asked for whether or not the address was found: a statement less would tell, in time, that it was.
    let by_name = match named {
        Named::Email(_) => Vec::new(),
        Named::Typed(_) | Named::User(_) => sql::all(&parts.db.read, BY_NAME, [norm.into()]).await?,
    };
    // An address that several accounts have is nobody's.
    if let [row] = by_email.as_slice() {
        return Candidate::read(row).map(Some);
    }
    let mut found = by_name.iter().map(Candidate::read).collect::<Result<Vec<_>>>()?;
    if found.len() > 1 {
        found.retain(|candidate| candidate.username == name);
    }
    Ok(found.pop())
}

/// Makes this the user's one password.
pub async fn replace_password(tx: &Tx, op: &Op, user: UserId, hashed: &Hashed) -> Result<()> {
    sql::execute(tx, "DELETE FROM authenticators WHERE user_id = $1 AND kind = 'password'", [user.into()])
        .await?;
    let values = [
        op.id::<AuthenticatorId>().into(),
        user.into(),
        i64::from(hashed.version).into(),
        hashed.text.expose().clone().into(),
        op.now.into(),
    ];
    sql::execute(tx, INSERT_PASSWORD, values).await?;
    Ok(())
}

const INSERT_PASSWORD: &str = "INSERT INTO authenticators (id, user_id, kind, version, secret, created_at) \
  VALUES ($1, $2, 'password', $3, $4, $5)";

const USE_PASSWORD: &str = "UPDATE authenticators SET version = $4, secret = $5, last_used_at = $6 \
  WHERE user_id = $1 AND kind = 'password' AND retired_at IS NULL AND version = $2 AND secret = $3";

macro_rules! candidate {
    ($from:literal) => {
        concat!(
            "SELECT u.id, u.username, u.created_at, u.can_request_admin, u.is_guest, \
               u.locked_at IS NOT NULL AS locked, u.deactivated_at IS NOT NULL AS deactivated, p.version, p.secret ",
            $from,
            " LEFT JOIN authenticators p ON p.user_id = u.id AND p.kind = 'password' AND p.retired_at IS NULL "
        )
    };
}

const BY_NAME: &str = concat!(candidate!("FROM users u"), "WHERE u.username_norm = $1");
const BY_EMAIL: &str =
    concat!(candidate!("FROM user_emails e JOIN users u ON u.id = e.user_id"), "WHERE e.email_norm = $1");

#[cfg(test)]
mod tests;
