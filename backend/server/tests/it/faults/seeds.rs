//! People with sessions, put into the database directly: a test of faults needs many of them.

use std::sync::Arc;

use kernel::{
    Clock, Handle, Op, SystemClock, SystemRandom, Timestamp, Token, TokenKind,
    id::{BrowserSessionId, ClientId, GrantId, SessionId, TokenId, TokenLineId, UserId},
    token,
};
use sea_orm::Value;
use store::{Db, sql};

/// At the machine's time.
pub fn op() -> Op {
    Op::new(SystemClock.now(), Arc::new(SystemRandom), "seed")
}

async fn run(db: &Db, statement: &'static str, values: Vec<Value>) {
    sql::execute(&db.single, statement, values).await.unwrap();
}

pub async fn user(db: &Db, op: &Op, name: &str) -> UserId {
    const USER: &str = "INSERT INTO users (id, username, username_norm, created_at) VALUES ($1, $2, $2, $3)";
    let user: UserId = op.id();
    run(db, USER, vec![user.into(), name.into(), op.now.into()]).await;
    user
}

/// A session with its tokens, of which the refresh token is the answer.
pub async fn session(db: &Db, op: &Op, user: UserId, client: &str, device: Option<&str>) -> String {
    let client: ClientId = client.parse().unwrap();
    let session: SessionId = op.id();
    let device = device.map(str::to_owned).into();
    let values = vec![session.into(), user.into(), client.into(), op.now.into(), device];
    run(db, SESSION, values).await;
    let handle = Handle::new(op.random());
    let refresh = Token::mint(TokenKind::OauthRefresh, handle, op.random());
    let values = vec![
        op.id::<TokenLineId>().into(),
        session.into(),
        handle.into(),
        op.now.into(),
        op.id::<TokenId>().into(),
        vec![0u8; 32].into(),
        op.id::<TokenId>().into(),
        refresh.hash().to_vec().into(),
    ];
    run(db, LINE, values).await;
    refresh.expose().to_owned()
}

pub async fn browser_session(db: &Db, op: &Op, user: UserId) -> BrowserSessionId {
    let browser: BrowserSessionId = op.id();
    run(db, BROWSER, vec![browser.into(), user.into(), op.now.into()]).await;
    browser
}

/// A personal token by which this person administers the service.
pub async fn script(db: &Db, op: &Op, user: UserId) -> String {
    let (session, handle): (SessionId, _) = (op.id(), Handle::new(op.random()));
    run(db, SCRIPT, vec![session.into(), user.into(), op.now.into()]).await;
    let access = Token::mint(TokenKind::PersonalAccess, handle, op.random());
    let values = vec![
        op.id::<TokenLineId>().into(),
        session.into(),
        handle.into(),
        op.now.into(),
        op.id::<TokenId>().into(),
        access.hash().to_vec().into(),
        None::<TokenId>.into(),
        None::<Vec<u8>>.into(),
    ];
    run(db, LINE, values).await;
    access.expose().to_owned()
}

/// A grant for this device that the person of this browser session has agreed to; the answer is its code.
pub async fn code(db: &Db, op: &Op, client: &str, browser: BrowserSessionId, device: &str) -> String {
    let client: ClientId = client.parse().unwrap();
    let code = op.alphanumeric(32);
    let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:{device}");
    let values = vec![
        op.id::<GrantId>().into(),
        client.into(),
        browser.into(),
        Timestamp::into(op.now),
        token::hash(&code).to_vec().into(),
        scope.into(),
    ];
    run(db, GRANT, values).await;
    code
}

const SESSION: &str = "INSERT INTO sessions (id, kind, user_id, client_id, scope, created_at, device_id) \
  VALUES ($1, 'oauth', $2, $3, 'openid', $4, $5)";

const SCRIPT: &str = "INSERT INTO sessions (id, kind, user_id, owner_user_id, scope, created_at) \
  VALUES ($1, 'personal', $2, $2, 'urn:mas:admin', $3)";

const LINE: &str = "INSERT INTO token_pairs \
  (id, session_id, handle, created_at, access_id, access_hash, refresh_id, refresh_hash) \
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const BROWSER: &str = "INSERT INTO browser_sessions (id, user_id, created_at, auth_time, amr) \
  VALUES ($1, $2, $3, $3, 'pwd')";

const GRANT: &str = "INSERT INTO authorization_grants (id, client_id, browser_session_id, created_at, fulfilled_at, \
    code_hash, scope, redirect_uri, redirect_uri_given, response_type, response_mode, parameters) \
  VALUES ($1, $2, $3, $4, $4, $5, $6, 'https://example.com/cb', FALSE, 'code', 'query', '{}')";
