//! Canaries: secrets that go through the real binary, looked for in everything that it keeps, logs and shows
//! (Synapse's CVE-2023-41335; MAS keeps tokens as plain text).

use kernel::token;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use store::{Db, Engine};
use testkit::{Answer, Browser, Caller, Credentials, Door, FakeHomeserver, Mail, Mailbox, Tokens};
use tokio::runtime::Runtime;

use super::surfaces::{self, BOBS_PASSWORD, DORAS_PASSWORD, NEW_PASSWORD, SCRIPT, SCRIPTS_SECRET};
use crate::cli::Shell;

pub const PASSWORD: &str = "canary-Passw0rd/of-alice";
pub const WRONG: &str = "canary-Passw0rd/of-nobody";
const SHARED: &str = "canary-secret-of-the-homeserver";
const ENCRYPTION: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// What a client says of itself is kept, and told to nobody who reads the log.
const LOGO: &str = "https://app.example.org/canary-logo?key=canary-of-an-address";
const CALLBACK: &str = "https://app.example.org/callback";

/// What a run of everything brought to light.
#[derive(Default)]
pub struct Run {
    /// By name.
    secrets: Vec<(&'static str, String)>,
    /// Hashes of tokens that are still kept: what shows that the search sees binary columns.
    kept: Vec<[u8; 32]>,
    /// What should show none of the secrets that somebody types.
    pub pages: Vec<Answer>,
    pub mails: Vec<Mail>,
    /// The one that was mailed, as it stands there: too short to be looked for everywhere.
    pub code: String,
}

impl Run {
    pub fn page(&mut self, page: Answer) {
        self.pages.push(page);
    }

    pub fn secret(&mut self, name: &'static str, secret: &str) {
        assert!(secret.len() >= 16, "{name} is too short to be looked for: {secret}");
        self.secrets.push((name, secret.to_owned()));
    }

    /// The whole token, and its part that is not shared with its line.
    pub fn tokens(&mut self, tokens: &Tokens) {
        for token in [&tokens.access_token, &tokens.refresh_token] {
            self.token(token);
        }
    }

    fn token(&mut self, token: &str) {
        self.secret("a token", token);
        self.secret("a token's secret", &token[14..34]);
    }

    /// Access and refresh token in an answer of the legacy API.
    pub fn legacy_tokens(&mut self, answer: &Answer) -> (String, String) {
        let body = answer.json();
        let [access, refresh] =
            ["access_token", "refresh_token"].map(|name| body[name].as_str().unwrap().to_owned());
        self.token(&access);
        self.token(&refresh);
        (access, refresh)
    }
}

#[test]
fn no_secret_is_kept_logged_or_shown() {
    let runtime = Runtime::new().unwrap();
    let homeserver = runtime.block_on(FakeHomeserver::start(SHARED));
    let mailbox = runtime.block_on(Mailbox::behind(Door::default()));
    let sections = format!(
        "matrix: {{homeserver: example.com, kind: synapse_modern, secret: {SHARED}, endpoint: '{}'}}\n\
         passwords: {{schemes: [{{version: 1, algorithm: bcrypt, cost: 4}}]}}\n\
         email: {{transport: smtp, mode: plain, hostname: localhost, port: {}}}\n\
         clients: [{{client_id: {SCRIPT}, client_auth_method: client_secret_basic, client_secret: {SCRIPTS_SECRET}}}]\n\
         account: {{password_registration_enabled: true, password_registration_email_required: false, password_registration_token_required: true}}\n\
         policy: {{data: {{admin_clients: [{SCRIPT}]}}}}\n\
         rate_limiting: {{login: {{per_ip: {{burst: 100, per_second: 1}}, per_account: {{burst: 100, per_second: 1}}}}}}\n",
        homeserver.endpoint(),
        mailbox.port()
    );
    let (shell, database) = Shell::with_config(&sections);
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    std::fs::create_dir(shell.path().join("keys")).unwrap();
    shell.write("keys/key.pem", &key);
    let shell = shell.env("MAS__SECRETS__KEYS_DIR", "keys").env("RUST_LOG", "debug").env(
        "MAS__HTTP__LISTENERS",
        r#"[{resources=[{name=discovery},{name=oauth},{name=human},{name=compat},{name=graphql},{name=adminapi},{name=assets}],binds=[{address="127.0.0.1:0"}]}]"#,
    );
    shell.run("database migrate").ok();
    let made = shell.run_with_input("manage register-user -y alice", "").ok();
    let set =
        shell.run_with_input("manage set-password alice --password-stdin", &format!("{PASSWORD}\n")).ok();

    let mut server = shell.start("server");
    let base = format!("http://{}", server.address());
    let (run, log) = server.during(|| runtime.block_on(everything(&base, &mailbox)));
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
    for secret in [
        PASSWORD,
        WRONG,
        NEW_PASSWORD,
        BOBS_PASSWORD,
        DORAS_PASSWORD,
        SHARED,
        ENCRYPTION,
        VERIFIER,
        SCRIPTS_SECRET,
    ] {
        for page in &run.pages {
            assert!(!page.body.contains(secret), "{secret} is shown: {page}");
        }
    }
    assert!(
        log.contains("send-email-authentication-code") && log.contains("delete-device"),
        "jobs have run: {log}"
    );
    for (name, secret) in &run.secrets {
        for mail in &run.mails {
            let text = format!("{mail:?}");
            assert!(!text.contains(secret.as_str()), "{name} is mailed: {text}");
        }
    }
    // Digits alone are everywhere: fractions of seconds, for example.
    let digits = run.code.replace(' ', "");
    let code = regex::Regex::new(&format!(r"(^|[^.0-9a-fA-F]){digits}([^0-9a-fA-F]|$)")).unwrap();
    for place in [&log, &dump] {
        assert!(
            !place.contains(&run.code) && !code.is_match(place),
            "the mailed code {digits} is in {place}"
        );
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
async fn everything(base: &str, mailbox: &Mailbox) -> Run {
    let mut run = Run::default();
    for (name, secret) in [
        ("the password", PASSWORD),
        ("a wrong password", WRONG),
        ("the homeserver's secret", SHARED),
        ("the encryption secret", ENCRYPTION),
        ("the PKCE verifier", VERIFIER),
        ("a new password", NEW_PASSWORD),
        ("bob's password", BOBS_PASSWORD),
        ("dora's password", DORAS_PASSWORD),
        ("the script's secret", SCRIPTS_SECRET),
    ] {
        run.secret(name, secret);
    }
    let anonymous = Caller::new(base.to_owned(), Credentials::None);
    let (id, secret) = register(&anonymous).await;
    run.secret("the client's secret", &secret);
    anonymous.get(&format!("/oauth2/clients/{id}/logo")).await;
    let mut browser = Browser::new(anonymous.clone());
    let code = sign_in(&mut run, &mut browser, &id).await;
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
    surfaces::legacy(&mut run, &anonymous, &mut browser).await;
    surfaces::device(&mut run, &anonymous, &mut browser).await;
    surfaces::account(&mut run, &mut browser, mailbox).await;
    surfaces::administration(&mut run, &anonymous).await;
    surfaces::registration(&mut run, &anonymous).await;
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
async fn sign_in(run: &mut Run, browser: &mut Browser, client: &str) -> String {
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
