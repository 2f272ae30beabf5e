//! Proving that an address is one's own: a code is sent to it, and typed.
//!
//! A code has six digits and is kept as an HMAC under a key that the database does not hold. It is good for five minutes and
//! replaces the ones before it. What keeps guessing at bay is how often one may try (`rate_limiting.email_authentication`):
//! ten times, and then once a minute.

use std::time::Duration;

use kernel::{Op, Result, Secret, Timestamp, id::*, seal::Vault};
use sea_orm::QueryResult;
use store::{Db, Tx, sql};

use super::emails::{self, Added};
use crate::jobs::{self, Job};

/// How long a code is good.
const CODE_TTL: Duration = Duration::from_secs(5 * 60);
/// What codes are looked up by.
const MAC: &str = "e-mail code";

/// A verification, pending or settled.
#[derive(Clone, Debug)]
pub struct EmailAuthentication {
    pub id: EmailAuthenticationId,
    /// In which it was begun, and has to be finished.
    pub browser_session: Option<BrowserSessionId>,
    /// Likewise, of somebody who has no account yet.
    pub registration: Option<RegistrationId>,
    pub email: String,
    pub created_at: Timestamp,
    pub completed_at: Option<Timestamp>,
}

/// What a typed code came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// The account has the address now; of a registration, the account to be.
    Completed,
    WrongCode,
    Expired,
    /// Some account, maybe this one, has the address. The verification is over.
    InUse,
    /// It was over before.
    Settled,
}

/// For what an address is proven.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// To be added to the account that is signed in.
    Account(BrowserSessionId),
    Registration(RegistrationId),
}

/// Begins, and has a code sent in that language.
pub async fn start(
    tx: &Tx,
    op: &Op,
    purpose: Purpose,
    email: &str,
    language: &str,
) -> Result<EmailAuthentication> {
    const INSERT: &str = "INSERT INTO email_authentications (id, browser_session_id, registration_id, email, created_at) \
      VALUES ($1, $2, $3, $4, $5)";
    let (browser_session, registration) = match purpose {
        Purpose::Account(session) => (Some(session), None),
        Purpose::Registration(registration) => (None, Some(registration)),
    };
    let id: EmailAuthenticationId = op.id();
    let values =
        [id.into(), browser_session.into(), registration.into(), email.to_owned().into(), op.now.into()];
    sql::execute(tx, INSERT, values).await?;
    send_code(tx, op, id, language).await?;
    Ok(EmailAuthentication {
        id,
        browser_session,
        registration,
        email: email.to_owned(),
        created_at: op.now,
        completed_at: None,
    })
}

/// Has another code sent.
pub async fn send_code(tx: &Tx, op: &Op, id: EmailAuthenticationId, language: &str) -> Result<()> {
    let job =
        Job::SendEmailCode { authentication: id, language: language.to_owned(), asked_at: Some(op.now) };
    jobs::enqueue(tx, op, &job).await
}

pub async fn get(db: &Db, id: EmailAuthenticationId) -> Result<Option<EmailAuthentication>> {
    const FIND: &str = "SELECT id, browser_session_id, registration_id, email, created_at, completed_at \
      FROM email_authentications WHERE id = $1";
    sql::one(&db.read, FIND, [id.into()]).await?.map(|row| read(&row)).transpose()
}

fn read(row: &QueryResult) -> Result<EmailAuthentication> {
    Ok(EmailAuthentication {
        id: row.try_get("", "id")?,
        browser_session: row.try_get("", "browser_session_id")?,
        registration: row.try_get("", "registration_id")?,
        email: row.try_get("", "email")?,
        created_at: row.try_get("", "created_at")?,
        completed_at: row.try_get("", "completed_at")?,
    })
}

/// A new code in place of those before, for the mail. `None` if there is nothing to verify any more.
pub async fn make_code(
    tx: &Tx,
    vault: &Vault,
    op: &Op,
    id: EmailAuthenticationId,
) -> Result<Option<(String, Secret<String>)>> {
    const FIND: &str = "SELECT email FROM email_authentications WHERE id = $1 AND completed_at IS NULL";
    const REPLACE: &str = "DELETE FROM email_codes WHERE email_authentication_id = $1";
    const INSERT: &str = "INSERT INTO email_codes (id, email_authentication_id, code_hash, created_at, expires_at) \
      VALUES ($1, $2, $3, $4, $5)";
    let Some(row) = sql::one(tx, FIND, [id.into()]).await? else { return Ok(None) };
    let code = six_digits(op);
    sql::execute(tx, REPLACE, [id.into()]).await?;
    let hash = vault.mac(MAC, message(id, &code).as_bytes()).to_vec();
    let values =
        [op.id::<EmailCodeId>().into(), id.into(), hash.into(), op.now.into(), (op.now + CODE_TTL).into()];
    sql::execute(tx, INSERT, values).await?;
    Ok(Some((row.try_get("", "email")?, Secret::new(code))))
}

/// Leading zeros stay. The remainder's bias, one in four thousand, helps nobody who has ten tries.
fn six_digits(op: &Op) -> String {
    format!("{:06}", u64::from_be_bytes(op.random().bytes()) % 1_000_000)
}

/// Codes are short, so equal ones of different verifications must not look alike.
fn message(id: EmailAuthenticationId, code: &str) -> String {
    format!("{id}/{code}")
}

/// Takes a code, and gives the account the address. Of several at once, one wins.
pub async fn complete(
    tx: &Tx,
    vault: &Vault,
    op: &Op,
    (authentication, user): (&EmailAuthentication, UserId),
    code: &str,
) -> Result<Completion> {
    match prove(tx, vault, op, authentication, code).await? {
        Completion::Completed => match emails::add(tx, op, user, &authentication.email).await? {
            Added::Added(_) => Ok(Completion::Completed),
            Added::Already(_) | Added::Taken => Ok(Completion::InUse),
        },
        other => Ok(other),
    }
}

/// Takes a code: whoever knows it has the address. Of several at once, one wins.
pub async fn prove(
    tx: &Tx,
    vault: &Vault,
    op: &Op,
    authentication: &EmailAuthentication,
    code: &str,
) -> Result<Completion> {
    const FIND: &str = "SELECT code_hash, expires_at FROM email_codes WHERE email_authentication_id = $1";
    const SETTLE: &str =
        "UPDATE email_authentications SET completed_at = $2 WHERE id = $1 AND completed_at IS NULL";
    const FORGET: &str = "DELETE FROM email_codes WHERE email_authentication_id = $1";
    let id = authentication.id;
    let rows = sql::all(tx, FIND, [id.into()]).await?;
    let typed: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    let macs = vault.macs(MAC, message(id, &typed).as_bytes());
    let mut expires_at: Option<Timestamp> = None;
    for row in &rows {
        let hash = Secret::new(row.try_get::<Vec<u8>>("", "code_hash")?);
        if macs.iter().any(|mac| hash.matches(mac)) {
            expires_at = Some(row.try_get("", "expires_at")?);
        }
    }
    let Some(expires_at) = expires_at else {
        let settled = authentication.completed_at.is_some();
        return Ok(if settled { Completion::Settled } else { Completion::WrongCode });
    };
    if expires_at < op.now {
        return Ok(Completion::Expired);
    }
    if sql::execute(tx, SETTLE, [id.into(), op.now.into()]).await? == 0 {
        return Ok(Completion::Settled);
    }
    sql::execute(tx, FORGET, [id.into()]).await?;
    Ok(Completion::Completed)
}
