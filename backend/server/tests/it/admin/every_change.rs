//! What all changes have in common, whatever they change: the document says which there are, so that none is forgotten.

use std::time::Duration;

use domain::jobs::{self, Ended, Outcome, Room};
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Caller, ClientKind, TestApp};

use super::{app, failed, failure, get, ids, post, upstream};

/// An operation that changes something, as the document has it.
struct Change {
    method: Method,
    path: String,
    operation: String,
    /// It may be bound to what was seen (`if-match`).
    can_be_bound: bool,
    /// Of its body; null if it takes none.
    example: Value,
}

async fn changes(app: &TestApp) -> Vec<Change> {
    let document = app.anonymous().get("/api/spec.json").await.json();
    let mut changes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if method == "get" || !operation["operationId"].is_string() {
                continue;
            }
            let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let body = body.as_str().and_then(|path| document.pointer(path.trim_start_matches('#')));
            changes.push(Change {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                operation: operation["operationId"].as_str().unwrap().to_owned(),
                can_be_bound: !operation["responses"]["412"].is_null(),
                example: body.map_or(Value::Null, |body| body["examples"][0].clone()),
            });
        }
    }
    changes
}

/// Something that the operation can be carried out on, and nothing else has to do with: its id, and the body to send.
async fn subject(app: &TestApp, admin: &Caller, operation: &str) -> (String, Value) {
    let name = operation.to_lowercase();
    let made = async |path: &str, body: Value| -> String {
        post(admin, path, body).await.ok().json()["data"]["id"].as_str().unwrap().to_owned()
    };
    let user = async || app.user(&name).await.to_string();
    let client = json!({ "client_name": "x", "grant_types": ["client_credentials"], "response_types": [] });
    let nothing = String::new;
    match operation {
        "lockUser" | "unlockUser" | "reactivateUser" | "killUserSessions" => (user().await, Value::Null),
        // What is erased goes from the trail, too.
        "deactivateUser" => (user().await, json!({ "skip_erase": true })),
        "userSetAdmin" => (user().await, json!({ "admin": true })),
        "setUserPassword" => (user().await, json!({ "password": "a password that nobody guesses" })),
        "createUser" => (nothing(), json!({ "username": name })),
        "addUserEmail" => (nothing(), json!({ "user_id": user().await, "email": "a@example.com" })),
        "deleteUserEmail" => {
            let body = json!({ "user_id": user().await, "email": "b@example.com" });
            (made("/user-emails", body).await, Value::Null)
        }
        "addUpstreamOAuthLink" | "deleteUpstreamOAuthLink" => {
            let body = json!({ "user_id": user().await, "provider_id": upstream::PROVIDER, "subject": name });
            match operation {
                "addUpstreamOAuthLink" => (nothing(), body),
                _ => (made("/upstream-oauth-links", body).await, Value::Null),
            }
        }
        "addOAuth2Client" => (nothing(), client),
        "disableOAuth2Client" | "enableOAuth2Client" | "deleteOAuth2Client" => {
            (made("/oauth2-clients", client).await, Value::Null)
        }
        "createPersonalSession" | "regeneratePersonalSession" | "revokePersonalSession" => {
            let body = json!({ "actor_user_id": user().await, "human_name": "x", "scope": "openid" });
            match operation {
                "createPersonalSession" => (nothing(), body),
                _ => (made("/personal-sessions", body).await, Value::Null),
            }
        }
        "setPolicyData" => (nothing(), json!({ "data": {} })),
        "addUserRegistrationToken" => (nothing(), json!({})),
        "updateUserRegistrationToken" => {
            (made("/user-registration-tokens", json!({})).await, json!({ "usage_limit": 3 }))
        }
        "revokeUserRegistrationToken" => (made("/user-registration-tokens", json!({})).await, Value::Null),
        "unrevokeUserRegistrationToken" => {
            let token = made("/user-registration-tokens", json!({})).await;
            post(admin, &format!("/user-registration-tokens/{token}/revoke"), Value::Null).await.ok();
            (token, Value::Null)
        }
        "finishOAuth2Session" => (session(app, admin, "oauth2-sessions", &name).await, Value::Null),
        "finishUserSession" => (session(app, admin, "user-sessions", &name).await, Value::Null),
        "finishCompatSession" => (compat_session(app, &name).await, Value::Null),
        "retryJob" | "deleteJob" => (dead_job(app, admin, &name).await, Value::Null),
        "retryFailedJobs" | "deleteFailedJobs" => (nothing(), Value::Null),
        "addBulkOperation" | "cancelBulkOperation" => {
            let body = json!({ "operation": "lockUser", "ids": [user().await] });
            match operation {
                "addBulkOperation" => (nothing(), body),
                _ => (made("/bulk-operations", body).await, Value::Null),
            }
        }
        other => panic!("{other}: say here what it can be carried out on"),
    }
}

