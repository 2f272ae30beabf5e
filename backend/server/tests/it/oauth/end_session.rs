//! `/oauth2/end_session` (OpenID Connect RP-Initiated Logout 1.0).

use testkit::{Answer, Browser, ClientKind::*, PASSWORD, SIGNED_OUT_URI, TestApp, TestClient, Tokens};
use url::form_urlencoded;

use crate::pages::signed_in;

fn path(parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/oauth2/end_session?{query}")
}

/// Somebody who is signed in to the client through a browser.
async fn signed_in_through(app: &TestApp, client: &TestClient) -> (Browser, Tokens) {
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(app, "alice").await;
    let code = app.authorization(client).through(&mut browser, "alice").await;
    (browser, client.exchange(&code).await.tokens())
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/").await.has_form("/logout")
}

fn asks(page: &Answer) -> bool {
    page.status.as_u16() == 200 && page.has_form("/oauth2/end_session")
}

#[tokio::test]
async fn a_client_that_shows_its_id_token_signs_the_person_out_and_itself() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, tokens) = signed_in_through(&app, &client).await;
    let other = app.configured(Basic);
    let code = app.authorization(&other).with("scope", "openid").through(&mut browser, "alice").await;
    let others = other.exchange(&code).await.tokens();
    let hint = tokens.id_token.clone().unwrap();
    let request =
        path(&[("id_token_hint", &hint), ("post_logout_redirect_uri", SIGNED_OUT_URI), ("state", "a b&c")]);
    let answer = browser.get(&request).await;
    assert_eq!(answer.header("location"), format!("{SIGNED_OUT_URI}?state=a+b%26c"));
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(client.userinfo(&tokens).await.status.as_u16(), 401);
    other.userinfo(&others).await.ok();
    assert_eq!(app.run_jobs().await, ["delete-device"]);

    let again = browser.get(&request).await;
    assert_eq!(again.header("location"), format!("{SIGNED_OUT_URI}?state=a+b%26c"), "twice is no error");
}

