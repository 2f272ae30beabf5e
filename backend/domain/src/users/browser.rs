//! Browser sessions. The cookie carries the id and a random secret; the row keeps the secret's hash, so that neither
//! a guessed id nor a stolen database opens a session.

use kernel::{Op, Result, Secret, Timestamp, id::*, token};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use store::{
    Db, Tx,
    changes::{self, Change},
    sql,
};

use super::display_name::Known;
use crate::{audit, policy::input, sessions::end::Reason};

/// 32 characters of `[0-9A-Za-z]`: 190 bits.
const SECRET_LENGTH: usize = 32;

/// A signed-in browser.
#[derive(Clone, Debug)]
pub struct BrowserSession {
    pub id: BrowserSessionId,
    pub user: UserId,
    pub username: String,
    pub can_request_admin: bool,
    pub user_created_at: Timestamp,
    pub is_guest: bool,
    /// When and how (RFC 8176, space-separated) the person last proved who they are.
    pub auth_time: Timestamp,
    pub amr: String,
    /// Of pages and mails, BCP 47, if the person has chosen one.
    pub language: Option<String>,
    /// As last seen at the homeserver.
    pub display_name: Option<String>,
}

impl BrowserSession {
    /// Who is signed in, as the homeserver is asked about them.
    pub fn known(&self) -> Known<'_> {
        Known { user: self.user, username: &self.username, display_name: self.display_name.as_deref() }
    }

    /// Who is signed in, as the policy is told of them: they are neither locked nor deactivated.
    pub fn person(&self) -> input::User<'_> {
        input::User {
            id: self.user,
            username: &self.username,
            created_at: self.user_created_at,
            locked_at: None,
            deactivated_at: None,
            can_request_admin: self.can_request_admin,
            is_guest: self.is_guest,
        }
    }
}

/// What a session cookie amounts to.
#[derive(Clone, Debug)]
pub enum Visitor {
    Anonymous,
    SignedIn(Box<BrowserSession>),
    /// The account is locked. Its sessions are kept, so that unlocking gives them back.
    Locked {
        username: String,
    },
    Deactivated {
        username: String,
    },
    /// The session was ended, elsewhere or here.
    Ended {
        username: String,
    },
}