async fn session(app: &TestApp, admin: &Caller, resource: &str, name: &str) -> String {
    let client = app.client(ClientKind::Public).await;
    app.user_with_password(name, testkit::PASSWORD).await;
    let code = app.authorization(&client).through(&mut app.browser(), name).await;
    client.exchange(&code).await.tokens();
    let user = get(admin, &format!("/users/by-username/{name}")).await.json();
    let user = user["data"]["id"].as_str().unwrap();
    ids(&get(admin, &format!("/{resource}?filter[user]={user}")).await).remove(0)
}

async fn compat_session(app: &TestApp, name: &str) -> String {
    let (parts, user) = (app.parts(), app.user(name).await);
    let user = domain::users::by_id(&parts.db.read, user).await.unwrap().unwrap();
    let asked = domain::sessions::issue::Issue {
        user: &user,
        device: "DEV1CE0001",
        is_new_device: true,
        is_synapse_admin: false,
    };
    let issued =
        domain::sessions::issue::issue(&parts.db, &parts.homeserver, &app.op(), asked).await.unwrap();
    issued.session.to_string()
}

async fn dead_job(app: &TestApp, admin: &Caller, name: &str) -> String {
    app.run_jobs().await;
    app.user(name).await;
    app.clock.advance(Duration::from_secs(1));
    let (db, op) = (&app.parts().db, app.op());
    let user = domain::users::by_username(&db.read, name).await.unwrap().unwrap().id;
    db.write(async |tx| domain::users::lock(tx, &op, user).await).await.unwrap();
    let claimed = jobs::claim(db, &op, "test", &Room::default()).await.unwrap();
    let ended = claimed.into_iter().map(|claimed| Ended {
        claimed,
        outcome: Outcome::GiveUp("no more".into()),
        took: Duration::ZERO,
    });
    jobs::settle(db, &op, &ended.collect::<Vec<_>>()).await.unwrap();
    ids(&get(admin, "/jobs?filter[state]=failed").await).pop().unwrap()
}

impl Change {
    /// With what the caller takes the resource for, if anything.
    async fn sent(&self, admin: &Caller, (id, body): &(String, Value), etag: Option<&str>) -> Answer {
        let mut request = admin.request(self.method.clone(), &self.path.replace("{id}", id));
        if let Some(etag) = etag {
            request = request.header("if-match", etag);
        }
        if body.is_null() { request.await } else { request.json(body).await }
    }
}

/// What is told in one place only, or never.
const UNTOLD: [&str; 5] = ["access_token", "client_secret", "failures", "payload", "token"];

fn told(attributes: &Value) -> Value {
    let mut told = attributes.clone();
    if let Some(told) = told.as_object_mut() {
        told.retain(|name, _| !UNTOLD.contains(&name.as_str()));
    }
    told
}

impl Change {
    /// The path of what it is done to, if that is there before.
    fn resource(&self, id: &str) -> Option<String> {
        let (list, _) = self.path.split_once("{id}")?;
        Some(format!("{list}{id}"))
    }

