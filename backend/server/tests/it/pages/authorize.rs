//! `GET /authorize`: what an app may ask for, and that nobody is sent to an address that the app does not own.

use testkit::{ClientKind::*, PASSWORD, REDIRECT_URI, TestApp};

use super::signed_in;

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused_and_nobody_is_sent_anywhere() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let path = app.authorization(&client).path();
    let names = path.split(['?', '&']).skip(1).filter_map(|pair| pair.split_once('='));
    for (name, value) in names.chain([("unknown", "x")]) {
        for second in [value, "", "other"] {
            let path =
                if path.contains(&format!("{name}=")) { path.clone() } else { format!("{path}&{name}=x") };
            let answer = app.anonymous().get(&format!("{path}&{name}={second}")).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""), "{name}={second}");
            assert!(answer.body.contains(name), "it says which one: {name}");
        }
    }
    assert_eq!(app.database.texts("SELECT scope FROM authorization_grants").await.len(), 0);
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    for uri in [
        "https://evil.example/callback",
        "https://app.example.org",
        "https://app.example.org/callback/",
        "https://app.example.org/callback/../callback2",
        "https://app.example.org/callback?x=1",
        "https://app.example.org/callback#x",
        "https://app.example.org.evil.example/callback",
        "https://app.example.org@evil.example/callback",
        "https://appXexample.org/callback",
        "http://app.example.org/callback",
        "https://app.example.org:8443/callback",
        "//app.example.org/callback",
        "javascript:alert(1)",
        "not a URL",
        "\0",
    ] {
        let answer = app.anonymous().get(&app.authorization(&client).with("redirect_uri", uri).path()).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""), "{uri}");
    }
    for id in ["", "x", "01K2F2DKG0M9S346Q3D25VT4F5", "<script>alert(1)</script>"] {
        let answer = app.anonymous().get(&app.authorization(&client).with("client_id", id).path()).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (400, ""), "{id}");
        assert!(!answer.body.contains("<script>alert"), "{answer}");
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_told_to_the_app() {
    let app = TestApp::new().await;
    let client = app.configured(Public);
    let ask = |name: &str, value: &str| app.authorization(&client).with(name, value).path();
    for (path, error) in [
        (ask("response_type", "token"), "unsupported_response_type"),
        (ask("response_type", "id_token"), "unsupported_response_type"),
        (ask("response_type", "code id_token"), "unsupported_response_type"),
        (app.authorization(&client).without("response_type").path(), "invalid_request"),
        (ask("request", "eyJ"), "request_not_supported"),
        (ask("request_uri", "https://app.example.org/r"), "request_uri_not_supported"),
        (ask("registration", "{}"), "registration_not_supported"),
        (ask("scope", ""), "invalid_scope"),
        (ask("scope", "openid \"quoted\""), "invalid_scope"),
        (ask("scope", "openid\u{1f980}"), "invalid_scope"),
        (ask("max_age", "soon"), "invalid_request"),
        (ask("max_age", "-1"), "invalid_request"),
        (ask("prompt", "create"), "invalid_request"),
        (ask("prompt", "login surprise"), "invalid_request"),
        (ask("prompt", "none login"), "invalid_request"),
        (ask("claims", "{"), "invalid_request"),
        (ask("claims", r#"{"id_token":{"acr":1}}"#), "invalid_request"),
        (ask("id_token_hint", "eyJ"), "invalid_request"),
        (ask("code_challenge_method", "plain"), "invalid_request"),
        (app.authorization(&client).without("code_challenge_method").path(), "invalid_request"),
        (ask("prompt", "none"), "login_required"),
        (app.authorization(&client).without("code_challenge").path(), "invalid_request"),
        (ask("code_challenge", "short"), "invalid_request"),
        (ask("code_challenge_method", "S512"), "invalid_request"),
        (
            app.authorization(&client).without("code_challenge").without("code_challenge_method").path(),
            "invalid_request",
        ),
    ] {
        let answer = app.anonymous().get(&path).await;
        assert_eq!(answer.status.as_u16(), 303, "{path}: {answer}");
        assert!(answer.header("location").starts_with("https://app.example.org/callback?"), "{path}");
        let told = answer.parameters();
        assert_eq!(told["error"], error, "{path}: {told:?}");
        assert_eq!((told["state"].as_str(), told["iss"].as_str()), ("a-state", "https://auth.example.com/"));
        assert!(told["error_description"].len() > 10 && !told.contains_key("code"), "{told:?}");
    }
}

#[tokio::test]
async fn malformed_requests_never_fail_on_our_side() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let good = app.authorization(&client).path();
    let names = good.split(['?', '&']).skip(1).filter_map(|pair| pair.split_once('='));
    for (name, _) in names {
        for value in ["\0", "\u{e9}", "\u{1f980}", "\r\nSet-Cookie: x=y", "{{7*7}}", "'", &"x".repeat(20_000)]
        {
            let answer = app.anonymous().get(&app.authorization(&client).with(name, value).path()).await;
            assert!(answer.status.as_u16() < 500, "{name}={value:.9}: {answer}");
            assert_eq!(answer.header("set-cookie").matches("x=y").count(), 0);
        }
    }
    for query in ["", "?", "?%", "?%ff=%fe", "?=&=", "?client_id", "?client_id=%00"] {
        let answer = app.anonymous().get(&format!("/authorize{query}")).await;
        assert_eq!(answer.status.as_u16(), 400, "{query}");
    }
}

/// A link to this service must not lead to whatever address somebody has registered (RFC 9700 §4.11.2).
#[tokio::test]
async fn nobody_is_led_on_by_an_app_that_nobody_vouches_for() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let ask = |mode: &str| {
        app.authorization(&client).with("response_type", "token").with("response_mode", mode).path()
    };
    for mode in ["query", "fragment", "form_post"] {
        let page = app.browser().get(&ask(mode)).await;
        assert_eq!((page.status.as_u16(), page.header("location")), (400, ""), "{mode}");
        assert!(page.body.contains("app.example.org") && !page.body.contains("data-auto-submit"), "{page}");
        let told = if mode == "form_post" { page.hidden(REDIRECT_URI) } else { page.handed_over() };
        assert_eq!(
            (told["error"].as_str(), told["state"].as_str()),
            ("unsupported_response_type", "a-state")
        );
        assert_eq!(told["iss"], "https://auth.example.com/");
        // Whoever is signed in here, and whoever wants no page, is told at once.
        let mut browser = signed_in(&app, "alice").await;
        let silent = format!("{}&prompt=none", ask(mode));
        for answer in [browser.get(&ask(mode)).await, app.browser().get(&silent).await] {
            assert!(answer.header("location").starts_with(REDIRECT_URI) || mode == "form_post", "{answer}");
            assert!(answer.body.contains("data-auto-submit") || mode != "form_post", "{answer}");
        }
    }
}

