//! While the database is gone: 503, and back to work as soon as it is there again.

use serde_json::json;
use testkit::{Mood, PASSWORD, TestApp};

use super::{attempt, by_password, is_active, log_in, log_out, problem, refresh, refused, with};

#[tokio::test]
async fn nothing_is_lost_while_the_database_is_gone() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let session = log_in(&app, with(by_password("alice"), json!({ "refresh_token": true }))).await;
    let token = session.refresh_token.unwrap();
    let gone = app.database.gone().await;
    for answer in [
        attempt(&app, by_password("alice")).await,
        refresh(&app, &token).await,
        log_out(&app, &session.access_token).await,
    ] {
        assert_eq!(problem(&answer), refused(503, "M_UNKNOWN"));
        assert_ne!(answer.header("retry-after"), "", "it says when to come back");
        assert!(!answer.body.to_lowercase().contains("sql"), "the cause is for the log: {answer}");
    }
    drop(gone);
    let next = refresh(&app, &token).await.ok().json();
    assert!(is_active(&app, next["access_token"].as_str().unwrap()).await);
}

/// While the homeserver takes its time, nobody else waits for a connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_hangs_holds_no_connection() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let session = log_in(&app, by_password("alice")).await;
    app.homeserver.feels(Mood::Hanging);
    let caller = app.anonymous();
    let waiting: Vec<_> = (0..30)
        .map(|_| {
            let request = caller.post("/_matrix/client/v3/login").json(&by_password("alice"));
            tokio::spawn(async move { request.await.status.as_u16() })
        })
        .collect();
    let mut called = 0;
    while called < waiting.len() {
        called += app.homeserver.called().len();
        tokio::task::yield_now().await;
    }
    assert!(is_active(&app, &session.access_token).await);
    app.homeserver.feels(Mood::Well);
    for waiting in waiting {
        assert_eq!(waiting.await.unwrap(), 200);
    }
}
