//! Bodies that cannot be read, and headers without a token.

use serde_json::json;
use testkit::{Answer, PASSWORD, TestApp};

use super::{attempt, by_password, problem, refused, with};

async fn send(app: &TestApp, endpoint: &str, content_type: Option<&str>, body: &[u8]) -> Answer {
    let request = app.anonymous().post(&format!("/_matrix/client/v3/{endpoint}"));
    match content_type {
        Some(content_type) => request.raw(content_type, body.to_vec()).await,
        None => request.untyped(body.to_vec()).await,
    }
}

#[tokio::test]
async fn json_that_says_what_it_is_or_nothing() {
    let app = TestApp::new().await;
    let json = Some("application/json");
    for endpoint in ["login", "refresh"] {
        for (content_type, body, expected) in [
            (Some("text/plain"), &b"{}"[..], (400, "M_NOT_JSON")),
            (Some("application/x-www-form-urlencoded"), b"{}", (400, "M_NOT_JSON")),
            (Some(""), b"{}", (400, "M_NOT_JSON")),
            (json, b"", (400, "M_NOT_JSON")),
            (None, b"", (400, "M_NOT_JSON")),
            (json, b"{", (400, "M_NOT_JSON")),
            (json, b"\xff\xfe", (400, "M_NOT_JSON")),
            (json, &b"[".repeat(100_000), (400, "M_NOT_JSON")),
            (json, b"{}", (400, "M_BAD_JSON")),
            (None, b"{}", (400, "M_BAD_JSON")),
            (Some("application/vnd.matrix+json;charset=utf-8"), b"{}", (400, "M_BAD_JSON")),
            (json, b"null", (400, "M_BAD_JSON")),
            (json, b"[]", (400, "M_BAD_JSON")),
            (json, br#"{"type":7,"refresh_token":7}"#, (400, "M_BAD_JSON")),
            (json, &vec![b' '; 2 * 1024 * 1024 + 1], (413, "M_TOO_LARGE")),
        ] {
            let answer = send(&app, endpoint, content_type, body).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]);
            assert_eq!(
                problem(&answer),
                refused(expected.0, expected.1),
                "{endpoint} {content_type:?} {shown}"
            );
        }
    }
}

#[tokio::test]
async fn a_password_login_names_somebody() {
    let app = TestApp::with(|settings| settings.login_with_email = false).await;
    app.user_with_password("alice", PASSWORD).await;
    let unnamed = json!({ "type": "m.login.password", "password": PASSWORD });
    let named = |identifier| with(unnamed.clone(), json!({ "identifier": identifier }));
    for (body, errcode) in [
        (unnamed.clone(), "M_BAD_JSON"),
        (named(json!(null)), "M_BAD_JSON"),
        (named(json!({})), "M_BAD_JSON"),
        (named(json!({ "type": "m.id.user" })), "M_BAD_JSON"),
        (named(json!({ "type": "m.id.user", "user": 7 })), "M_BAD_JSON"),
        (named(json!({ "type": "m.id.user", "user": "ali\0ce" })), "M_BAD_JSON"),
        (named(json!({ "type": "m.id.phone", "country": "GB", "phone": "1" })), "M_UNKNOWN"),
        (named(json!({ "type": "m.id.thirdparty", "medium": "email", "address": "a@b.c" })), "M_UNKNOWN"),
        (named(json!({ "type": "m.id.thirdparty", "medium": "msisdn", "address": "1" })), "M_UNKNOWN"),
        (json!({ "type": "m.login.password", "user": "alice" }), "M_BAD_JSON"),
        (json!({ "type": "m.login.password", "user": "alice", "password": null }), "M_BAD_JSON"),
        (json!({ "type": "m.login.token" }), "M_BAD_JSON"),
        (json!({ "type": "m.login.nothing" }), "M_UNKNOWN"),
        (json!({ "type": "" }), "M_UNKNOWN"),
        (json!({ "type": "m.login.application_service" }), "M_APPSERVICE_LOGIN_UNSUPPORTED"),
        (
            json!({ "type": "uk.half-shot.msc2778.login.application_service" }),
            "M_APPSERVICE_LOGIN_UNSUPPORTED",
        ),
        (with(by_password("alice"), json!({ "device_id": "" })), "M_INVALID_PARAM"),
        (with(by_password("alice"), json!({ "device_id": "x".repeat(256) })), "M_INVALID_PARAM"),
        (with(by_password("alice"), json!({ "device_id": "a\nb" })), "M_INVALID_PARAM"),
        (with(by_password("alice"), json!({ "device_id": 7 })), "M_BAD_JSON"),
        (with(by_password("alice"), json!({ "refresh_token": "yes" })), "M_BAD_JSON"),
    ] {
        let answer = attempt(&app, body.clone()).await;
        assert_eq!(problem(&answer), refused(400, errcode), "{body}");
        assert!(!answer.body.contains(PASSWORD), "{answer}");
    }
    assert_eq!(app.homeserver.called(), Vec::<String>::new());
}

#[tokio::test]
async fn without_passwords_there_is_no_password_login() {
    let app = TestApp::with(|settings| settings.passwords = false).await;
    assert_eq!(problem(&attempt(&app, by_password("alice")).await), refused(400, "M_UNKNOWN"));
}

#[tokio::test]
async fn only_a_bearer_header_carries_a_token() {
    let app = TestApp::new().await;
    for endpoint in ["logout", "logout/all"] {
        let path = format!("/_matrix/client/v3/{endpoint}");
        for value in [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Basic YTpi"), Some("x")] {
            let mut request = app.anonymous().post(&path);
            if let Some(value) = value {
                request = request.header("authorization", value);
            }
            assert_eq!(problem(&request.await), refused(401, "M_MISSING_TOKEN"), "{value:?}");
        }
        let twice = app.anonymous().post(&path);
        let twice = twice.header("authorization", "Bearer a").header("authorization", "Bearer b").await;
        assert_eq!(problem(&twice), refused(401, "M_MISSING_TOKEN"));
        let in_the_address = app.anonymous().post(&format!("{path}?access_token=x")).await;
        assert_eq!(problem(&in_the_address), refused(401, "M_MISSING_TOKEN"));
    }
}
