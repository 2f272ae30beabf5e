//! Changes that are sent twice and made once.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Caller, Mood};

use super::{BASE, app, attributes, failed, failure, get, ids, script};

async fn post(caller: &Caller, key: &str, path: &str, body: Value) -> testkit::Answer {
    caller.post(&format!("{BASE}{path}")).header("idempotency-key", key).json(&body).await
}

#[tokio::test]
async fn a_lost_answer_is_given_again_and_nothing_is_done_twice() {
    let (app, admin) = app().await;
    let user = app.administrator("ada").await;
    let body = json!({ "actor_user_id": user, "human_name": "bot", "scope": "urn:mas:admin" });
    let first = post(&admin, "one", "/personal-sessions", body.clone()).await;
    assert_eq!(first.status.as_u16(), 201);
    // Also by another token of the same client.
    let again = post(&script(&app, "urn:mas:admin").await, "one", "/personal-sessions", body.clone()).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body), "with the token");
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(ids(&get(&admin, "/personal-sessions").await).len(), 1);
    let token = attributes(&first)["access_token"].as_str().unwrap().to_owned();
    let kept = app.database.texts("SELECT answer_box FROM idempotency_keys").await.join("");
    assert!(!kept.is_empty() && !kept.contains(&token));

    let reused = post(&admin, "one", "/users", json!({ "username": "bob" })).await;
    assert_eq!(failure(&reused), failed(422, "idempotency_key_reused"));
    let other = post(&admin, "two", "/personal-sessions", body).await;
    assert_eq!((other.status.as_u16(), other.header("idempotency-replayed")), (201, ""));
    // What a token that may do more has got is not shown to one that may do less.
    let part = script(&app, "urn:mas:admin:users").await;
    post(&admin, "three", "/users", json!({ "username": "eve" })).await.ok();
    let less = post(&part, "three", "/users", json!({ "username": "eve" })).await;
    assert_eq!(failure(&less), failed(422, "idempotency_key_reused"));
    app.run_jobs().await;
    let empty = post(&admin, "", "/users", json!({ "username": "bob" })).await;
    assert_eq!(failure(&empty), failed(400, "invalid_idempotency_key"));
}

/// The answer may hold a token for more than the second caller is entitled to.
#[tokio::test]
async fn an_answer_is_not_given_to_who_may_do_less() {
    let (app, admin) = app().await;
    let user = app.administrator("ada").await;
    let body = json!({ "actor_user_id": user, "human_name": "bot", "scope": "urn:mas:admin" });
    post(&admin, "one", "/personal-sessions", body.clone()).await.ok();
    let part = script(&app, "urn:mas:admin:personal-sessions").await;
    let again = post(&part, "one", "/personal-sessions", body).await;
    assert_eq!(failure(&again), failed(422, "idempotency_key_reused"));
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_a_fault_is_none() {
    let (app, admin) = app().await;
    let bad = post(&admin, "bad", "/users", json!({ "username": "_" })).await;
    let again = post(&admin, "bad", "/users", json!({ "username": "_" })).await;
    assert_eq!((failure(&again), again.header("idempotency-replayed")), (failure(&bad), "true"));
    app.homeserver.feels(Mood::Failing);
    let failing = post(&admin, "key", "/users", json!({ "username": "ada" })).await;
    assert_eq!(failing.status.as_u16(), 503);
    app.homeserver.feels(Mood::Well);
    post(&admin, "key", "/users", json!({ "username": "ada" })).await.ok();
    app.run_jobs().await;
}

#[tokio::test]
async fn what_a_request_is_bound_to_is_a_part_of_it() {
    let (app, admin) = app().await;
    let path = format!("{BASE}/users/{}/lock", app.user("ada").await);
    let seen = admin.get(path.trim_end_matches("/lock")).await.header("etag").to_owned();
    let send = |etag: &str| admin.post(&path).header("idempotency-key", "key").header("if-match", etag);
    let first = send(&seen).await.ok();
    assert_eq!(send(&seen).await.body, first.body);
    assert_eq!(failure(&send("*").await), failed(422, "idempotency_key_reused"));
    let unbound = admin.post(&path).header("idempotency-key", "key").await;
    assert_eq!(failure(&unbound), failed(422, "idempotency_key_reused"));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_handler_that_panics_gives_the_key_back() {
    let (app, admin) = app().await;
    app.panic_once();
    let broken = post(&admin, "key", "/user-registration-tokens", json!({})).await;
    assert_eq!(failure(&broken), failed(500, "internal"));
    let again = post(&admin, "key", "/user-registration-tokens", json!({})).await;
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, ""));
}

#[tokio::test]
async fn of_many_at_once_one_is_carried_out() {
    let (app, admin) = app().await;
    let made = (0..20).map(|_| post(&admin, "same", "/user-registration-tokens", json!({})));
    let answers = futures_util::future::join_all(made).await;
    for answer in &answers {
        assert!(answer.status.as_u16() == 201 || failure(answer) == failed(409, "idempotency_key_in_use"));
    }
    assert_eq!(ids(&get(&admin, "/user-registration-tokens").await).len(), 1);
    drop(app);
}

#[tokio::test]
async fn keys_are_good_for_a_day_and_then_go() {
    let (app, admin) = app().await;
    app.plan_jobs().await;
    let body = json!({ "usage_limit": 1 });
    let first = post(&admin, "key", "/user-registration-tokens", body.clone()).await.ok();
    post(&admin, "other", "/user-registration-tokens", body.clone()).await.ok();
    let hour = Duration::from_secs(3600);
    app.clock.advance(hour * 23);
    let admin = script(&app, "urn:mas:admin").await;
    let again = post(&admin, "key", "/user-registration-tokens", body.clone()).await.ok();
    assert_eq!(again.body, first.body);
    app.clock.advance(hour + Duration::from_secs(1));
    let admin = script(&app, "urn:mas:admin").await;
    let anew = post(&admin, "key", "/user-registration-tokens", body).await.ok();
    assert_ne!(anew.body, first.body, "also if nobody has come to clean up");
    app.plan_jobs().await;
    assert!(app.run_jobs().await.contains(&"cleanup-idempotency-keys"));
    let kept = app.database.texts("SELECT actor FROM idempotency_keys").await;
    assert_eq!(kept.len(), 1, "that of a moment ago");
}