/// Each is kept until somebody answers it, and nobody has to be signed in to make one.
#[tokio::test]
async fn requests_are_limited_by_where_or_whose_they_are() {
    let app = TestApp::with(|settings| settings.app_requests = (3, 0.5)).await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let path = app.authorization(&client).path();
    let ask = |address: &str| app.anonymous().get(&path).header("x-forwarded-for", address);
    // Signed in, at the same place, by a request of its own.
    let mut alice = app.browser();
    alice.address = Some("2001:db8::1".to_owned());
    let page = alice.get(&path).await;
    alice.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    for address in ["2001:db8::2", "2001:db8::3"] {
        assert_eq!(ask(address).await.status.as_u16(), 303, "{address}");
    }
    let page = ask("2001:db8::4").await;
    assert_eq!((page.status.as_u16(), page.header("retry-after")), (429, "3"));
    assert_eq!(page.link("Try again"), path.as_str(), "the way on is there");
    assert_eq!(ask("2001:db8:0:1::1").await.status.as_u16(), 303, "others are not held up");
    let sso = "/_matrix/client/v3/login/sso/redirect?redirectUrl=https%3A%2F%2Fapp.example.org%2F";
    let legacy = app.anonymous().get(sso).header("x-forwarded-for", "2001:db8::5").await;
    assert_eq!((legacy.status.as_u16(), legacy.json()["errcode"].as_str()), (429, Some("M_LIMIT_EXCEEDED")));

    // Whoever is signed in is not held up by the neighbours, and is counted, too.
    for _ in 0..3 {
        assert!(alice.get(&path).await.has_form("/consent/"));
    }
    assert_eq!(alice.get(&path).await.status.as_u16(), 429);
    app.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(ask("2001:db8::4").await.status.as_u16(), 303);
    assert_eq!(app.database.texts("SELECT scope FROM authorization_grants").await.len(), 8);
    assert_eq!(app.database.texts("SELECT redirect_uri FROM compat_sso_logins").await.len(), 0);
}

#[tokio::test]
async fn a_request_that_is_too_long_is_not_kept() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let with_state = async |length| {
        let state = "x".repeat(length);
        app.anonymous().get(&app.authorization(&client).with("state", &state).path()).await.status.as_u16()
    };
    assert_eq!((with_state(8 * 1024).await, with_state(16 * 1024).await), (303, 400));
    assert_eq!(app.database.texts("SELECT scope FROM authorization_grants").await.len(), 1);
}
