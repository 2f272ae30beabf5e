//! The device authorization request (RFC 8628 §3.1 to §3.3): keeping it while a person, on another device, finds it by its
//! user code and decides. What the device gets is the business of [`super::grants::device_code`].
//!
//! pending → fulfilled → exchanged, or pending → rejected. Each step is one guarded statement.

use std::time::Duration;

use kernel::{Error, Op, Result, Scope, Secret, Timestamp, id::*, seal::Vault, token};
use sea_orm::EntityTrait;
use store::{Db, Tx, sql, tables::device_grants};

use super::{Code, Refusal, clients::Client, registration::GrantType, user_code};
use crate::{audit, policy::Policy, users};

/// Of both codes.
pub const LIFETIME: Duration = Duration::from_secs(20 * 60);
/// Between two polls, until the device is told to slow down.
pub const INTERVAL: Duration = Duration::from_secs(5);
const DEVICE_CODE_LENGTH: usize = 32;
/// With a million codes kept, one try in 148 hits one of them: ten in a row do not happen.
const TRIES: usize = 10;

/// The request of a client that has been authenticated.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub client: &'a Client,
    pub scope: &'a Scope,
    /// Whom the client expects to sign in.
    pub login_hint: Option<&'a str>,
}

/// What the device gets: a code to poll with, and one to show.
#[derive(Debug)]
pub struct Started {
    pub device_code: Secret<String>,
    pub user_code: Secret<String>,
}

/// Keeps the request. A code that is taken, by a grant of the last days even, is replaced by another one.
pub async fn start(db: &Db, vault: &Vault, op: &Op, request: Request<'_>) -> Result<Started, Refusal> {
    if !request.client.metadata.has_grant(&GrantType::DeviceCode) {
        return Err(Code::UnauthorizedClient.because(format!(
            "this client is not registered for the grant {}",
            GrantType::DeviceCode.as_str()
        )));
    }
    for _ in 0..TRIES {
        let id: DeviceGrantId = op.id();
        let (device_code, user_code) =
            (op.alphanumeric(DEVICE_CODE_LENGTH), user_code::generate(op.random()));
        let values = [
            id.into(),
            request.client.id.into(),
            request.scope.clone().into(),
            token::hash(&device_code).to_vec().into(),
            vault.mac(USER_CODE, user_code.as_bytes()).to_vec().into(),
            vault.seal(&bound_to(id), user_code.as_bytes(), op.random()).into(),
            op.address.map(|address| address.to_string()).into(),
            op.user_agent.clone().into(),
            op.now.into(),
            (op.now + LIFETIME).into(),
            request.login_hint.map(str::to_owned).into(),
        ];
        if sql::one(&db.single, INSERT, values).await?.is_some() {
            return Ok(Started { device_code: device_code.into(), user_code: user_code.into() });
        }
    }
    Err(Error::internal("no user code is free").into())
}

/// What user codes are looked up by.
const USER_CODE: &str = "device grant user code";

pub(crate) fn bound_to(id: DeviceGrantId) -> String {
    format!("device-grant/{id}")
}

/// The pending grant that shows this code, if what was typed can be one. Codes that are used, refused, expired or unknown
/// are not told apart.
pub async fn find(db: &Db, vault: &Vault, op: &Op, typed: &str) -> Result<Option<DeviceGrantId>> {
    let Some(code) = user_code::read(typed) else { return Ok(None) };
    for mac in vault.macs(USER_CODE, code.as_bytes()) {
        if let Some(row) = sql::one(&db.read, FIND, [mac.to_vec().into(), op.now.into()]).await? {
            return Ok(Some(row.try_get("", "id")?));
        }
    }
    Ok(None)
}

/// A request that is kept.
#[derive(Clone, Debug)]
pub struct DeviceGrant {
    pub id: DeviceGrantId,
    pub client: ClientId,
    pub scope: Scope,
    pub user_code: String,
    pub login_hint: Option<String>,
    /// Where the device asked from, and what it said that it is.
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: Timestamp,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    /// Nobody decided, or the device did not come, in time.
    Expired,
    Rejected,
    Fulfilled,
    Exchanged,
}

