//! Redirect URIs are compared as a whole: nothing in them is a pattern (authentik's CVE-2024-52289), and only what is
//! case-insensitive in a URL is taken so (Authelia's CVE-2026-48794).

use serde_json::json;
use testkit::{ClientKind::*, REDIRECT_URI, TestApp, TestClient};

async fn client_with(app: &TestApp, redirect_uri: &str) -> TestClient {
    let document = json!({
        "client_name": "App", "client_uri": "https://app.example.org/", "redirect_uris": [redirect_uri],
        "token_endpoint_auth_method": "none",
    });
    let registered = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    app.client_as(Public, registered["client_id"].as_str().unwrap(), "")
}

/// Whether the browser may go on to sign in, for an answer to this address.
async fn is_accepted(app: &TestApp, client: &TestClient, redirect_uri: &str) -> bool {
    let answer =
        app.anonymous().get(&app.authorization(client).with("redirect_uri", redirect_uri).path()).await;
    match (answer.status.as_u16(), answer.header("location")) {
        (303, location) => location.starts_with("/login"),
        (400, "") => false,
        _ => panic!("{redirect_uri}: {answer}"),
    }
}

#[tokio::test]
async fn metacharacters_stand_for_themselves() {
    // The policy takes no such addresses in, unless the operator wants it to.
    let app = TestApp::with(|settings| {
        settings.policy =
            json!({ "client_registration": { "allow_insecure_uris": true, "allow_host_mismatch": true } });
    })
    .await;
    for (registered, lookalikes) in [
        ("https://app.example.org/.*", ["https://app.example.org/anything", "https://app.example.org/"]),
        ("https://app.example.org/*", ["https://app.example.org/x", "https://app.example.org/**"]),
        ("https://app.example.org/(a|b)", ["https://app.example.org/a", "https://app.example.org/b"]),
        ("https://app.example.org/[a-z]+", ["https://app.example.org/a", "https://app.example.org/abc"]),
        ("https://app.example.org/c?b", ["https://app.example.org/cb", "https://app.example.org/b"]),
        ("https://app.example.org/$", ["https://app.example.org/", "https://app.example.org"]),
        ("https://app.example.org/a_b", ["https://app.example.org/aXb", "https://app.example.org/a%5Fb"]),
        ("https://app.example.org/a;b", ["https://app.example.org/a", "https://app.example.org/a;"]),
        ("https://app.example.org/cb", ["https://appXexample.org/cb", "https://app.example.org/cb%00"]),
        (
            "https://app.example.org/cb",
            ["https://app.example.org\\@evil.example/cb", "https://app.example.org/./x/cb"],
        ),
    ] {
        let client = client_with(&app, registered).await;
        assert!(is_accepted(&app, &client, registered).await, "{registered} is itself");
        for lookalike in lookalikes {
            assert!(!is_accepted(&app, &client, lookalike).await, "{lookalike} for {registered}");
        }
    }
}

#[tokio::test]
async fn scheme_and_host_have_no_letter_case_and_the_rest_has() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    for same in ["https://APP.Example.ORG/callback", "HTTPS://app.example.org/callback", REDIRECT_URI] {
        assert!(is_accepted(&app, &client, same).await, "{same}");
    }
    for other in [
        "https://app.example.org/Callback",
        "https://app.example.org/callbac\u{212a}",
        "https://app.example.org./callback",
        "https://\u{430}pp.example.org/callback",
    ] {
        assert!(!is_accepted(&app, &client, other).await, "{other}");
    }
    // The answer goes to the address as it was registered.
    let ask = app.authorization(&client).with("redirect_uri", "HTTPS://APP.example.org:443/callback");
    let answer = app.anonymous().get(&ask.with("response_type", "token").path()).await;
    let way = answer.link("Go on to");
    assert!(way.starts_with(&format!("{REDIRECT_URI}?")), "{way}");
}
