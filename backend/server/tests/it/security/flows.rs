//! Flows that are not offered, or not to this client, by each way in (Keycloak's CVE-2026-7571).

use serde_json::json;
use testkit::{ClientKind::*, PASSWORD, REDIRECT_URI, TestApp};

use super::signed_in;
use crate::oauth::refused;

const RESPONSE_TYPES: [&str; 9] = [
    "token",
    "id_token",
    "id_token token",
    "code token",
    "code id_token",
    "code id_token token",
    "none",
    "CODE",
    "code code",
];

#[tokio::test]
async fn no_other_response_type_is_reached_by_any_way_in() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.configured(Public);
    for response_type in RESPONSE_TYPES {
        for mode in ["query", "fragment"] {
            let ask =
                app.authorization(&client).with("response_type", response_type).with("response_mode", mode);
            let path = ask.path();
            for mut browser in [app.browser(), signed_in(&app, "alice").await] {
                let told = browser.get(&path).await.parameters();
                assert_eq!(told["error"], "unsupported_response_type", "{response_type}");
                for secret in ["code", "access_token", "id_token", "token"] {
                    assert!(!told.contains_key(secret), "{response_type}: {told:?}");
                }
            }
        }
    }
    assert!(
        app.database.texts("SELECT scope FROM authorization_grants").await.is_empty(),
        "nothing was begun"
    );
}

/// A good request is begun, and what was refused above is added on the way.
#[tokio::test]
async fn a_request_does_not_change_on_its_way() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    let smuggled = [
        ("response_type", "code id_token token"),
        ("response_mode", "fragment"),
        ("redirect_uri", "https://evil.example/"),
        ("scope", "urn:synapse:admin:*"),
        ("state", "another"),
        ("action", "allow"),
    ];
    let page = browser.get(&app.authorization(&client).path()).await;
    let answer = browser.submit(&page, "/consent/", &smuggled).await;
    assert!(answer.header("location").starts_with(&format!("{REDIRECT_URI}?")), "{answer}");
    let told = answer.parameters();
    assert_eq!(told.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    assert_eq!(told["state"], "a-state");
    let scopes = app.database.texts("SELECT scope FROM authorization_grants").await;
    assert!(scopes.iter().all(|scope| !scope.contains("admin")), "{scopes:?}");
}

#[tokio::test]
async fn no_other_grant_type_gives_tokens() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    for grant_type in [
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "Refresh_Token",
        "refresh_token authorization_code",
    ] {
        for client in [app.client(Public).await, app.client(Post).await, app.configured(Basic)] {
            let form = [
                ("grant_type", grant_type),
                ("username", "alice"),
                ("password", PASSWORD),
                ("refresh_token", tokens.refresh_token.as_str()),
                ("assertion", tokens.access_token.as_str()),
                ("subject_token", tokens.access_token.as_str()),
            ];
            let answer = client.token(form).await;
            assert_eq!(answer.refusal(), refused(400, "unsupported_grant_type"), "{grant_type}");
        }
    }
    for client in [app.client(Public).await, app.client(Post).await] {
        let answer = client.token([("grant_type", "client_credentials")]).await;
        assert_eq!(answer.refusal(), refused(401, "unauthorized_client"));
    }
}

/// A client may do what it registered for, and no longer than that.
#[tokio::test]
async fn a_client_without_the_code_grant_gets_no_tokens_at_any_step() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    let code = app.authorization(&client).through(&mut browser, "alice").await;
    let pending = browser.get(&app.authorization(&client).path()).await;

    let metadata = json!({
        "client_name": "App", "client_uri": "https://app.example.org/", "redirect_uris": [REDIRECT_URI],
        "grant_types": ["refresh_token"], "response_types": [], "token_endpoint_auth_method": "none",
    });
    let withdrawn =
        format!("UPDATE oauth_clients SET grant_types = 'refresh_token', metadata = '{metadata}'");
    app.database.execute(&withdrawn).await;

    let asked = browser.get(&app.authorization(&client).path()).await;
    assert_eq!(asked.parameters()["error"], "unauthorized_client");
    assert_eq!(client.exchange(&code).await.refusal(), refused(401, "unauthorized_client"));
    let agreed = browser.submit(&pending, "/consent/", &[("action", "allow")]).await;
    if let Some(late) = agreed.header("location").starts_with(REDIRECT_URI).then(|| agreed.parameters()) {
        let late = testkit::Code { code: late["code"].clone(), ..code };
        assert_eq!(client.exchange(&late).await.refusal(), refused(401, "unauthorized_client"));
    }
    assert!(app.database.texts("SELECT kind FROM sessions").await.is_empty());
}