#[tokio::test]
async fn without_proof_the_person_is_asked() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, tokens) = signed_in_through(&app, &client).await;
    let hint = tokens.id_token.clone().unwrap();
    for request in [
        path(&[]),
        path(&[("client_id", &client.id)]),
        path(&[("client_id", &client.id), ("post_logout_redirect_uri", SIGNED_OUT_URI)]),
        path(&[("logout_hint", "alice")]),
    ] {
        let page = browser.get(&request).await;
        assert!(asks(&page), "{request}: {page}");
        assert!(is_signed_in(&mut browser).await, "{request}");
    }
    // The token of another browser's session proves nothing about this one.
    let mut second = signed_in(&app, "alice").await;
    app.user_with_password("bob", PASSWORD).await;
    let mut bob = signed_in(&app, "bob").await;
    for browser in [&mut second, &mut bob] {
        assert!(asks(&browser.get(&path(&[("id_token_hint", &hint)])).await));
        assert!(is_signed_in(browser).await);
    }
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn who_says_yes_is_signed_out_here_and_the_apps_stay() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, tokens) = signed_in_through(&app, &client).await;
    let request = [
        ("client_id", client.id.as_str()),
        ("post_logout_redirect_uri", SIGNED_OUT_URI),
        ("state", "a-state"),
    ];
    let page = browser.get(&path(&request)).await;
    assert!(page.body.contains("@alice:example.com") && page.body.contains("App"), "{page}");
    assert!(page.header("content-security-policy").contains("https://app.example.org"));
    for csrf in ["x", &"A".repeat(43)] {
        let answer = browser.submit(&page, "/oauth2/end_session", &[("csrf", csrf)]).await;
        assert_eq!(answer.status.as_u16(), 403, "{csrf}");
    }
    let smuggled = [("post_logout_redirect_uri", "https://evil.example/")];
    let answer = browser.submit(&page, "/oauth2/end_session", &smuggled).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""));
    assert!(is_signed_in(&mut browser).await);

    let answer = browser.submit(&page, "/oauth2/end_session", &[]).await;
    assert_eq!(answer.header("location"), format!("{SIGNED_OUT_URI}?state=a-state"));
    assert!(!is_signed_in(&mut browser).await);
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered_for_it() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, tokens) = signed_in_through(&app, &client).await;
    let hint = tokens.id_token.unwrap();
    for uri in [
        "https://evil.example/",
        testkit::REDIRECT_URI,
        "https://app.example.org/signed-out/",
        "https://app.example.org/signed-out?x",
        "https://app.example.org/signed-out#x",
        "http://app.example.org/signed-out",
        "javascript:alert(1)",
        "no URL",
    ] {
        for who in [("client_id", client.id.as_str()), ("id_token_hint", hint.as_str())] {
            let answer = browser.get(&path(&[who, ("post_logout_redirect_uri", uri)])).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""), "{uri} {}", who.0);
            assert!(is_signed_in(&mut browser).await, "{uri}");
        }
    }
    let other = app.configured(Public).id;
    let wrong_parts = [
        path(&[("post_logout_redirect_uri", SIGNED_OUT_URI)]),
        path(&[("client_id", "x"), ("post_logout_redirect_uri", SIGNED_OUT_URI)]),
        path(&[("client_id", "01K2F2DKG0M9S346Q3D25VT4F5")]),
        path(&[("client_id", &other), ("id_token_hint", &hint)]),
        path(&[("id_token_hint", &hint[1..])]),
        path(&[("id_token_hint", "eyJhbGciOiJub25lIn0.e30.")]),
        path(&[("state", "x"), ("state", "y")]),
    ];
    for request in wrong_parts {
        let answer = browser.get(&request).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""), "{request}");
        assert!(is_signed_in(&mut browser).await, "{request}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_on_by_who_is_known_and_shown_the_way_to_others() {
    let app = TestApp::new().await;
    let (configured, client) = (app.configured(Public), app.client(Public).await);
    let ask = |client: &TestClient| {
        path(&[("client_id", client.id.as_str()), ("post_logout_redirect_uri", SIGNED_OUT_URI)])
    };
    let answer = app.browser().get(&ask(&configured)).await;
    assert_eq!(answer.header("location"), SIGNED_OUT_URI);
    // Nobody vouches for the other one, and nothing shows that it knows anybody here: a link must not lead just anywhere.
    let page = app.browser().get(&ask(&client)).await.ok();
    assert_eq!(page.header("location"), "");
    assert_eq!(page.link("app.example.org"), SIGNED_OUT_URI);
    assert!(page.body.contains("You are signed out"), "{page}");

    let page = app.browser().get(&path(&[("client_id", client.id.as_str())])).await.ok();
    assert!(page.body.contains("You are signed out") && page.body.contains("Go back to"), "{page}");
    let page = app.browser().get(&path(&[])).await.ok();
    assert!(page.body.contains("You are signed out"), "{page}");
}

/// Browsers do not send the cookie along with a form of another site; a redirect gets it.
#[tokio::test]
async fn a_client_may_post_its_request() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, tokens) = signed_in_through(&app, &client).await;
    let hint = tokens.id_token.unwrap();
    let form = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", SIGNED_OUT_URI), ("x", "y")];
    let answer = app.anonymous().post("/oauth2/end_session").form(form).await;
    assert_eq!(answer.status.as_u16(), 303);
    let answer = browser.get(answer.header("location")).await;
    assert_eq!(answer.header("location"), SIGNED_OUT_URI);
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
}

#[tokio::test]
async fn addresses_to_go_to_are_registered_like_redirect_uris() {
    let app = TestApp::new().await;
    let register = async |uri: &str| {
        let document = serde_json::json!({
            "client_name": "App", "client_uri": "https://app.example.org/",
            "redirect_uris": [testkit::REDIRECT_URI], "token_endpoint_auth_method": "none",
            "post_logout_redirect_uris": [uri],
        });
        app.anonymous().post("/oauth2/registration").json(&document).await
    };
    let answer = register(SIGNED_OUT_URI).await.ok().json();
    assert_eq!(answer["post_logout_redirect_uris"], serde_json::json!([SIGNED_OUT_URI]));
    for uri in ["https://evil.example/", "https://app.example.org/#x", "javascript:alert(1)"] {
        let refusal = register(uri).await;
        assert_eq!(refusal.refusal().0, 400, "{uri}");
        assert!(refusal.body.contains("post_logout_redirect_uri"), "{refusal}");
    }
}
