//! How many round trips to the database the legacy API takes, everything included.

use domain::policy::SessionLimit;
use serde_json::json;
use store::Engine;
use testkit::{PASSWORD, TestApp, engine};

use super::{attempt, by_password, log_in, refresh, refresh::refreshable, sso, with};

/// Uses every statement once, on the one connection that requests in turn share.
async fn warm_up(app: &TestApp) {
    for name in ["warm", "alice"] {
        app.user_with_password(name, PASSWORD).await;
    }
    let session = refreshable(app, "warm").await;
    let body = with(by_password("warm"), json!({ "device_id": session.device_id }));
    log_in(app, with(body, json!({ "refresh_token": true }))).await;
    let token = sso::approved(app, "warm").await;
    log_in(app, sso::by_token(&token)).await;
    let session = refreshable(app, "warm").await;
    super::is_active(app, &session.access_token).await;
    refresh(app, session.refresh_token.as_ref().unwrap()).await.ok();
    super::is_active(app, &session.refresh_token.unwrap()).await;
}

/// On SQLite, where a round trip costs next to nothing, the transaction writes a table at a time.
fn most() -> u64 {
    if engine() == Engine::Sqlite { 9 } else { 6 }
}

#[tokio::test]
async fn a_login_takes_at_most_six_and_one_call_of_the_homeserver() {
    for limited in [false, true] {
        let app = TestApp::with(|settings| {
            settings.session_limit = limited.then_some(SessionLimit {
                soft_limit: 64,
                hard_limit: 64,
                max_session_threshold: None,
                dangerous_hard_limit_eviction: false,
            });
        })
        .await;
        warm_up(&app).await;
        let first = with(by_password("alice"), json!({ "device_id": "D" }));
        let token = sso::approved(&app, "alice").await;
        app.homeserver.calls();
        for (body, what) in [
            (first.clone(), "password"),
            (with(first, json!({ "refresh_token": true })), "in place of another session"),
            (sso::by_token(&token), "token"),
        ] {
            let (answer, cost) = app.cost(attempt(&app, body)).await;
            answer.ok();
            // Ending the other session: the log of changes, and the audit trail.
            let more = if engine() == Engine::Sqlite && what.starts_with("in place") { 2 } else { 0 };
            let count = u64::from(limited && engine() == Engine::Sqlite);
            assert!(cost <= most() + more + count, "{what}, limited: {limited}: {cost}");
            assert_eq!(app.homeserver.called(), ["upsert_device"], "{what}");
        }
    }
}

#[tokio::test]
async fn refreshing_takes_one() {
    let app = TestApp::new().await;
    warm_up(&app).await;
    let token = refreshable(&app, "alice").await.refresh_token.unwrap();
    for _ in 0..2 {
        let (answer, cost) = app.cost(refresh(&app, &token)).await;
        answer.ok();
        assert_eq!(cost, 1, "also for a lost answer");
    }
    let (_, cost) = app.cost(refresh(&app, "mcr_nonsense")).await;
    assert_eq!(cost, 0);
}

#[tokio::test]
async fn introspection_takes_one() {
    let app = TestApp::new().await;
    warm_up(&app).await;
    let session = refreshable(&app, "alice").await;
    let first = if engine() == Engine::Sqlite { 2 } else { 1 };
    let refresh_token = session.refresh_token.unwrap();
    for (token, expected) in [(&session.access_token, first), (&session.access_token, 1), (&refresh_token, 1)]
    {
        let (active, cost) = app.cost(super::is_active(&app, token)).await;
        assert_eq!((active, cost), (true, expected));
    }
}
