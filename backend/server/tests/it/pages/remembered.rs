//! Nobody is asked twice for the same; and what is not the same is asked.

use serde_json::json;
use testkit::{Answer, Browser, ClientKind::*, PASSWORD, TestApp, TestClient};

use super::signed_in;
use crate::oauth::refused;

fn path(app: &TestApp, client: &TestClient, scope: &str) -> String {
    app.authorization(client).with("scope", scope).path()
}

fn asks(page: &Answer) -> bool {
    page.body.contains("value=\"allow\"")
}

fn answers(page: &Answer) -> bool {
    page.header("location").contains("code=")
}

/// A browser whose person has agreed to `openid email`.
async fn agreed(app: &TestApp, client: &TestClient) -> Browser {
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(app, "alice").await;
    let page = browser.get(&path(app, client, "openid email")).await;
    assert!(asks(&page), "{page}");
    assert!(answers(&browser.submit(&page, "/consent/", &[("action", "allow")]).await));
    browser
}

#[tokio::test]
async fn the_same_and_less_is_not_asked_again() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let mut browser = agreed(&app, &client).await;
    for scope in ["openid email", "email openid", "openid", "email"] {
        assert!(answers(&browser.get(&path(&app, &client, scope)).await), "{scope}");
    }
    assert!(answers(&signed_in(&app, "alice").await.get(&path(&app, &client, "openid")).await));
    let given =
        app.database.texts("SELECT CAST(data AS text) FROM audit_events WHERE kind = 'consent_given'").await;
    assert_eq!(given.len(), 6, "what was not asked is written down as well");
    assert_eq!(given.iter().filter(|data| data.replace(' ', "").contains("\"asked\":false")).count(), 5);
}

#[tokio::test]
async fn more_others_and_who_insists_are_asked() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let mut browser = agreed(&app, &client).await;
    for scope in ["openid urn:matrix:client:api:*", "openid email urn:mas:graphql:*"] {
        assert!(asks(&browser.get(&path(&app, &client, scope)).await), "{scope}");
    }
    let insists = app.authorization(&client).with("scope", "openid").with("prompt", "consent");
    assert!(asks(&browser.get(&insists.path()).await));
    assert!(asks(&browser.get(&path(&app, &app.configured(Public), "openid")).await), "another client");
    app.user_with_password("bob", PASSWORD).await;
    assert!(asks(&signed_in(&app, "bob").await.get(&path(&app, &client, "openid")).await), "another person");
}

#[tokio::test]
async fn what_was_refused_is_asked_again() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    let page = browser.get(&path(&app, &client, "openid")).await;
    browser.submit(&page, "/consent/", &[("action", "cancel")]).await;
    assert!(asks(&browser.get(&path(&app, &client, "openid")).await));
}

#[tokio::test]
async fn the_policy_is_asked_every_time() {
    let mut app = TestApp::new().await;
    let client = app.client(Public).await;
    let mut browser = agreed(&app, &client).await;
    app.restart(|settings| {
        settings.policy = json!({ "requester": { "banned_user_agents": { "substrings": [""] } } })
    })
    .await;
    browser.address = Some("203.0.113.9".into());
    app.restart(|settings| settings.policy = json!({ "requester": { "banned_ips": ["203.0.113.0/24"] } }))
        .await;
    let page = browser.get(&path(&app, &client, "openid")).await;
    assert!(page.body.contains("Not allowed here"), "{page}");
    let silent = app.authorization(&client).with("scope", "openid").with("prompt", "none");
    assert_eq!(browser.get(&silent.path()).await.parameters()["error"], "access_denied");
}

#[tokio::test]
async fn a_new_password_and_a_stolen_code_make_everybody_ask_again() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let mut browser = agreed(&app, &client).await;
    let code = app.authorization(&client).with("scope", "openid").through(&mut browser, "alice").await;
    client.exchange(&code).await.ok();
    app.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(client.exchange(&code).await.refusal(), refused(400, "invalid_grant"));
    let page = browser.get(&path(&app, &client, "openid")).await;
    assert!(asks(&page), "{page}");

    assert!(answers(&browser.submit(&page, "/consent/", &[("action", "allow")]).await));
    let op = app.op();
    let hasher = app.parts().hasher.as_ref().unwrap();
    let password = domain::passwords::Password::parse("a new password that nobody guesses").unwrap();
    let hashed = hasher.hash(password, op.random()).await.unwrap();
    let ids = "SELECT user_id AS id FROM consents";
    let user = store::sql::one(&app.parts().db.read, ids, []).await.unwrap().unwrap();
    let user: kernel::id::UserId = user.try_get("", "id").unwrap();
    let set = app.parts().db.write(async |tx| domain::users::password::set(tx, &op, user, &hashed).await);
    set.await.unwrap();
    assert!(asks(&browser.get(&path(&app, &client, "openid")).await));
}

