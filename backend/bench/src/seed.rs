//! What stands in the database before anything is measured: people with a password, their sessions and tokens, and
//! authorization grants that wait for their code to be exchanged. The client registers itself as any other would.

use std::sync::Arc;

use domain::passwords::{Algorithm, Hasher, Limits, Password, Scheme, Schemes};
use hyper::{Method, StatusCode, header::CONTENT_TYPE};
use kernel::{
    Clock, Handle, Op, Random, SystemClock, SystemRandom, Timestamp, Token, TokenKind, id::*, token,
};
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;
use store::{
    Db, PoolSize, Target, Tx,
    tables::{authenticators, authorization_grants, browser_sessions, sessions, token_pairs, users},
};

use crate::{
    Result,
    client::{Connection, head},
};

pub const PASSWORD: &str = "correct horse battery staple";
pub const REDIRECT_URI: &str = "https://client.example/callback";
/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const USERS: usize = 1_000;
const SESSIONS: usize = 10_000;
const CODES: usize = 20_000;
/// Rows per INSERT: both engines limit its values.
const SLICE: usize = 500;

pub struct Seeds {
    pub client: String,
    pub usernames: Vec<String>,
    pub users: Vec<UserId>,
    /// Used before, so that no first use is left to record.
    pub access: Vec<String>,
    /// Current, one per session.
    pub refresh: Vec<String>,
    pub codes: Vec<String>,
}

/// Registers a public client (RFC 7591).
pub async fn register_client(connection: &mut Connection) -> Result<ClientId> {
    let metadata = json!({
        "client_name": "Bench",
        "client_uri": "https://client.example/",
        "redirect_uris": [REDIRECT_URI],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
    });
    let call = head(Method::POST, "/oauth2/registration")
        .header(CONTENT_TYPE, "application/json")
        .body(metadata.to_string().into())?;
    let answer = connection.expect(StatusCode::CREATED, call).await?;
    let answer: serde_json::Value = serde_json::from_slice(answer.body())?;
    Ok(answer["client_id"].as_str().unwrap_or_default().parse().map_err(|_| "no client_id")?)
}

/// The server's database, past the server.
pub async fn open(database: &str) -> Result<Db> {
    let target = if database.starts_with("sqlite:") {
        Target::sqlite(database)?
    } else {
        Target::postgres(database.parse()?)
    };
    let size = PoolSize { max: 1, ..PoolSize::default() };
    Ok(Db::connect(&target, size, Arc::new(SystemClock)).await.map_err(text)?)
}

/// Fills a database whose schema is there.
pub async fn fill(database: &str, client: ClientId) -> Result<Seeds> {
    let db = open(database).await?;
    let op = Op::new(SystemClock.now(), Arc::new(SystemRandom), "bench");
    let hash = hashed(op.random()).await?;
    let seeds = db.write(async |tx| rows(tx, &op, client, &hash).await).await?;
    analyze(&db).await?;
    db.close();
    Ok(seeds)
}

/// Figures for the planner, as a database that has been in use for a while would have them.
pub async fn analyze(db: &Db) -> Result<()> {
    let analyze = match db.engine() {
        // With the limit of `PRAGMA optimize`, which the service runs when it closes a connection.
        store::Engine::Sqlite => "PRAGMA analysis_limit = 400; ANALYZE",
        store::Engine::Postgres => "VACUUM ANALYZE",
    };
    sea_orm::ConnectionTrait::execute_unprepared(&db.single, analyze).await?;
    Ok(())
}

fn text(error: kernel::Error) -> String {
    kernel::error::chain(&error)
}

/// One hash for all: they only have to be verified.
async fn hashed(random: &dyn Random) -> Result<String> {
    let scheme =
        Scheme { version: 1, algorithm: Algorithm::Argon2id, secret: None, unicode_normalization: false };
    let hasher = Hasher::new(Schemes::new(vec![scheme]).map_err(text)?, Limits::default());
    let password = Password::parse(PASSWORD).map_err(|_| "the password is too long")?;
    Ok(hasher.hash(password, random).await.map_err(text)?.text.expose().clone())
}

async fn rows(tx: &Tx, op: &Op, client: ClientId, hash: &str) -> std::result::Result<Seeds, store::DbErr> {
    let mut seeds = Seeds {
        client: client.to_string(),
        usernames: (0..USERS).map(|at| format!("bench{at}")).collect(),
        users: (0..USERS).map(|_| op.id()).collect(),
        access: Vec::new(),
        refresh: Vec::new(),
        codes: (0..CODES).map(|_| op.alphanumeric(32)).collect(),
    };
    let people = || seeds.users.iter().copied().cycle();
    let of_people = seeds.users.iter().zip(&seeds.usernames);
    insert::<users::Entity, _>(tx, of_people.map(|(id, name)| user(op, *id, name))).await?;
    insert::<authenticators::Entity, _>(tx, seeds.users.iter().map(|user| password(op, *user, hash))).await?;
    let browsers: Vec<_> = seeds.users.iter().map(|user| browser(op, *user)).collect();
    let browser_ids: Vec<_> = browsers.iter().map(|browser| browser.id).collect();
    insert::<browser_sessions::Entity, _>(tx, browsers).await?;

    let signed_in: Vec<_> = people().zip(browser_ids.iter().copied().cycle()).take(SESSIONS).collect();
    let sessions: Vec<_> =
        signed_in.into_iter().map(|(user, browser)| session(op, user, client, browser)).collect();
    let mut lines = Vec::new();
    for session in &sessions {
        let handle = Handle::new(op.random());
        let access = Token::mint(TokenKind::OauthAccess, handle, op.random());
        let refresh = Token::mint(TokenKind::OauthRefresh, handle, op.random());
        lines.push(line(op, session.id, handle, &access, &refresh));
        seeds.access.push(access.expose().to_owned());
        seeds.refresh.push(refresh.expose().to_owned());
    }
    insert::<sessions::Entity, _>(tx, sessions).await?;
    insert::<token_pairs::Entity, _>(tx, lines).await?;

    let grants = seeds.codes.iter().zip(browser_ids.iter().cycle());
    insert::<authorization_grants::Entity, _>(
        tx,
        grants.map(|(code, browser)| grant(op, client, *browser, code)),
    )
    .await?;
    Ok(seeds)
}

