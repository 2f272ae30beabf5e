//! Logging in through the browser (`m.login.sso`, then `m.login.token`): pending, then fulfilled when the person agrees,
//! then exchanged for a session.
//!
//! The token that goes from the browser to the app and from there to `/login` is made when the person agrees, and follows
//! from the secret in the browser's cookie, of which nothing is kept: whoever presses twice gets the same one.

use std::time::Duration;

use aws_lc_rs::hmac;
use kernel::{Error, Op, Result, Secret, Timestamp, id::*, token};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use store::{Db, Tx, sql, tables::compat_sso_logins};
use url::Url;

use crate::{audit, users::browser::BrowserSession};

/// From the beginning to the person's answer.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// From the person's answer to the exchange.
const TOKEN_LIFETIME: Duration = Duration::from_secs(30);
const TOKEN_LENGTH: usize = 32;

/// A login that is kept.
#[derive(Clone, Debug)]
pub struct SsoLogin {
    pub id: CompatSsoLoginId,
    pub redirect_uri: Url,
    pub state: State,
    created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Fulfilled { at: Timestamp, by: Option<BrowserSessionId>, token_hash: Vec<u8> },
    Exchanged,
}

impl SsoLogin {
    /// Nobody may agree any more, or use the token that came of it.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        match &self.state {
            State::Pending => now.since(self.created_at) > LIFETIME,
            State::Fulfilled { at, .. } => now.since(*at) > TOKEN_LIFETIME,
            State::Exchanged => false,
        }
    }
}

/// Keeps a login until somebody agrees to it.
pub async fn start(db: &Db, op: &Op, redirect_uri: &Url) -> Result<CompatSsoLoginId> {
    let id = op.id();
    compat_sso_logins::ActiveModel {
        id: Set(id),
        redirect_uri: Set(redirect_uri.to_string()),
        created_at: Set(op.now),
        ..Default::default()
    }
    .insert(&db.single)
    .await?;
    Ok(id)
}

pub async fn get(db: &Db, id: CompatSsoLoginId) -> Result<Option<SsoLogin>> {
    let Some(row) = compat_sso_logins::Entity::find_by_id(id).one(&db.read).await? else { return Ok(None) };
    let state = match row.fulfilled_at {
        _ if row.exchanged_at.is_some() => State::Exchanged,
        Some(at) => {
            let token_hash = row.token_hash.unwrap_or_default();
            State::Fulfilled { at, by: row.browser_session_id, token_hash }
        }
        None => State::Pending,
    };
    let redirect_uri = Url::parse(&row.redirect_uri).map_err(Error::internal)?;
    Ok(Some(SsoLogin { id, redirect_uri, state, created_at: row.created_at }))
}

/// Who agrees.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    pub session: &'a BrowserSession,
    /// The secret in the browser's cookie.
    pub secret: &'a Secret<String>,
}

/// The person agrees: the login is bound to their browser session. The token is for the app; `None` if the login was
/// settled already, or its time is over.
pub async fn approve(db: &Db, op: &Op, login: &SsoLogin, approval: Approval<'_>) -> Result<Option<String>> {
    let session = approval.session;
    let token = token_of(approval.secret, login.id);
    let hash = token::hash(&token).to_vec();
    let approved = db.write(async |tx| {
        let values =
            [login.id.into(), op.now.into(), session.id.into(), hash.into(), (op.now - LIFETIME).into()];
        if sql::execute(tx, APPROVE, values).await? == 0 {
            return Ok(false);
        }
        let to = &login.redirect_uri[..url::Position::AfterPort];
        let subject = audit::Subject {
            user: Some(session.user),
            browser_session: Some(session.id),
            data: Some(serde_json::json!({ "login": "m.login.sso", "to": to })),
            ..Default::default()
        };
        audit::record(tx, op, audit::Kind::ConsentGiven, subject).await?;
        Ok::<_, Error>(true)
    });
    Ok(approved.await?.then_some(token))
}

/// The token of a login that this browser session has agreed to, as long as it can be exchanged.
pub fn deliver_again(op: &Op, login: &SsoLogin, approval: Approval<'_>) -> Option<String> {
    let State::Fulfilled { by, token_hash, .. } = &login.state else { return None };
    if *by != Some(approval.session.id) || login.has_expired(op.now) {
        return None;
    }
    let token = token_of(approval.secret, login.id);
    (token::hash(&token)[..] == token_hash[..]).then_some(token)
}

