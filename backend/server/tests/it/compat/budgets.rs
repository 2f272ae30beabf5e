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
    log_in(app, with_a_device_of_somebody_else(app, "warm").await).await;
    let session = refreshable(app, "warm").await;
    super::is_active(app, &session.access_token).await;
    refresh(app, session.refresh_token.as_ref().unwrap()).await.ok();
    super::is_active(app, &session.refresh_token.unwrap()).await;
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
        for (body, what) in [
            (first.clone(), "password"),
            (with(first.clone(), json!({ "refresh_token": true })), "in place of another session"),
            (first, "in place of one that could refresh"),
            (by_password("alice"), "with a new device"),
            (sso::by_token(&token), "token"),
        ] {
            assert_eq!(cost_of_login(&app, body).await, 5 + u64::from(limited), "{what}, limited: {limited}");
        }
        // That its device is somebody else's is noted besides.
        let cost = cost_of_login(&app, with_a_device_of_somebody_else(&app, "alice").await).await;
        assert_eq!(cost, 6 + u64::from(limited), "somebody else's, limited: {limited}");
    }
}

/// A login with a device that the homeserver has already, such as one that a bridge has made.
async fn with_a_device_of_somebody_else(app: &TestApp, username: &str) -> serde_json::Value {
    app.parts().homeserver.upsert_device(username, "BRIDGE", None).await.unwrap();
    with(by_password(username), json!({ "device_id": "BRIDGE" }))
}

/// Round trips, of a login with one call of the homeserver.
async fn cost_of_login(app: &TestApp, body: serde_json::Value) -> u64 {
    app.homeserver.calls();
    let (answer, cost) = app.cost(attempt(app, body)).await;
    answer.ok();
    assert_eq!(app.homeserver.called(), ["upsert_device"]);
    cost
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