pub async fn get(db: &Db, vault: &Vault, op: &Op, id: DeviceGrantId) -> Result<Option<DeviceGrant>> {
    let Some(row) = device_grants::Entity::find_by_id(id).one(&db.read).await? else { return Ok(None) };
    let state = match row {
        _ if row.exchanged_at.is_some() => State::Exchanged,
        _ if row.rejected_at.is_some() => State::Rejected,
        _ if row.expires_at < op.now => State::Expired,
        _ if row.fulfilled_at.is_some() => State::Fulfilled,
        _ => State::Pending,
    };
    let code = vault.open(&bound_to(id), &row.user_code_box)?;
    Ok(Some(DeviceGrant {
        id,
        client: row.client_id,
        scope: row
            .scope
            .parse()
            .map_err(|error: kernel::scope::InvalidScope| Error::internal(error.to_string()))?,
        user_code: String::from_utf8(code.expose().clone()).map_err(Error::internal)?,
        login_hint: row.login_hint,
        address: row.address,
        user_agent: row.user_agent,
        created_at: row.created_at,
        state,
    }))
}

/// Who decides, and in which language.
#[derive(Clone, Debug)]
pub struct Decider {
    pub user: UserId,
    pub browser: BrowserSessionId,
    pub locale: String,
}

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    Done,
    /// The grant was settled already, or has expired.
    TooLate,
    /// The person may not administer any more.
    Denied,
}

/// The person agrees, and the policy did a moment ago: the device gets its tokens at its next poll.
pub async fn fulfil(db: &Db, op: &Op, policy: &Policy, grant: &DeviceGrant, by: &Decider) -> Result<Decided> {
    db.write(async |tx: &Tx| {
        // Before the grant, as whoever takes the right away does it.
        if !users::may_have(tx, policy, by.user, &grant.scope).await? {
            return Ok(Decided::Denied);
        }
        settle(tx, op, grant, by, (FULFIL, audit::Kind::ConsentGiven)).await
    })
    .await
}

/// The person refuses.
pub async fn reject(db: &Db, op: &Op, grant: &DeviceGrant, by: &Decider) -> Result<Decided> {
    db.write(async |tx: &Tx| settle(tx, op, grant, by, (REJECT, audit::Kind::ConsentRefused)).await).await
}

async fn settle(
    tx: &Tx,
    op: &Op,
    grant: &DeviceGrant,
    by: &Decider,
    (statement, kind): (&'static str, audit::Kind),
) -> Result<Decided> {
    let values = [grant.id.into(), op.now.into(), by.browser.into(), by.locale.clone().into()];
    if sql::execute(tx, statement, values).await? == 0 {
        return Ok(Decided::TooLate);
    }
    let subject = audit::Subject {
        user: Some(by.user),
        client: Some(grant.client),
        browser_session: Some(by.browser),
        data: Some(serde_json::json!({ "scope": grant.scope, "device_address": grant.address })),
        ..Default::default()
    };
    audit::record(tx, op, kind, subject).await?;
    Ok(Decided::Done)
}

const INSERT: &str = "INSERT INTO device_grants \
  (id, client_id, scope, device_code_hash, user_code_hash, user_code_box, address, user_agent, created_at, expires_at, \
   login_hint) \
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id";

macro_rules! pending {
    () => {
        "fulfilled_at IS NULL AND rejected_at IS NULL AND expires_at >= $2"
    };
}

const FIND: &str = concat!("SELECT id FROM device_grants WHERE user_code_hash = $1 AND ", pending!());

const FULFIL: &str = concat!(
    "UPDATE device_grants SET fulfilled_at = $2, browser_session_id = $3, locale = $4 WHERE id = $1 AND ",
    pending!()
);

const REJECT: &str = concat!(
    "UPDATE device_grants SET rejected_at = $2, browser_session_id = $3, locale = $4 WHERE id = $1 AND ",
    pending!()
);