/// Slice by slice.
pub async fn insert<E, A>(
    tx: &Tx,
    rows: impl IntoIterator<Item = E::Model>,
) -> std::result::Result<(), store::DbErr>
where
    E: EntityTrait<ActiveModel = A>,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let slice: Vec<A> = rows.by_ref().take(SLICE).collect();
        E::insert_many(slice).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn user(op: &Op, id: UserId, username: &str) -> users::Model {
    users::Model {
        id,
        username: username.to_owned(),
        username_norm: username.to_owned(),
        username_twin: false,
        created_at: op.now,
        locked_at: None,
        deactivated_at: None,
        can_request_admin: false,
        is_guest: false,
        language: None,
        display_name: None,
        display_name_norm: None,
    }
}

fn password(op: &Op, user_id: UserId, hash: &str) -> authenticators::Model {
    authenticators::Model {
        id: op.id(),
        user_id,
        kind: "password".into(),
        version: Some(1),
        secret: Some(hash.to_owned()),
        data: None,
        label: None,
        created_at: op.now,
        last_used_at: None,
        retired_at: None,
    }
}

pub fn browser(op: &Op, user_id: UserId) -> browser_sessions::Model {
    browser_sessions::Model {
        id: op.id(),
        user_id,
        secret_hash: None,
        created_at: op.now,
        finished_at: None,
        auth_time: op.now,
        amr: "pwd".into(),
        user_agent: None,
        last_active_at: None,
        last_active_ip: None,
    }
}

pub fn session(op: &Op, user: UserId, client: ClientId, browser: BrowserSessionId) -> sessions::Model {
    let device = op.alphanumeric(10);
    sessions::Model {
        id: op.id(),
        kind: "oauth".into(),
        user_id: Some(user),
        client_id: Some(client),
        browser_session_id: Some(browser),
        owner_user_id: None,
        scope: scope(&device),
        device_id: Some(device),
        foreign_device: false,
        human_name: None,
        is_synapse_admin: false,
        created_at: op.now,
        finished_at: None,
        user_agent: None,
        last_active_at: None,
        last_active_ip: None,
    }
}

fn line(
    op: &Op,
    session_id: SessionId,
    handle: Handle,
    access: &Token,
    refresh: &Token,
) -> token_pairs::Model {
    token_pairs::Model {
        id: op.id(),
        session_id,
        handle: Some(handle.to_string()),
        created_at: op.now,
        revoked_at: None,
        access_id: op.id(),
        access_hash: access.hash().to_vec(),
        access_expires_at: Some(Timestamp::from_secs(op.now.as_secs() + 86_400)),
        access_used_at: Some(op.now),
        refresh_id: Some(op.id()),
        refresh_hash: Some(refresh.hash().to_vec()),
        rotated_at: None,
        prior_access_id: None,
        prior_access_hash: None,
        prior_access_expires_at: None,
        prior_refresh_hash: None,
        successor_box: None,
    }
}

fn grant(op: &Op, client_id: ClientId, browser: BrowserSessionId, code: &str) -> authorization_grants::Model {
    // Good for ten minutes; they are exchanged several minutes from now.
    let fulfilled_at = Timestamp::from_secs(op.now.as_secs() + 300);
    authorization_grants::Model {
        id: op.id(),
        client_id,
        browser_session_id: Some(browser),
        session_id: None,
        created_at: op.now,
        fulfilled_at: Some(fulfilled_at),
        exchanged_at: None,
        cancelled_at: None,
        scope: format!("openid {}", scope(&op.alphanumeric(10))),
        redirect_uri: REDIRECT_URI.into(),
        redirect_uri_given: true,
        response_type: "code".into(),
        response_mode: "query".into(),
        state: None,
        nonce: None,
        code_hash: Some(token::hash(code).to_vec()),
        code_challenge: Some(CHALLENGE.into()),
        code_challenge_method: Some("S256".into()),
        login_hint: None,
        locale: None,
        parameters: json!({}),
        demands: None,
        account_chosen_by: None,
        auth_time: None,
        amr: None,
    }
}

fn scope(device: &str) -> String {
    format!("{} {}{device}", kernel::scope::MATRIX_API, kernel::scope::DEVICE_PREFIX)
}
