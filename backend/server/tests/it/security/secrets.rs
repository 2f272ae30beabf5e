//! Canaries: secrets that go through the real binary, looked for in everything that it keeps, logs and shows
//! (Synapse's CVE-2023-41335; MAS keeps tokens as plain text).

use kernel::token;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use store::{Db, Engine};
use testkit::{Answer, Browser, Caller, Credentials, FakeHomeserver, Tokens};
use tokio::runtime::Runtime;

use crate::cli::Shell;

const PASSWORD: &str = "canary-Passw0rd/of-alice";
const WRONG: &str = "canary-Passw0rd/of-nobody";
const SHARED: &str = "canary-secret-of-the-homeserver";
const ENCRYPTION: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// What a client says of itself is kept, and told to nobody who reads the log.
const LOGO: &str = "https://app.example.org/canary-logo?key=canary-of-an-address";
const CALLBACK: &str = "https://app.example.org/callback";

/// What a run of everything brought to light.
#[derive(Default)]
struct Run {
    /// By name.
    secrets: Vec<(&'static str, String)>,
    /// Hashes of tokens that are still kept: what shows that the search sees binary columns.
    kept: Vec<[u8; 32]>,
    pages: Vec<Answer>,
}

impl Run {
    fn secret(&mut self, name: &'static str, secret: &str) {
        assert!(secret.len() >= 16, "{name} is too short to be looked for: {secret}");
        self.secrets.push((name, secret.to_owned()));
    }