/// Starts a session of a person who has just proven who they are by `amr` (RFC 8176). The secret is for the cookie.
/// `None`, with nothing written, if the account is locked or deactivated by now: proving who one is takes a while.
pub async fn start(
    tx: &Tx,
    op: &Op,
    user: UserId,
    amr: &str,
) -> Result<Option<(BrowserSessionId, Secret<String>)>> {
    let new = NewSession::mint(op);
    let statement = if tx.get_database_backend() == DbBackend::Postgres { START_POSTGRES } else { START };
    if sql::execute(tx, statement, new.values(op, user, amr)).await? == 0 {
        return Ok(None);
    }
    let subject = audit::Subject {
        user: Some(user),
        browser_session: Some(new.id),
        data: Some(serde_json::json!({ "amr": amr })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::SignedIn, subject).await?;
    Ok(Some((new.id, new.secret)))
}

/// A session about to be written down. The secret is for the cookie.
pub(super) struct NewSession {
    pub id: BrowserSessionId,
    pub secret: Secret<String>,
}

impl NewSession {
    pub fn mint(op: &Op) -> Self {
        Self { id: op.id(), secret: Secret::new(op.alphanumeric(SECRET_LENGTH)) }
    }

    /// Id, person, hash of the secret, the time, `amr`, user agent, address.
    pub fn values(&self, op: &Op, user: UserId, amr: &str) -> [Value; 7] {
        [
            self.id.into(),
            user.into(),
            token::hash(self.secret.expose()).to_vec().into(),
            op.now.into(),
            amr.into(),
            op.user_agent.clone().into(),
            op.address.map(|address| address.to_string()).into(),
        ]
    }
}

/// Notes that the person has proven again who they are, by `amr`. False if the session has ended meanwhile, or the account
/// was stopped.
pub async fn prove(tx: &Tx, op: &Op, session: &BrowserSession, amr: &str) -> Result<bool> {
    const PROVE: &str = "UPDATE browser_sessions SET auth_time = $2, amr = $3 WHERE id = $1 AND finished_at IS NULL \
      AND EXISTS (SELECT 1 FROM users u \
        WHERE u.id = browser_sessions.user_id AND u.locked_at IS NULL AND u.deactivated_at IS NULL)";
    if sql::execute(tx, PROVE, [session.id.into(), op.now.into(), amr.into()]).await? == 0 {
        return Ok(false);
    }
    let subject = audit::Subject {
        user: Some(session.user),
        browser_session: Some(session.id),
        data: Some(serde_json::json!({ "amr": amr })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::Reauthenticated, subject).await?;
    Ok(true)
}

/// Who is behind a cookie.
pub async fn visitor(db: &Db, id: BrowserSessionId, secret: &str) -> Result<Visitor> {
    let Some(row) = sql::one(&db.read, FIND, [id.into(), token::hash(secret).to_vec().into()]).await? else {
        return Ok(Visitor::Anonymous);
    };
    let username: String = row.try_get("", "username")?;
    if row.try_get::<Option<Timestamp>>("", "deactivated_at")?.is_some() {
        return Ok(Visitor::Deactivated { username });
    }
    if row.try_get::<Option<Timestamp>>("", "locked_at")?.is_some() {
        return Ok(Visitor::Locked { username });
    }
    if row.try_get::<Option<Timestamp>>("", "finished_at")?.is_some() {
        return Ok(Visitor::Ended { username });
    }
    Ok(Visitor::SignedIn(Box::new(BrowserSession {
        id,
        user: row.try_get("", "user_id")?,
        username,
        can_request_admin: row.try_get("", "can_request_admin")?,
        user_created_at: row.try_get("", "user_created_at")?,
        is_guest: row.try_get("", "is_guest")?,
        auth_time: row.try_get("", "auth_time")?,
        amr: row.try_get("", "amr")?,
        language: row.try_get("", "language")?,
        display_name: row.try_get("", "display_name")?,
    })))
}

/// Signs the browser out. Applications that were signed in through it stay signed in. Repeating it is no error.
pub async fn finish(tx: &Tx, op: &Op, id: BrowserSessionId, secret: &str) -> Result<()> {
    const FINISH: &str = "UPDATE browser_sessions SET finished_at = $3 \
      WHERE id = $1 AND secret_hash = $2 AND finished_at IS NULL RETURNING user_id";
    let values = [id.into(), token::hash(secret).to_vec().into(), op.now.into()];
    let Some(row) = sql::one(tx, FINISH, values).await? else { return Ok(()) };
    changes::append(tx, op, Change::BrowserSession, id).await?;
    let subject =
        audit::Subject { user: row.try_get("", "user_id")?, browser_session: Some(id), ..Default::default() };
    audit::record(tx, op, audit::Kind::SignedOut, subject).await
}

/// Ends somebody's session for them. False if it has ended already, or if there is none.
pub async fn end(tx: &Tx, op: &Op, id: BrowserSessionId, reason: Reason) -> Result<bool> {
    const END: &str = "UPDATE browser_sessions SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL \
      RETURNING user_id";
    let Some(row) = sql::one(tx, END, [id.into(), op.now.into()]).await? else { return Ok(false) };
    changes::append(tx, op, Change::BrowserSession, id).await?;
    let subject = audit::Subject {
        user: row.try_get("", "user_id")?,
        browser_session: Some(id),
        data: Some(serde_json::json!({ "reason": reason.as_str() })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::SignedOut, subject).await?;
    Ok(true)
}

macro_rules! start {
    ($lock:literal) => {
        concat!(
            "INSERT INTO browser_sessions (id, user_id, secret_hash, created_at, auth_time, amr, user_agent, \
               last_active_at, last_active_ip) \
             SELECT $1, u.id, $3, $4, $4, $5, $6, $4, $7 FROM users u \
             WHERE u.id = $2 AND u.locked_at IS NULL AND u.deactivated_at IS NULL",
            $lock
        )
    };
}

const START: &str = start!("");
// Whoever deactivates the account waits until this is committed, and then sees the session.
const START_POSTGRES: &str = start!(" FOR SHARE OF u");

const FIND: &str = "SELECT b.user_id, b.finished_at, b.auth_time, b.amr, u.username, u.locked_at, u.deactivated_at, \
    u.can_request_admin, u.is_guest, u.language, u.display_name, u.created_at AS user_created_at \
  FROM browser_sessions b JOIN users u ON u.id = b.user_id WHERE b.id = $1 AND b.secret_hash = $2";
