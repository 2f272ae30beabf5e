//! Markup in whatever strangers may choose is shown, never run (Kanidm's 1.10.0 notes).

use domain::homeserver::Provisioning;
use serde_json::json;
use testkit::{ClientKind::*, PASSWORD, REDIRECT_URI, TestApp};

use super::{log_in, signed_in};

const MARKUP: &str = "\"'><img src=x onerror=alert(1)>{{7*7}}";

/// Not as markup, not left out, and not computed.
fn assert_inert(page: &testkit::Answer, what: &str) {
    for live in ["<img src=x", "\"'>", "\"'&gt;"] {
        assert!(!page.body.contains(live), "{what}: {live} in {page}");
    }
    assert!(page.body.contains("&lt;img src=x"), "{what} is shown as it is: {page}");
    assert!(page.body.contains("{{7*7}}"), "{what} is no template: {page}");
}

#[tokio::test]
async fn in_the_names_of_apps_and_people() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let named = Provisioning { display_name: Some(MARKUP), ..Default::default() };
    app.parts().homeserver.provision_user("alice", &named).await.unwrap();
    let plain = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    assert_inert(&browser.get(&app.authorization(&plain).path()).await, "the display name");

    let document = json!({
        "client_name": MARKUP, "client_uri": "https://app.example.org/", "redirect_uris": [REDIRECT_URI],
        "token_endpoint_auth_method": "none",
    });
    let registered = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    let client = app.client_as(Public, registered["client_id"].as_str().unwrap(), "");
    app.parts()
        .homeserver
        .provision_user("alice", &Provisioning { display_name: Some("Alice"), ..named })
        .await
        .unwrap();
    let path = app.authorization(&client).path();
    assert_inert(&browser.get(&path).await, "the app's name, when asked to agree");
    assert_inert(&app.browser().get(&path).await, "the app's name, when asked to sign in");
    let refused = app.authorization(&client).with("scope", "urn:mas:admin").path();
    assert_inert(&browser.get(&refused).await, "the app's name, when it is refused");
}

#[tokio::test]
async fn in_what_is_typed_and_in_what_a_request_carries() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    assert_inert(&log_in(&mut app.browser(), MARKUP, "wrong").await, "the name that was typed");

    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    let ask = app.authorization(&client).with("response_mode", "form_post").with("state", MARKUP);
    let page = browser.get(&ask.path()).await;
    assert_inert(&browser.submit(&page, "/consent/", &[("action", "allow")]).await, "the state");
    let hint = app.authorization(&client).with("login_hint", &format!("{MARKUP}@example.org"));
    assert_inert(&app.browser().get(&hint.path()).await, "the login hint");

    for path in
        ["/<script>alert(1)</script>", "/consent/<script>alert(1)", "/authorize?client_id=<script>alert(1)"]
    {
        let page = app.anonymous().get(path).await;
        assert!(page.status.is_client_error() && !page.body.contains("<script>alert"), "{path}: {page}");
    }
}
