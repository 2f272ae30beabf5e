//! How many sessions a person may have, where logins come through this API.

use std::time::Duration;

use domain::policy::SessionLimit;
use serde_json::json;
use testkit::{ClientKind::*, PASSWORD, TestApp};

use super::{active_sessions, attempt, by_password, endings, is_active, log_in, problem, refused, with};

async fn limited(hard_limit: u32, evicts: bool) -> TestApp {
    let app = TestApp::with(|settings| {
        settings.session_limit = Some(SessionLimit {
            soft_limit: 2,
            hard_limit,
            max_session_threshold: None,
            dangerous_hard_limit_eviction: evicts,
        });
    })
    .await;
    app.user_with_password("alice", PASSWORD).await;
    app
}

#[tokio::test]
async fn at_the_hard_limit_nobody_else_gets_in() {
    let app = limited(3, false).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(log_in(&app, by_password("alice")).await);
    }
    let answer = attempt(&app, by_password("alice")).await;
    assert_eq!(problem(&answer), refused(403, "M_FORBIDDEN"));
    assert!(answer.body.contains("https://auth.example.com/account/sessions"), "{answer}");
    assert_eq!(active_sessions(&app).await.len(), 3);
    assert_eq!(app.homeserver.called(), Vec::<String>::new());

    // A device that signs in again takes no more room than it has.
    let device = &sessions[0].device_id;
    log_in(&app, with(by_password("alice"), json!({ "device_id": device }))).await;
    assert!(!is_active(&app, &sessions[0].access_token).await);
    assert_eq!(active_sessions(&app).await.len(), 3);
}

#[tokio::test]
async fn eviction_ends_the_session_that_was_not_used_for_longest() {
    let app = limited(3, true).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(log_in(&app, by_password("alice")).await);
        app.clock.advance(Duration::from_secs(60));
    }
    // The oldest one is used again.
    assert!(is_active(&app, &sessions[0].access_token).await);
    app.write_activity().await;
    log_in(&app, by_password("alice")).await;
    assert!(is_active(&app, &sessions[0].access_token).await);
    assert!(!is_active(&app, &sessions[1].access_token).await);
    assert!(is_active(&app, &sessions[2].access_token).await);
    assert_eq!(endings(&app).await, ["evicted"]);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
}

#[tokio::test]
async fn sessions_of_oauth_apps_are_never_evicted() {
    let app = limited(2, true).await;
    let alice = self::alice(&app).await;
    let client = app.client(Public).await;
    for device in ["AAAAAAAAAA", "BBBBBBBBBB"] {
        let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:{device}");
        let code = app.authorization(&client).with("scope", &scope).agreed_by(alice).await;
        client.exchange(&code).await.tokens();
    }
    app.homeserver.calls();
    assert_eq!(problem(&attempt(&app, by_password("alice")).await), refused(403, "M_FORBIDDEN"));
    assert_eq!((active_sessions(&app).await.len(), endings(&app).await.len()), (2, 0));
}

async fn alice(app: &TestApp) -> kernel::id::UserId {
    domain::users::by_username(&app.parts().db.read, "alice").await.unwrap().unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_at_the_same_time_do_not_pass_the_limit_together() {
    let app = limited(3, false).await;
    let answers = futures_util::future::join_all((0..12).map(|_| attempt(&app, by_password("alice")))).await;
    let let_in = answers.iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!((let_in, active_sessions(&app).await.len()), (3, 3));
}