    /// What the trail must tell: on what, and what was before and after.
    fn told(&self, target: Option<String>, before: &Value, answer: &Answer) -> Value {
        let after = if answer.body.is_empty() { Value::Null } else { answer.json() };
        let made = || after["data"]["links"]["self"].as_str().map(str::to_owned);
        let target = target.or_else(made);
        let (before, after) = match self.operation.as_str() {
            "setUserPassword" => {
                (Value::Null, json!({ "skip_password_check": false, "end_sessions": false }))
            }
            "killUserSessions" => (Value::Null, after),
            "retryFailedJobs" | "deleteFailedJobs" => {
                (Value::Null, json!({ "queue": null, "jobs": after["jobs"] }))
            }
            _ => (told(before), told(&after["data"]["attributes"])),
        };
        json!({ "target": target, "before": before, "after": after })
    }
}

/// What was written down of administrators, the newest last.
async fn written(app: &TestApp) -> Vec<Value> {
    let events = app.database.texts(
        "SELECT CAST(data AS text) FROM audit_events WHERE kind = 'administered' ORDER BY created_at, id",
    );
    events.await.iter().map(|event| serde_json::from_str(event).unwrap()).collect()
}

#[tokio::test]
async fn every_change_can_be_bound_if_it_says_so_and_leaves_one_trace_that_tells_all() {
    let (app, admin) = app().await;
    upstream::provider(&app).await;
    let session = ids(&get(&admin, "/oauth2-sessions").await).remove(0);
    let changes = changes(&app).await;
    assert!(changes.len() >= 31, "{}", changes.len());
    for change in changes {
        let operation = &change.operation;
        let subject = subject(&app, &admin, operation).await;
        // What happens in one millisecond has no order.
        app.clock.advance(Duration::from_millis(10));
        let earlier = written(&app).await.len();
        let target = change.resource(&subject.0);
        let before = match &target {
            Some(path) => admin.get(path).await.ok().json()["data"]["attributes"].take(),
            None => Value::Null,
        };
        let is_of_one = change.path.contains("{id}") || operation == "setPolicyData";
        assert_eq!(is_of_one, change.can_be_bound, "{operation}");
        if change.can_be_bound {
            let stale = change.sent(&admin, &subject, Some("\"stale\"")).await;
            assert_eq!(failure(&stale), failed(412, "precondition_failed"), "{operation}");
            assert_eq!(written(&app).await.len(), earlier, "{operation}: nothing was done");
        }
        let answer = change.sent(&admin, &subject, None).await.ok();
        let trace = written(&app).await.split_off(earlier);
        let mut expected = change.told(target, &before, &answer);
        expected["operation"] = operation.as_str().into();
        expected["by_session"] = session.as_str().into();
        assert_eq!(trace, [expected], "{operation}");
        app.clock.advance(Duration::from_millis(10));
    }
    app.clock.advance(Duration::from_secs(60));
    app.run_jobs().await;
}

/// What Swagger UI and Bruno begin with is no riddle.
#[tokio::test]
async fn every_example_of_a_body_does_what_it_says() {
    let (app, admin) = app().await;
    upstream::provider(&app).await;
    let user = app.user("ada").await.to_string();
    let examples: Vec<_> =
        changes(&app).await.into_iter().filter(|change| !change.example.is_null()).collect();
    assert!(examples.len() >= 14, "{}", examples.len());
    for change in examples {
        let (id, _) = subject(&app, &admin, &change.operation).await;
        // The ids that examples have stand for what the reader fills in.
        let body = change.example.to_string();
        let body = body.replace("01KE34VF00M9S346Q3D25VT4F5", &user);
        let body = body.replace("01KGZV5B001HYGCPWPQ5E6EYCN", upstream::PROVIDER);
        change.sent(&admin, &(id, serde_json::from_str(&body).unwrap()), None).await.ok();
        app.clock.advance(Duration::from_millis(10));
    }
}
