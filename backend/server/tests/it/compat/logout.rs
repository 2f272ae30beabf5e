//! `POST /logout` and `POST /logout/all`.

use serde_json::json;
use testkit::{Answer, PASSWORD, TestApp};

use super::{
    active_sessions, bearer, by_password, endings, is_active, log_in, log_out, problem, refresh, refused,
    with,
};
use crate::oauth::{introspection::mutilations, seconds};

#[tokio::test]
async fn logging_out_ends_the_session_and_removes_the_device() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let (one, other) = (log_in(&app, by_password("alice")).await, log_in(&app, by_password("alice")).await);
    let answer = log_out(&app, &one.access_token).await;
    assert_eq!(answer.to_string(), "200 {}");
    assert!(!is_active(&app, &one.access_token).await);
    assert!(is_active(&app, &other.access_token).await);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    let devices = app.homeserver.user("alice").unwrap().devices;
    assert_eq!(devices.keys().collect::<Vec<_>>(), [&other.device_id]);
    assert_eq!(problem(&log_out(&app, &one.access_token).await), refused(401, "M_UNKNOWN_TOKEN"));
    assert_eq!(endings(&app).await, ["logged_out"]);
}

#[tokio::test]
async fn a_locked_account_and_an_expired_token_can_log_out() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let body = with(by_password("alice"), json!({ "refresh_token": true }));
    let (locked, expired, prior) =
        (log_in(&app, body.clone()).await, log_in(&app, body.clone()).await, log_in(&app, body).await);
    let newer = refresh(&app, prior.refresh_token.as_ref().unwrap()).await.ok().json();
    is_active(&app, newer["access_token"].as_str().unwrap()).await;
    app.database.execute("UPDATE users SET locked_at = 1").await;
    log_out(&app, &locked.access_token).await.ok();
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    app.clock.advance(seconds(3600));
    assert!(!is_active(&app, &expired.access_token).await);
    log_out(&app, &expired.access_token).await.ok();
    log_out(&app, &prior.access_token).await.ok();
    assert_eq!(active_sessions(&app).await, []);
    app.run_jobs().await;
}

#[tokio::test]
async fn other_tokens_log_nobody_out() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("bob").await;
    app.user_with_password("alice", PASSWORD).await;
    let session = log_in(&app, with(by_password("alice"), json!({ "refresh_token": true }))).await;
    let mut others = mutilations(&session.access_token);
    // These arrive as the token itself: a header has no spaces at its ends.
    others.retain(|other| other.trim() != session.access_token && is_sendable(other));
    others.extend([tokens.access_token.clone(), tokens.refresh_token.clone(), "syt_a_b".into()]);
    others.push(session.refresh_token.unwrap());
    let flag = json!({ "io.element.only_compat_is_fine": true });
    for other in others {
        let answer = log_out(&app, &other).await;
        assert!(
            [refused(401, "M_UNKNOWN_TOKEN"), refused(401, "M_MISSING_TOKEN")].contains(&problem(&answer)),
            "{other}: {answer}"
        );
        let answer = bearer(&app, &other).post("/_matrix/client/v3/logout/all").json(&flag).await;
        assert_eq!(answer.status.as_u16(), 401, "{other}: {answer}");
    }
    assert!(is_active(&app, &session.access_token).await);
    client.userinfo(&tokens).await.ok();
}

fn is_sendable(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_graphic())
}

async fn all(app: &TestApp, token: &str, body: &[u8]) -> Answer {
    bearer(app, token).post("/_matrix/client/v3/logout/all").untyped(body.to_vec()).await
}

#[tokio::test]
async fn all_legacy_sessions_end_for_who_knows_that_it_is_only_those() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    app.user_with_password("bob", PASSWORD).await;
    let bob = log_in(&app, by_password("bob")).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(log_in(&app, by_password("alice")).await);
    }
    let token = &sessions[1].access_token;
    for body in ["", "{}", r#"{"io.element.only_compat_is_fine":false}"#, r#"{"x":1}"#] {
        let answer = all(&app, token, body.as_bytes()).await;
        assert_eq!(problem(&answer), refused(404, "M_UNRECOGNIZED"), "{body}");
    }
    assert_eq!(problem(&all(&app, token, b"{").await), refused(400, "M_NOT_JSON"));
    let wrong = all(&app, token, br#"{"io.element.only_compat_is_fine":1}"#).await;
    assert_eq!(problem(&wrong), refused(400, "M_BAD_JSON"));
    let typed = bearer(&app, token).post("/_matrix/client/v3/logout/all").raw("application/json", "").await;
    assert_eq!(problem(&typed), refused(400, "M_NOT_JSON"));
    assert_eq!(active_sessions(&app).await.len(), 5);

    let answer = all(&app, token, br#"{"io.element.only_compat_is_fine":true}"#).await;
    assert_eq!(answer.to_string(), "200 {}");
    for session in &sessions {
        assert!(!is_active(&app, &session.access_token).await);
    }
    assert!(is_active(&app, &bob.access_token).await);
    client.userinfo(&tokens).await.ok();
    assert_eq!(app.run_jobs().await, ["delete-device"; 3]);
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 1, "that of the OAuth session stays");
}

#[tokio::test]
async fn ending_all_takes_a_token_that_is_good_for_something() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let session = log_in(&app, with(by_password("alice"), json!({ "refresh_token": true }))).await;
    let flag = br#"{"io.element.only_compat_is_fine":true}"#;
    for state in ["locked_at", "deactivated_at"] {
        app.database.execute(&format!("UPDATE users SET {state} = 1")).await;
        let answer = all(&app, &session.access_token, flag).await;
        assert_eq!(problem(&answer), refused(401, "M_UNKNOWN_TOKEN"), "{state}");
        app.database.execute(&format!("UPDATE users SET {state} = NULL")).await;
    }
    app.clock.advance(seconds(300));
    assert_eq!(problem(&all(&app, &session.access_token, flag).await), refused(401, "M_UNKNOWN_TOKEN"));
    assert_eq!(active_sessions(&app).await.len(), 1);
}