    /// The whole token, and its part that is not shared with its line.
    fn tokens(&mut self, tokens: &Tokens) {
        for token in [&tokens.access_token, &tokens.refresh_token] {
            self.secret("a token", token);
            self.secret("a token's secret", &token[14..34]);
        }
    }
}

#[test]
fn no_secret_is_kept_logged_or_shown() {
    let runtime = Runtime::new().unwrap();
    let homeserver = runtime.block_on(FakeHomeserver::start(SHARED));
    let sections = format!(
        "matrix: {{homeserver: example.com, kind: synapse_modern, secret: {SHARED}, endpoint: '{}'}}\n\
         rate_limiting: {{login: {{per_ip: {{burst: 100, per_second: 1}}, per_account: {{burst: 100, per_second: 1}}}}}}\n",
        homeserver.endpoint()
    );
    let (shell, database) = Shell::with_config(&sections);
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    std::fs::create_dir(shell.path().join("keys")).unwrap();
    shell.write("keys/key.pem", &key);
    let shell = shell.env("MAS__SECRETS__KEYS_DIR", "keys").env("RUST_LOG", "debug").env(
        "MAS__HTTP__LISTENERS",
        r#"[{resources=[{name=discovery},{name=oauth},{name=human}],binds=[{address="127.0.0.1:0"}]}]"#,
    );
    shell.run("database migrate").ok();
    let made = shell.run_with_input("manage register-user -y alice", "").ok();
    let set =
        shell.run_with_input("manage set-password alice --password-stdin", &format!("{PASSWORD}\n")).ok();

    let mut server = shell.start("server");
    let base = format!("http://{}", server.address());
    let (run, log) = server.during(|| runtime.block_on(everything(&base)));
    let log = format!("{log}{}{}{}{}", made.stderr, made.stdout, set.stderr, set.stdout);
    let dump = database.with(dump);

    assert!(log.contains("DEBUG") && log.contains("POST /oauth2/token"), "the log is that of the run: {log}");
    assert!(dump.contains("alice") && dump.contains("a-nonce"), "the dump holds what is kept: {dump}");
    for hash in &run.kept {
        assert!(dump.to_lowercase().contains(&hex(hash)), "the dump holds binary columns");
    }
    for (name, secret) in &run.secrets {
        let lower = dump.to_lowercase();
        assert!(
            !dump.contains(secret.as_str()) && !lower.contains(&hex(secret.as_bytes())),
            "{name} is kept"
        );
        assert!(!log.contains(secret.as_str()), "{name} is logged");
    }
    assert!(log.contains("the logo of a client cannot be had") && !log.contains("canary-logo"), "{log}");
    for page in &run.pages {
        for secret in [PASSWORD, WRONG, SHARED, ENCRYPTION, VERIFIER] {
            assert!(!page.body.contains(secret), "{secret} is shown: {page}");
        }
    }
    // Nobody but the server begins a line.
    for line in log.lines().filter(|line| line.contains("forged")) {
        assert!(line.starts_with("20"), "a line of the log was forged: {line}");
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A person signs in to a client with a secret, which uses all that it gets; and much goes wrong on the way.
async fn everything(base: &str) -> Run {
    let mut run = Run::default();
    for (name, secret) in [
        ("the password", PASSWORD),
        ("a wrong password", WRONG),
        ("the homeserver's secret", SHARED),
        ("the encryption secret", ENCRYPTION),
        ("the PKCE verifier", VERIFIER),
    ] {
        run.secret(name, secret);
    }
    let anonymous = Caller::new(base.to_owned(), Credentials::None);
    let (id, secret) = register(&anonymous).await;
    run.secret("the client's secret", &secret);
    anonymous.get(&format!("/oauth2/clients/{id}/logo")).await;
    let code = sign_in(&mut run, &anonymous, &id).await;
    run.secret("the code", &code);
    let client = anonymous.with(Credentials::Post { id: id.clone(), secret });
    let ask = async |form: &[(&str, &str)]| client.post("/oauth2/token").form(form.iter().copied()).await;
    let exchange = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let first = ask(&exchange).await.tokens();
    run.tokens(&first);
    run.pages.push(ask(&exchange).await);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", first.refresh_token.as_str())];
    let second = ask(&refresh).await.tokens();
    run.tokens(&second);
    run.kept.extend([&second.access_token, &second.refresh_token].map(|token| token::hash(token)));

    let bearer = |token: &str| anonymous.with(Credentials::Bearer(token.to_owned()));
    bearer(&second.access_token).get("/oauth2/userinfo").await.ok();
    run.pages.push(bearer(&second.refresh_token).get("/oauth2/userinfo").await);
    let in_address = format!("/oauth2/userinfo?access_token={}", second.access_token);
    run.pages.push(anonymous.get(&in_address).await);
    for (caller, token) in [(bearer(SHARED), &second.access_token), (bearer(WRONG), &second.refresh_token)] {
        run.pages.push(caller.post("/oauth2/introspect").form([("token", token.as_str())]).await);
    }
    let wrong = anonymous.with(Credentials::Basic { id, secret: WRONG.into() });
    run.pages.push(wrong.post("/oauth2/revoke").form([("token", second.refresh_token.as_str())]).await);
    run.pages.push(ask(&refresh).await);
    client.post("/oauth2/revoke").form([("token", second.access_token.as_str())]).await.ok();
    run
}

async fn register(anonymous: &Caller) -> (String, String) {
    let document = json!({
        "client_name": "App\n2026-01-01T00:00:00.000000Z  INFO forged", "client_uri": "https://app.example.org/",
        "logo_uri": LOGO, "redirect_uris": [CALLBACK], "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_post", "id_token_signed_response_alg": "ES256",
    });
    let answer = anonymous.post("/oauth2/registration").json(&document).await.ok().json();
    let mut wrong = document.clone();
    for member in ["client_uri", "redirect_uris", "token_endpoint_auth_method", "response_types"] {
        wrong[member] = json!(["\n2026-01-01T00:00:00.000000Z  INFO forged"]);
        let refused = anonymous.post("/oauth2/registration").json(&wrong).await;
        assert!(refused.status.is_client_error(), "{member}: {refused}");
    }
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("client_id"), text("client_secret"))
}

/// Signs in, at the third attempt, and agrees. The answer is the code.
async fn sign_in(run: &mut Run, anonymous: &Caller, client: &str) -> String {
    let mut browser = Browser::new(anonymous.clone());
    let path = format!(
        "/authorize?response_type=code&client_id={client}&redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback\
         &scope=openid%20urn%3Amatrix%3Aclient%3Aapi%3A%2A%20urn%3Amatrix%3Aclient%3Adevice%3ADEV1CE0001&state=a-state\
         &nonce=a-nonce&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let mut page = browser.get(&path).await.ok();
    // The password in the field for the name, too: people do that.
    for (username, password) in [("alice", WRONG), (WRONG, "x"), ("no\nforged", WRONG)] {
        let fields = [("username", username), ("password", password)];
        page = browser.submit(&page, "/login", &fields).await;
        assert!(page.has_form("/login"), "{page}");
        if username != WRONG {
            run.pages.push(page.clone());
        }
    }
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert!(page.has_form("/consent/"), "{page}");
    run.secret("the session's cookie", &browser.cookies["session"]);
    run.pages.push(page.clone());
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    let code = answer.parameters()["code"].clone();
    run.pages.push(browser.submit(&page, "/consent/", &[("action", "allow")]).await);
    run.pages.push(browser.get("/nowhere?password=x").await);
    code
}

/// Every column of every row, with binary ones in hexadecimal.
pub async fn dump(db: &Db) -> String {
    let sqlite = db.engine() == Engine::Sqlite;
    let tables = if sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
    };
    let mut dump = String::new();
    for table in column(db, tables).await {
        let rows = if sqlite {
            let names = column(db, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let values: Vec<_> = names.iter().map(|name| format!("quote(\"{name}\")")).collect();
            format!("SELECT {} FROM \"{table}\"", values.join(" || ' ' || "))
        } else {
            format!("SELECT one::text FROM \"{table}\" one")
        };
        for row in column(db, &rows).await {
            dump.push_str(&format!("{table}: {row}\n"));
        }
    }
    dump
}

async fn column(db: &Db, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.read.get_database_backend(), sql);
    let rows = db.read.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
