//! What administrators do here; the REST API is the better way.

use serde_json::{Value, json};
use testkit::{Caller, Credentials, TestApp};

use super::{admin, person, with_tokens};

async fn call(admin: &Caller, name: &str, input: Value, fields: &str) -> Value {
    let answer = admin.graphql(&super::mutation(name, fields), json!({ "input": input })).await;
    answer.data()[name].take()
}

#[tokio::test]
async fn accounts_are_added_once_and_with_names_that_matrix_allows() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let fields = "status user { username }";
    let added = call(&admin, "addUser", json!({ "username": "carol" }), fields).await;
    assert_eq!(added, json!({ "status": "ADDED", "user": { "username": "carol" } }));
    app.run_jobs().await;
    assert!(app.homeserver.user("carol").is_some());
    let again = call(&admin, "addUser", json!({ "username": "CAROL" }), fields).await;
    assert_eq!(again, json!({ "status": "EXISTS", "user": { "username": "carol" } }));
    for name in ["", "_x", "Dave", "d@ve", "dä", &"x".repeat(256)] {
        let input = json!({ "username": name, "skipHomeserverCheck": true });
        assert_eq!(call(&admin, "addUser", input, fields).await["status"], "INVALID", "{name}");
    }
}

#[tokio::test]
async fn accounts_are_locked_and_opened_again() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, mut browser) = person(&app, "alice").await;
    let input = json!({ "userId": user });
    let locked = call(&admin, "lockUser", input.clone(), "status user { lockedAt }").await;
    assert!(locked["status"] == "LOCKED" && locked["user"]["lockedAt"].is_string(), "{locked}");
    app.run_jobs().await;
    assert_eq!(
        browser.ask("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"],
        "Anonymous"
    );
    let unlocked = call(&admin, "unlockUser", input.clone(), "status user { lockedAt }").await;
    assert_eq!(unlocked, json!({ "status": "UNLOCKED", "user": { "lockedAt": null } }));
    app.run_jobs().await;
    assert_eq!(browser.ask("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"], "User");
    let with_end = json!({ "userId": user, "deactivate": true });
    assert_eq!(call(&admin, "lockUser", with_end, "status").await["status"], "LOCKED");
    app.run_jobs().await;
    assert!(app.homeserver.user("alice").unwrap().deactivated);
    call(&admin, "unlockUser", input, "status").await;
    app.run_jobs().await;
    assert!(!app.homeserver.user("alice").unwrap().deactivated);
    let unknown = json!({ "userId": "user:01K2C31V80V37E3S3E28JT97KB" });
    for name in ["lockUser", "unlockUser"] {
        assert_eq!(call(&admin, name, unknown.clone(), "status").await["status"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn rights_to_administer_are_given_and_taken() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, _) = person(&app, "alice").await;
    for right in [true, false] {
        let input = json!({ "userId": user, "canRequestAdmin": right });
        let set = call(&admin, "setCanRequestAdmin", input, "user { canRequestAdmin }").await;
        assert_eq!(set, json!({ "user": { "canRequestAdmin": right } }));
    }
    let unknown = json!({ "userId": "user:01K2C31V80V37E3S3E28JT97KB", "canRequestAdmin": true });
    assert_eq!(call(&admin, "setCanRequestAdmin", unknown, "user { id }").await["user"], Value::Null);
}

#[tokio::test]
async fn sessions_are_started_for_somebody() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, _) = person(&app, "alice").await;
    let scope = "urn:matrix:client:api:* urn:matrix:client:device:B0T urn:mas:graphql:*";
    let fields = "accessToken refreshToken oauth2Session { scope state user { username } }";
    for permanent in [false, true] {
        let input = json!({ "userId": user, "scope": scope, "permanent": permanent });
        let given = call(&admin, "createOauth2Session", input, fields).await;
        assert_eq!(given["refreshToken"].is_null(), permanent);
        assert_eq!(given["oauth2Session"]["user"]["username"], "alice");
        let token = given["accessToken"].as_str().unwrap();
        let who = app
            .caller(Credentials::Bearer(token.into()))
            .graphql("{ viewer { ... on User { username } } }", json!({}));
        assert_eq!(who.await.data()["viewer"]["username"], "alice");
        let active = app.synapse().post("/oauth2/introspect").form([("token", token)]).await.json();
        assert_eq!(active["active"], true);
        assert!(active["scope"].as_str().unwrap().contains("urn:matrix:client:device:B0T"), "{active}");
        app.clock.advance(std::time::Duration::from_secs(301));
        let later = app.synapse().post("/oauth2/introspect").form([("token", token)]).await.json();
        assert_eq!(later["active"], permanent);
        // The administrator's own token has expired as well.
        if !permanent {
            return sessions_without_end(&app, &user, scope).await;
        }
    }
}

async fn sessions_without_end(app: &TestApp, user: &str, scope: &str) {
    let admin = admin(app).await;
    let input = json!({ "userId": user, "scope": scope, "permanent": true });
    let given = call(&admin, "createOauth2Session", input, "accessToken refreshToken").await;
    assert_eq!(given["refreshToken"], Value::Null);
    app.clock.advance(std::time::Duration::from_secs(365 * 24 * 3600));
    let token = given["accessToken"].as_str().unwrap();
    let later = app.synapse().post("/oauth2/introspect").form([("token", token)]).await.json();
    assert_eq!(later["active"], true);
}
