//! A locked or deactivated account: every way in, and everything that it already had (Synapse's CVE-2023-32682).

use serde_json::json;
use testkit::{Answer, Browser, ClientKind::*, Code, PASSWORD, TestApp, TestClient, Tokens};

use super::{is_active, log_in, signed_in};
use crate::{
    compat::{self, by_password, problem, with},
    oauth::{introspection::personal_session, refused},
};

/// All that somebody can have before it happens.
struct Belongings {
    client: TestClient,
    tokens: Tokens,
    /// A personal token that acts as somebody else.
    personal: String,
    legacy: compat::Session,
    /// What the browser brought back to an older app.
    login_token: String,
    browser: Browser,
    /// A request that waits for the person's answer in that browser.
    pending: Answer,
    code: Code,
    /// Of a device that was let in.
    device: (TestClient, String),
}

impl Belongings {
    async fn of_alice(app: &TestApp) -> Self {
        let client = app.client(Public).await;
        let tokens = app.signed_in_to(&client, "alice").await;
        let mut browser = signed_in(app, "alice").await;
        let code = app.authorization(&client).through(&mut browser, "alice").await;
        let pending = browser.get(&app.authorization(&client).path()).await;
        assert!(pending.has_form("/consent/"), "{pending}");
        let personal = personal_token(app).await;
        let legacy = with(by_password("alice"), json!({ "device_id": "DEV1CE0002", "refresh_token": true }));
        let legacy = compat::log_in(app, legacy).await;
        let login_token = compat::sso::approved(app, "alice").await;
        let device = Self::device(app, &mut browser).await;
        Self { client, tokens, personal, legacy, login_token, browser, pending, code, device }
    }

    async fn device(app: &TestApp, browser: &mut Browser) -> (TestClient, String) {
        let client = app.device_client(Public).await;
        let codes = client.ask_for_codes("openid").await.ok().json();
        let text = |name: &str| codes[name].as_str().unwrap().to_owned();
        app.let_in(browser, "alice", &text("user_code")).await.ok();
        (client, text("device_code"))
    }

    fn all_tokens(&self) -> [&str; 5] {
        let Self { tokens, personal, legacy, .. } = self;
        let legacy_refresh = legacy.refresh_token.as_deref().unwrap();
        [&tokens.access_token, &tokens.refresh_token, personal, &legacy.access_token, legacy_refresh]
    }

    async fn are_worthless(&mut self, app: &TestApp, how: &str) {
        for token in self.all_tokens() {
            assert!(!is_active(app, token).await, "{how}: {token}");
        }
        self.legacy_is_worthless(app, how).await;
        let (device, code) = &self.device;
        assert_eq!(device.poll(code).await.refusal(), refused(400, "invalid_grant"), "{how}");
        assert_eq!(self.client.userinfo(&self.tokens).await.status.as_u16(), 401, "{how}");
        assert_eq!(self.client.refresh(&self.tokens).await.refusal(), refused(400, "invalid_grant"), "{how}");
        assert_eq!(self.client.exchange(&self.code).await.refusal(), refused(400, "invalid_grant"), "{how}");

        let mut another = app.browser();
        let page = log_in(&mut another, "alice", PASSWORD).await;
        assert!(!another.cookies.contains_key("session"), "{how}: {page}");
        let answer = self.browser.clone().submit(&self.pending, "/consent/", &[("action", "allow")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (200, ""), "{how}: {answer}");
        let answer = self.browser.clone().get(&app.authorization(&self.client).path()).await;
        assert!(!answer.has_form("/consent/"), "{how}: {answer}");
    }

    /// Who is locked may be unlocked, and is told so where the token proves who it is.
    async fn legacy_is_worthless(&self, app: &TestApp, how: &str) {
        let locked = how == "locked_at";
        let refreshed = compat::refresh(app, self.legacy.refresh_token.as_deref().unwrap()).await;
        let expected = if locked { "M_USER_LOCKED" } else { "M_UNKNOWN_TOKEN" };
        assert_eq!(problem(&refreshed), refused(401, expected), "{how}");
        for proof in [by_password("alice"), compat::sso::by_token(&self.login_token)] {
            let expected = if locked { refused(401, "M_USER_LOCKED") } else { refused(403, "M_FORBIDDEN") };
            assert_eq!(problem(&compat::attempt(app, proof).await), expected, "{how}");
        }
    }

    /// So that the test above has looked at what works.
    async fn work(&mut self, app: &TestApp) {
        for token in self.all_tokens() {
            assert!(is_active(app, token).await, "{token}");
        }
        compat::refresh(app, self.legacy.refresh_token.as_deref().unwrap()).await.ok();
        compat::log_in(app, compat::sso::by_token(&self.login_token)).await;
        self.device.0.poll(&self.device.1).await.tokens();
        self.client.userinfo(&self.tokens).await.ok();
        self.tokens = self.client.refresh(&self.tokens).await.tokens();
        self.client.exchange(&self.code).await.ok();
        let answer = self.browser.submit(&self.pending, "/consent/", &[("action", "allow")]).await;
        assert!(answer.parameters().contains_key("code"), "{answer}");
        signed_in(app, "alice").await;
    }
}

/// A personal access token of carol's, which acts as dora.
async fn personal_token(app: &TestApp) -> String {
    let (owner, actor) = (app.user("carol").await, app.user("dora").await);
    personal_session(app, actor, Ok(owner)).await
}

#[tokio::test]
async fn nothing_that_a_refused_account_has_is_good_for_anything() {
    for column in ["locked_at", "deactivated_at"] {
        let app = TestApp::new().await;
        let mut belongings = Belongings::of_alice(&app).await;
        // Not dora: the token that acts as her is carol's, and must be worthless with its owner.
        let refuse = format!("UPDATE users SET {column} = 1 WHERE username <> 'dora'");
        app.database.execute(&refuse).await;
        belongings.are_worthless(&app, column).await;
        assert!(app.run_jobs().await.is_empty());
        app.database.execute(&format!("UPDATE users SET {column} = NULL")).await;
        belongings.work(&app).await;
    }
}

#[tokio::test]
async fn a_token_is_no_better_than_whom_it_acts_as() {
    let app = TestApp::new().await;
    let token = personal_token(&app).await;
    assert!(is_active(&app, &token).await);
    for column in ["locked_at", "deactivated_at"] {
        app.database.execute(&format!("UPDATE users SET {column} = 1 WHERE username = 'dora'")).await;
        assert!(!is_active(&app, &token).await, "{column}");
        app.database.execute(&format!("UPDATE users SET {column} = NULL")).await;
    }
}
