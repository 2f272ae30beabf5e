//! What a client says of itself in several languages (OpenID Connect Registration 1.0 §2.1) is shown in the person's.

use serde_json::json;
use testkit::{Credentials, PASSWORD, TestApp, TestClient};

async fn client(app: &TestApp, grants: &[&str]) -> TestClient {
    let document = json!({
        "client_name": "Mailbox", "client_name#de": "Postkasten", "client_name#fr-CA": "Boîte aux lettres",
        "client_uri": "https://app.example.org/", "client_uri#de": "https://app.example.org/de",
        "policy_uri": "https://app.example.org/privacy", "policy_uri#de": "https://app.example.org/datenschutz",
        "redirect_uris": ["https://app.example.org/callback"], "token_endpoint_auth_method": "none",
        "grant_types": grants,
        "response_types": if grants.contains(&"authorization_code") { vec!["code"] } else { vec![] },
    });
    let answer = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    let id = answer["client_id"].as_str().unwrap().to_owned();
    TestClient { caller: app.caller(Credentials::Public { id: id.clone() }), id }
}

#[tokio::test]
async fn an_app_is_named_and_linked_in_the_persons_language() {
    let app = TestApp::new().await;
    let client = client(&app, &["authorization_code", "refresh_token"]).await;
    app.user_with_password("alice", PASSWORD).await;
    for (asked, name, privacy) in [
        ("de", "Postkasten", "datenschutz"),
        ("fr", "Boîte aux lettres", "privacy"),
        ("en", "Mailbox", "privacy"),
        ("es", "Mailbox", "privacy"),
    ] {
        let mut browser = app.browser();
        let page = browser.get(&app.authorization(&client).with("ui_locales", asked).path()).await;
        let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
        assert!(page.has_form("/consent/"), "{page}");
        let page = page.to_string();
        let link = format!("href=\"https:&#x2f;&#x2f;app.example.org&#x2f;{privacy}\"");
        assert!(page.contains(name) && page.contains(&link), "{asked}: {page}");
    }
}

#[tokio::test]
async fn a_device_is_named_in_the_persons_language() {
    let app = TestApp::new().await;
    let client = client(&app, &["authorization_code", "refresh_token"]).await;
    app.user_with_password("alice", PASSWORD).await;
    for (asked, device, name) in [
        ("de", "DEV1CE0001", "Postkasten auf unbekanntem Gerät"),
        ("en", "DEV1CE0002", "Mailbox on unknown device"),
    ] {
        let scope = format!("openid urn:matrix:client:api:* urn:matrix:client:device:{device}");
        let request = app.authorization(&client).with("ui_locales", asked).with("scope", &scope);
        let code = request.through(&mut app.browser(), "alice").await;
        client.exchange(&code).await.ok();
        assert_eq!(app.homeserver.user("alice").unwrap().devices[device].as_deref(), Some(name));
    }
}
