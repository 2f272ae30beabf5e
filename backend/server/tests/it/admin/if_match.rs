//! Changes that are bound to what was seen.

use futures_util::future::join_all;
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Caller, ClientKind::Public, TestApp};

use super::{BASE, app, failed, failure, get, post};

async fn lock(admin: &Caller, user: &str, lines: &[&str]) -> Answer {
    let mut request = admin.post(&format!("{BASE}/users/{user}/lock"));
    for line in lines {
        request = request.header("if-match", line);
    }
    request.await
}

#[tokio::test]
async fn several_lines_and_lists_are_one_list_and_what_cannot_be_read_is_refused() {
    let (app, admin) = app().await;
    let user = app.user("ada").await.to_string();
    let etag = async || get(&admin, &format!("/users/{user}")).await.header("etag").to_owned();
    lock(&admin, &user, &["\"one\"", &etag().await]).await.ok();
    lock(&admin, &user, &["\"one\",, \"a,b\"", &format!("W/\"two\" , {}", etag().await), ""]).await.ok();
    lock(&admin, &user, &["*"]).await.ok();
    let weak = format!("W/{}", etag().await);
    for stale in [&["\"one\"", "\"two\""][..], &[&weak], &["\"*\""], &[""]] {
        assert_eq!(
            failure(&lock(&admin, &user, stale).await),
            failed(412, "precondition_failed"),
            "{stale:?}"
        );
    }
    for unreadable in [&["ada"][..], &["\"one"], &["*", "\"one\""], &["\"one\"two"], &["\"\u{e9}\""]] {
        let refused = lock(&admin, &user, unreadable).await;
        assert_eq!(failure(&refused), failed(400, "invalid_if_match"), "{unreadable:?}");
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn where_there_is_nothing_nothing_is_expected() {
    let (_app, admin) = app().await;
    let path = format!("{BASE}/policy-data");
    let set = |etag: &str| {
        admin.post(&path).header("if-match", etag).json(&json!({ "data": { "admin_users": ["ada"] } }))
    };
    for etag in ["\"one\"", "*"] {
        assert_eq!(failure(&set(etag).await), failed(412, "precondition_failed"), "{etag}");
    }
    let first = post(&admin, "/policy-data", json!({ "data": {} })).await.ok();
    let second = set(first.header("etag")).await.ok();
    assert_eq!(failure(&set(first.header("etag")).await), failed(412, "precondition_failed"));
    assert_ne!(second.header("etag"), first.header("etag"));
    set("*").await.ok();
}

/// Something that can be changed, how, and with which body; each change leads to something else.
async fn changes(app: &TestApp, admin: &Caller) -> [(Method, String, String, Value); 3] {
    let made = async |path: &str, body: Value| -> String {
        let made = post(admin, path, body).await.ok().json();
        format!("{path}/{}", made["data"]["id"].as_str().unwrap())
    };
    let token = made("/user-registration-tokens", json!({})).await;
    let client = format!("/oauth2-clients/{}", app.client(Public).await.id);
    made("/policy-data", json!({ "data": {} })).await;
    [
        (Method::PUT, token.clone(), token, json!({ "usage_limit": 0 })),
        (Method::POST, client.clone(), format!("{client}/disable"), Value::Null),
        (Method::POST, "/policy-data/latest".into(), "/policy-data".into(), json!({ "data": {} })),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_that_have_seen_the_same_one_changes_it() {
    let (app, admin) = app().await;
    for (method, seen, path, body) in changes(&app, &admin).await {
        let etag = get(&admin, &seen).await.header("etag").to_owned();
        let change = |at: u32| {
            let request = admin.request(method.clone(), &format!("{BASE}{path}")).header("if-match", &etag);
            let mut body = body.clone();
            if path == "/policy-data" {
                body["data"]["admin_users"] = json!([format!("ada{at}")]);
            } else if !body.is_null() {
                body["usage_limit"] = json!(at);
            }
            async move { if body.is_null() { request.await } else { request.json(&body).await } }
        };
        let answers = join_all((0..12).map(change)).await;
        let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|one| one.status.is_success());
        assert_eq!(done.len(), 1, "{path}");
        for answer in refused {
            assert_eq!(failure(answer), failed(412, "precondition_failed"), "{path}");
        }
    }
    app.run_jobs().await;
}
