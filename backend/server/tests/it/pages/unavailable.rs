//! While the database is gone, people and apps are told so, and when to come back. Once it is there again, they go on from where
//! they were.

use serde_json::json;
use store::Engine;
use testkit::{Answer, Browser, ClientKind::*, PASSWORD, REDIRECT_URI, TestApp, TestClient, engine};

use super::signed_in;
use crate::oauth::{refused, seconds};

#[track_caller]
fn is_told(answer: &Answer, what: &str) {
    assert_eq!(answer.status.as_u16(), 503, "{what}: {answer}");
    assert_ne!(answer.header("retry-after"), "", "{what}: it says when to come back");
    assert!(answer.header("content-type").starts_with("text/html"), "{what}: {answer}");
    assert!(answer.body.contains("One moment, please"), "{what}: {answer}");
    assert!(!answer.body.to_lowercase().contains("sql"), "{what}: the cause is for the log: {answer}");
}

#[track_caller]
fn is_told_by_code(answer: &Answer) {
    assert_eq!(answer.refusal(), refused(503, "temporarily_unavailable"));
    assert_ne!(answer.header("retry-after"), "");
}

/// People on their ways, each before the next step.
struct Ways {
    client: TestClient,
    device: TestClient,
    /// Who is to sign in.
    stranger: (Browser, Answer),
    /// Who is to agree, who is to let a device in, and who is to give the password again.
    consent: (Browser, Answer),
    letting_in: (Browser, Answer),
    proving: (Browser, Answer),
    device_code: String,
}

impl Ways {
    async fn of(app: &TestApp) -> Self {
        app.user_with_password("alice", PASSWORD).await;
        let (client, device) = (app.client(Public).await, app.device_client(Public).await);
        let mut stranger = app.browser();
        let login = stranger.get(&app.authorization(&client).path()).await;
        let mut alice = signed_in(app, "alice").await;
        app.clock.advance(seconds(60));
        let consent = alice.get(&app.authorization(&client).path()).await;
        let proving = alice.get(&app.authorization(&client).with("prompt", "login").path()).await;
        assert!(proving.has_form("/reauthenticate"), "{proving}");
        let codes = device.ask_for_codes("openid").await.ok().json();
        let text = |name: &str| codes[name].as_str().unwrap().to_owned();
        let letting_in = app.asked_for_device(&mut alice, "alice", &text("user_code")).await;
        Self {
            client,
            device,
            stranger: (stranger, login),
            consent: (alice.clone(), consent),
            letting_in: (alice.clone(), letting_in),
            proving: (alice, proving),
            device_code: text("device_code"),
        }
    }

    async fn sign_in(&mut self) -> Answer {
        let typed = [("username", "alice"), ("password", PASSWORD)];
        self.stranger.0.submit(&self.stranger.1, "/login", &typed).await
    }

    async fn agree(&mut self) -> Answer {
        self.consent.0.submit(&self.consent.1, "/consent/", &[("action", "allow")]).await
    }

    async fn let_in(&mut self) -> Answer {
        let fields = [("action", "consent"), ("confirm_device", "yes")];
        self.letting_in.0.submit(&self.letting_in.1, "/device/", &fields).await
    }

    async fn prove(&mut self) -> Answer {
        self.proving.0.submit(&self.proving.1, "/reauthenticate", &[("password", PASSWORD)]).await
    }
}

async fn register(app: &TestApp) -> Answer {
    let document = json!({
        "client_name": "App", "client_uri": "https://app.example.org/", "redirect_uris": [REDIRECT_URI],
        "token_endpoint_auth_method": "none",
    });
    app.anonymous().post("/oauth2/registration").json(&document).await
}

#[tokio::test]
async fn every_step_that_writes_says_so_and_can_be_taken_afterwards() {
    let app = TestApp::new().await;
    let mut ways = Ways::of(&app).await;
    let request = app.authorization(&ways.client).path();
    for _ in 0..2 {
        let gone = app.database.gone().await;
        is_told(&app.browser().get(&request).await, "/authorize");
        is_told(&ways.sign_in().await, "/login");
        is_told(&ways.agree().await, "/consent");
        is_told(&ways.let_in().await, "/device");
        is_told(&ways.prove().await, "/reauthenticate");
        is_told_by_code(&register(&app).await);
        is_told_by_code(&ways.device.ask_for_codes("openid").await);
        drop(gone);
        register(&app).await.ok();
        ways.device.ask_for_codes("openid").await.ok();
    }
    let page = ways.sign_in().await;
    assert!(page.has_form("/consent/"), "{page}");
    assert!(ways.agree().await.parameters().contains_key("code"));
    let page = ways.let_in().await.ok();
    assert!(page.body.contains("Your device is signed in"), "{page}");
    ways.device.poll(&ways.device_code).await.ok();
    let page = ways.prove().await;
    assert!(page.status.is_redirection() || page.has_form("/consent/"), "{page}");
}

#[tokio::test]
async fn every_page_that_has_to_be_looked_up_says_so_while_postgres_is_gone() {
    if engine() == Engine::Sqlite {
        return; // a file that is there can be read, whoever is writing
    }
    let app = TestApp::new().await;
    let mut ways = Ways::of(&app).await;
    let mut stranger = app.browser();
    let link = stranger.get("/link").await.ok();
    let consent = super::consent_path(&ways.consent.1);
    let paths = ["/login", "/link", "/account/", "/", consent.as_str(), "/device/01K2F2DKG0M9S346Q3D25VT4F5"];
    let gone = app.database.gone().await;
    for path in paths {
        is_told(&ways.consent.0.get(path).await, path);
    }
    is_told(&stranger.submit(&link, "/link", &[("code", "BCD3GX")]).await, "/link, typed");
    app.anonymous().get("/no/such/page").await;
    drop(gone);
    for path in &paths[..5] {
        ways.consent.0.get(path).await.ok();
    }
}
