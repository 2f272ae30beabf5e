//! `kill -9` under load, at random moments: whatever was acknowledged is there afterwards.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use kernel::{
    Handle, Op, Random, SystemRandom, Timestamp, Token, TokenKind,
    id::{ClientId, GrantId, SessionId, TokenId, TokenLineId, UserId},
    token,
};
use sea_orm::Value;
use serde_json::json;
use store::{Db, sql};

use super::{Shell, running::Running};

const KILLS: usize = 50;
const LINES: usize = 6;
const CODES_PER_ROUND: usize = 20;

/// What the service said that it did.
#[derive(Default)]
struct Acknowledged {
    /// The newest refresh token of each line.
    lines: Vec<String>,
    /// Ids and secrets.
    clients: Vec<(String, String)>,
}

#[test]
fn fifty_kills_lose_nothing_that_was_acknowledged() {
    let (shell, database) = Shell::with_config("matrix: {homeserver: example.com, kind: none}\n");
    let shell = shell.env(
        "MAS__HTTP__LISTENERS",
        r#"[{resources=[{name=health},{name=oauth}],binds=[{address="127.0.0.1:0"}]}]"#,
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut server = shell.start("server");
    let mut address = server.address();
    let client = runtime.block_on(register(&http(), address, "none")).unwrap();
    let (user, lines) = database.with(async |db| seed_lines(db, &client.0).await);
    let acknowledged = Arc::new(Mutex::new(Acknowledged { lines, clients: Vec::new() }));

    let mut work = 0;
    for _ in 0..KILLS {
        let codes = database.with(async |db| seed_codes(db, &client.0, user).await);
        runtime.block_on(async {
            let load = load(address, &client.0, codes, &acknowledged);
            tokio::select! {
                () = load => unreachable!("the load never ends by itself"),
                () = tokio::time::sleep(Duration::from_millis(20 + u64::from(random_byte()))) => {}
            }
        });
        server.signal("KILL");
        server.ended();
        (server, address) = start(&shell);
        work += runtime.block_on(verify(address, &client.0, &acknowledged));
    }
    assert!(work > KILLS * LINES, "there was hardly any load: {work}");
}

/// What is only in memory is not lost by an orderly end.
#[test]
fn a_stop_writes_down_which_sessions_were_used() {
    let (shell, database) = Shell::with_config("matrix: {homeserver: example.com, kind: none}\n");
    let shell = shell.env(
        "MAS__HTTP__LISTENERS",
        r#"[{resources=[{name=health},{name=oauth}],binds=[{address="127.0.0.1:0"}]}]"#,
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut server, address) = start(&shell);
    let client = runtime.block_on(register(&http(), address, "none")).unwrap();
    let (_, lines) = database.with(async |db| seed_lines(db, &client.0).await);
    runtime.block_on(refresh(&http(), address, &client.0, &lines[0])).unwrap();
    server.signal("TERM");
    assert_eq!(server.ended().code(), Some(0));
    let used = "SELECT last_active_ip FROM sessions WHERE last_active_ip IS NOT NULL";
    assert_eq!(database.texts(used), ["127.0.0.1"]);
}

fn start(shell: &Shell) -> (Running, SocketAddr) {
    let mut server = shell.start("server");
    let address = server.address();
    (server, address)
}

fn http() -> reqwest::Client {
    reqwest::Client::new()
}

fn random_byte() -> u8 {
    let mut byte = [0];
    SystemRandom.fill(&mut byte);
    byte[0]
}

/// Refreshes, exchanges and registers as fast as the service can, noting what was acknowledged, until it is dropped.
async fn load(address: SocketAddr, client: &str, codes: Vec<String>, acknowledged: &Mutex<Acknowledged>) {
    let http = http();
    let refreshes = (0..LINES).map(|line| {
        let http = http.clone();
        async move {
            loop {
                let newest = acknowledged.lock().unwrap().lines[line].clone();
                if let Ok(next) = refresh(&http, address, client, &newest).await {
                    acknowledged.lock().unwrap().lines[line] = next;
                }
            }
        }
    });
    let exchanges = async {
        for code in codes {
            if let Ok(line) = exchange(&http, address, client, &code).await {
                acknowledged.lock().unwrap().lines.push(line);
            }
        }
        std::future::pending::<()>().await;
    };
    let registrations = async {
        loop {
            if let Ok(registered) = register(&http, address, "client_secret_post").await {
                acknowledged.lock().unwrap().clients.push(registered);
            }
        }
    };
    tokio::join!(futures_util::future::join_all(refreshes), exchanges, registrations);
}

/// Every acknowledged token still refreshes, and every acknowledged client is known. Returns how many were looked at.
async fn verify(address: SocketAddr, client: &str, acknowledged: &Mutex<Acknowledged>) -> usize {
    let http = http();
    let (lines, clients) = {
        let mut all = acknowledged.lock().unwrap();
        (all.lines.clone(), std::mem::take(&mut all.clients))
    };
    let mut newest = Vec::new();
    for line in &lines {
        newest.push(refresh(&http, address, client, line).await.expect("an acknowledged token refreshes"));
    }
    newest.truncate(LINES);
    acknowledged.lock().unwrap().lines = newest;
    for (id, secret) in &clients {
        let form = [("token", "x"), ("client_id", id), ("client_secret", secret)];
        let answer =
            http.post(format!("http://{address}/oauth2/introspect")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 200, "an acknowledged client is known");
    }
    lines.len() + clients.len()
}

/// What went wrong; a connection that broke, most often.
#[derive(Debug)]
struct Unanswered(#[expect(dead_code, reason = "shown when an expectation fails")] String);

async fn refresh(
    http: &reqwest::Client,
    at: SocketAddr,
    client: &str,
    token: &str,
) -> Result<String, Unanswered> {
    let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
    tokens(http, at, &form).await
}

async fn exchange(
    http: &reqwest::Client,
    at: SocketAddr,
    client: &str,
    code: &str,
) -> Result<String, Unanswered> {
    let form = [("grant_type", "authorization_code"), ("client_id", client), ("code", code)];
    tokens(http, at, &form).await
}

async fn tokens(http: &reqwest::Client, at: SocketAddr, form: &[(&str, &str)]) -> Result<String, Unanswered> {
    let lost = |error: reqwest::Error| Unanswered(error.to_string());
    let answer = http.post(format!("http://{at}/oauth2/token")).form(form).send().await.map_err(lost)?;
    let body: serde_json::Value = answer.json().await.map_err(lost)?;
    body["refresh_token"].as_str().map(str::to_owned).ok_or_else(|| Unanswered(body.to_string()))
}

async fn register(
    http: &reqwest::Client,
    at: SocketAddr,
    method: &str,
) -> Result<(String, String), Unanswered> {
    let lost = |error: reqwest::Error| Unanswered(error.to_string());
    let metadata = json!({
        "client_uri": "https://example.com/", "redirect_uris": ["https://example.com/cb"],
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": method,
    });
    let answer =
        http.post(format!("http://{at}/oauth2/registration")).json(&metadata).send().await.map_err(lost)?;
    let body: serde_json::Value = answer.json().await.map_err(lost)?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    if text("client_id").is_empty() {
        Err(Unanswered(body.to_string()))
    } else {
        Ok((text("client_id"), text("client_secret")))
    }
}

fn op() -> Op {
    use kernel::Clock;
    Op::new(kernel::SystemClock.now(), Arc::new(SystemRandom), "seed")
}

async fn run(db: &Db, statement: &'static str, values: Vec<Value>) {
    sql::execute(&db.single, statement, values).await.unwrap();
}

/// A user with a session and a line of tokens for each of [`LINES`].
async fn seed_lines(db: &Db, client: &str) -> (UserId, Vec<String>) {
    let (op, client): (Op, ClientId) = (op(), client.parse().unwrap());
    let user: UserId = op.id();
    let values = vec![user.into(), "alice".into(), "alice".into(), op.now.into()];
    run(db, "INSERT INTO users (id, username, username_norm, created_at) VALUES ($1, $2, $3, $4)", values)
        .await;
    let mut lines = Vec::new();
    for _ in 0..LINES {
        let session: SessionId = op.id();
        let values = vec![session.into(), user.into(), client.into(), op.now.into()];
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
        lines.push(refresh.expose().to_owned());
    }
    let browser: kernel::id::BrowserSessionId = op.id();
    let values = vec![browser.into(), user.into(), op.now.into()];
    run(db, BROWSER, values).await;
    (user, lines)
}

/// Grants that a person has agreed to, with their codes.
async fn seed_codes(db: &Db, client: &str, user: UserId) -> Vec<String> {
    let (op, client): (Op, ClientId) = (op(), client.parse().unwrap());
    let browser = "SELECT id FROM browser_sessions WHERE user_id = $1";
    let browser = sql::one(&db.read, browser, [user.into()]).await.unwrap().unwrap();
    let browser: kernel::id::BrowserSessionId = browser.try_get("", "id").unwrap();
    let mut codes = Vec::new();
    for _ in 0..CODES_PER_ROUND {
        let code = op.alphanumeric(32);
        let values = vec![
            op.id::<GrantId>().into(),
            client.into(),
            browser.into(),
            Timestamp::into(op.now),
            token::hash(&code).to_vec().into(),
        ];
        run(db, GRANT, values).await;
        codes.push(code);
    }
    codes
}

const SESSION: &str = "INSERT INTO sessions (id, kind, user_id, client_id, scope, created_at) \
  VALUES ($1, 'oauth', $2, $3, 'openid', $4)";

const LINE: &str = "INSERT INTO token_pairs \
  (id, session_id, handle, created_at, access_id, access_hash, refresh_id, refresh_hash) \
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const BROWSER: &str = "INSERT INTO browser_sessions (id, user_id, created_at, auth_time, amr) \
  VALUES ($1, $2, $3, $3, 'pwd')";

const GRANT: &str = "INSERT INTO authorization_grants (id, client_id, browser_session_id, created_at, fulfilled_at, \
    code_hash, scope, redirect_uri, redirect_uri_given, response_type, response_mode, parameters) \
  VALUES ($1, $2, $3, $4, $4, $5, 'email', 'https://example.com/cb', FALSE, 'code', 'query', '{}')";