/// 32 letters and digits, as hard to guess as the secret in the browser's cookie.
fn token_of(secret: &Secret<String>, login: CompatSsoLoginId) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let mac = hmac::sign(&key, format!("legacy login token {login}").as_bytes());
    // The first eight characters are a quarter likelier than the others: 190 bits all the same.
    let characters = mac.as_ref().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 62)]));
    characters.take(TOKEN_LENGTH).collect()
}

/// What a token at `/login` is worth.
#[derive(Debug)]
pub(super) enum Redemption {
    Good(Box<Approved>),
    Bad,
    /// Good, but for an account that is locked.
    Locked,
}

/// A login that a person has agreed to.
#[derive(Debug)]
pub(super) struct Approved {
    pub id: CompatSsoLoginId,
    pub browser_session: BrowserSessionId,
    pub user: UserId,
    pub username: String,
    pub created_at: Timestamp,
    pub can_request_admin: bool,
    pub is_guest: bool,
}

pub(super) async fn redeem(db: &Db, op: &Op, presented: &str) -> Result<Redemption> {
    if presented.len() != TOKEN_LENGTH || !presented.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(Redemption::Bad);
    }
    let hash = token::hash(presented).to_vec();
    let Some(row) = sql::one(&db.read, FIND, [hash.into()]).await? else { return Ok(Redemption::Bad) };
    let (id, user) = (row.try_get("", "id")?, row.try_get("", "user_id")?);
    if row.try_get::<bool>("", "exchanged")? {
        tracing::warn!(user.id = %user, login = %id, "A login token was presented a second time");
        return Ok(Redemption::Bad);
    }
    let expired = op.now.since(row.try_get::<Timestamp>("", "fulfilled_at")?) > TOKEN_LIFETIME;
    if expired || row.try_get::<bool>("", "browser_finished")? || row.try_get::<bool>("", "deactivated")? {
        return Ok(Redemption::Bad);
    }
    if row.try_get::<bool>("", "locked")? {
        return Ok(Redemption::Locked);
    }
    Ok(Redemption::Good(Box::new(Approved {
        id,
        browser_session: row.try_get("", "browser_session_id")?,
        user,
        username: row.try_get("", "username")?,
        created_at: row.try_get("", "created_at")?,
        can_request_admin: row.try_get("", "can_request_admin")?,
        is_guest: row.try_get("", "is_guest")?,
    })))
}

/// Uses the login up, for this session. False if somebody was faster, or the browser has signed out meanwhile.
pub(super) async fn consume(tx: &Tx, op: &Op, id: CompatSsoLoginId, session: SessionId) -> Result<bool> {
    const CONSUME: &str = "UPDATE compat_sso_logins SET exchanged_at = $3, session_id = $2 \
      WHERE id = $1 AND fulfilled_at IS NOT NULL AND exchanged_at IS NULL \
        AND EXISTS (SELECT 1 FROM browser_sessions b \
          WHERE b.id = compat_sso_logins.browser_session_id AND b.finished_at IS NULL)";
    Ok(sql::execute(tx, CONSUME, [id.into(), session.into(), op.now.into()]).await? > 0)
}

const APPROVE: &str = "UPDATE compat_sso_logins SET fulfilled_at = $2, browser_session_id = $3, token_hash = $4 \
  WHERE id = $1 AND fulfilled_at IS NULL AND created_at >= $5 \
    AND EXISTS (SELECT 1 FROM browser_sessions b WHERE b.id = $3 AND b.finished_at IS NULL)";

const FIND: &str = "\
SELECT l.id, l.fulfilled_at, l.exchanged_at IS NOT NULL AS exchanged, l.browser_session_id, \
  b.finished_at IS NOT NULL AS browser_finished, u.id AS user_id, u.username, u.created_at, u.can_request_admin, \
  u.is_guest, u.locked_at IS NOT NULL AS locked, u.deactivated_at IS NOT NULL AS deactivated \
FROM compat_sso_logins l JOIN browser_sessions b ON b.id = l.browser_session_id JOIN users u ON u.id = b.user_id \
WHERE l.token_hash = $1";