#[tokio::test]
async fn a_configured_client_that_changes_is_another_one() {
    let mut app = TestApp::new().await;
    let client = app.configured(Public);
    let mut browser = agreed(&app, &client).await;
    app.restart(|_| {}).await;
    assert!(answers(&browser.get(&path(&app, &client, "openid")).await), "nothing changed");
    app.database.execute("UPDATE oauth_clients SET metadata = '{\"client_name\": \"Other\"}'").await;
    app.restart(|_| {}).await;
    assert!(asks(&browser.get(&path(&app, &client, "openid")).await));
}

/// RFC 8252 §8.6: any program on the device could have taken the address.
#[tokio::test]
async fn an_app_on_a_device_is_asked_for_every_time() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    for uri in ["http://127.0.0.1/callback", "org.example.app:/callback"] {
        let document = json!({
            "client_name": "App", "client_uri": "https://app.example.org/", "application_type": "native",
            "redirect_uris": [uri], "token_endpoint_auth_method": "none",
        });
        let answer = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
        let client = app.client_as(Public, answer["client_id"].as_str().unwrap(), "");
        let request = app.authorization(&client).with("scope", "openid").with("redirect_uri", uri).path();
        for _ in 0..2 {
            let page = browser.get(&request).await;
            assert!(asks(&page), "{uri}: {page}");
            assert!(answers(&browser.submit(&page, "/consent/", &[("action", "allow")]).await), "{uri}");
        }
    }
    assert_eq!(app.database.texts("SELECT scope FROM consents").await.len(), 0);
}

#[tokio::test]
async fn a_client_that_the_operator_trusts_is_not_asked_for_but_people_sign_in() {
    let app = TestApp::with(|settings| settings.trusted = true).await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.configured(Public);
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(&client).path()).await;
    assert!(page.has_form("/login"), "{page}");
    let answer = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert!(answers(&answer), "{answer}");
    assert!(answers(&browser.get(&app.authorization(&client).with("prompt", "none").path()).await));
    assert!(asks(&browser.get(&app.authorization(&client).with("prompt", "consent").path()).await));
    app.database.execute("UPDATE users SET can_request_admin = TRUE").await;
    for scope in ["urn:mas:admin", "openid urn:matrix:client:api:* urn:synapse:admin:*"] {
        let page = browser.get(&path(&app, &client, scope)).await;
        assert!(asks(&page), "{scope}: {page}");
    }
    let registered = app.client(Public).await;
    assert!(asks(&browser.get(&path(&app, &registered, "openid")).await), "nobody trusts it");
}

/// Chromium applies a form's `form-action` to the redirects that follow, too.
#[tokio::test]
async fn pages_before_which_nothing_is_left_to_ask_may_lead_to_the_app() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let mut browser = agreed(&app, &client).await;
    let allows_app = |page: &Answer| {
        let policy = page.header("content-security-policy").to_owned();
        let targets = policy.split(';').find(|part| part.contains("form-action")).unwrap().to_owned();
        targets.contains(&testkit::REDIRECT_URI[..testkit::REDIRECT_URI.rfind('/').unwrap()])
    };
    let page = app.browser().get(&path(&app, &client, "openid")).await.ok();
    assert!(page.has_form("/login") && allows_app(&page), "{page}");
    app.clock.advance(std::time::Duration::from_secs(1));
    let proof = app.authorization(&client).with("scope", "openid").with("prompt", "login").path();
    let page = browser.get(&proof).await.ok();
    assert!(page.has_form("/reauthenticate") && allows_app(&page), "{page}");
    assert!(!allows_app(&app.browser().get("/login").await.ok()));
}

#[tokio::test]
async fn who_was_not_shown_has_agreed_to_nothing() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut alice, mut bob) = (agreed(&app, &client).await, app.browser());
    let shown = alice.get(&path(&app, &client, "openid urn:mas:graphql:*")).await.ok();
    app.user_with_password("bob", PASSWORD).await;
    let login = bob.get("/login").await;
    bob.submit(&login, "/login", &[("username", "bob"), ("password", PASSWORD)]).await;
    let about_alice = [("action", "allow"), ("account", "@alice:example.com")];
    let page = bob.get(&path(&app, &client, "openid urn:mas:graphql:*")).await.ok();
    assert!(asks(&bob.submit(&page, "/consent/", &about_alice).await));
    assert!(shown.body.contains("@alice:example.com"));
    assert!(answers(&bob.submit(&page, "/consent/", &[("action", "allow")]).await));
}
