//! The legacy login API, as Matrix clients meet it.

mod bodies;
mod budgets;
mod devices;
mod endpoints;
mod limits;
mod login;
mod logout;
mod refresh;
pub mod sso;
mod unavailable;

use kernel::id::SessionId;
use serde::Deserialize;
use serde_json::{Value, json};
use testkit::{Answer, Caller, Credentials, PASSWORD, TestApp};

/// What a login gave.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    pub access_token: String,
    pub device_id: String,
    pub user_id: String,
    pub refresh_token: Option<String>,
    pub expires_in_ms: Option<u64>,
}

pub fn by_password(user: &str) -> Value {
    json!({
        "type": "m.login.password",
        "identifier": { "type": "m.id.user", "user": user },
        "password": PASSWORD,
    })
}

/// `body` with more members, or others.
pub fn with(mut body: Value, more: Value) -> Value {
    let members = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(members);
    body
}

pub async fn post(app: &TestApp, endpoint: &str, body: &Value) -> Answer {
    app.anonymous().post(&format!("/_matrix/client/v3/{endpoint}")).json(body).await
}

pub async fn attempt(app: &TestApp, body: Value) -> Answer {
    post(app, "login", &body).await
}

/// Logs in; what the homeserver was told of it is forgotten.
pub async fn log_in(app: &TestApp, body: Value) -> Session {
    let answer = attempt(app, body).await.ok();
    app.homeserver.calls();
    serde_json::from_value(answer.json()).unwrap()
}

pub async fn refresh(app: &TestApp, token: &str) -> Answer {
    post(app, "refresh", &json!({ "refresh_token": token })).await
}

pub fn bearer(app: &TestApp, token: &str) -> Caller {
    app.caller(Credentials::Bearer(token.into()))
}

pub async fn log_out(app: &TestApp, token: &str) -> Answer {
    bearer(app, token).post("/_matrix/client/v3/logout").await
}

pub async fn is_active(app: &TestApp, token: &str) -> bool {
    let answer = app.synapse().post("/oauth2/introspect").form([("token", token)]).await.ok();
    answer.json()["active"] == true
}

/// Status and `errcode`; a problem has a sentence and nothing else, save what its code asks for.
#[track_caller]
pub fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/json", "{answer}");
    let body = answer.json();
    let mut names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    names.retain(|name| !["retry_after_ms", "soft_logout"].contains(name));
    assert_eq!(names, ["errcode", "error"], "{answer}");
    assert!(body["error"].as_str().is_some_and(|error| error.len() > 10), "{answer}");
    (answer.status.as_u16(), body["errcode"].as_str().unwrap().to_owned())
}

pub fn refused(status: u16, errcode: &str) -> (u16, String) {
    (status, errcode.to_owned())
}

/// The ids of sessions that have not ended, in the order in which they began.
pub async fn active_sessions(app: &TestApp) -> Vec<SessionId> {
    let rows = store::sql::all(
        &app.parts().db.read,
        "SELECT id FROM sessions WHERE finished_at IS NULL ORDER BY created_at, id",
        [],
    );
    rows.await.unwrap().iter().map(|row| row.try_get("", "id").unwrap()).collect()
}

/// Why sessions ended, in no order.
pub async fn endings(app: &TestApp) -> Vec<String> {
    let rows = store::sql::all(
        &app.parts().db.read,
        "SELECT data FROM audit_events WHERE kind = 'session_ended'",
        [],
    );
    let rows = rows.await.unwrap();
    let data = rows.iter().map(|row| row.try_get::<Value>("", "data").unwrap());
    data.map(|data| data["reason"].as_str().unwrap().to_owned()).collect()
}
