//! What administrators do here; the REST API is the better way.

use serde_json::{Value, json};
use store::Engine;
use testkit::{Caller, Credentials, engine};

use super::{admin, app_of, person, tick, with_tokens};
use crate::compat::{by_password, log_in};

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
async fn an_account_is_not_opened_without_a_trace() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, _) = person(&app, "alice").await;
    call(&admin, "lockUser", json!({ "userId": user, "deactivate": true }), "status").await;
    app.run_jobs().await;
    let spoilt: &[&str] = match engine() {
        Engine::Sqlite => {
            &["CREATE TRIGGER spoilt BEFORE INSERT ON audit_events WHEN new.kind = 'administered' \
            BEGIN SELECT RAISE(ABORT, 'spoilt'); END"]
        }
        Engine::Postgres => &[
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'spoilt'; END $$",
            "CREATE TRIGGER spoilt BEFORE INSERT ON audit_events FOR EACH ROW WHEN (NEW.kind = 'administered') \
              EXECUTE FUNCTION spoil()",
        ],
    };
    for statement in spoilt {
        app.database.execute(statement).await;
    }
    let failed =
        admin.graphql(&super::mutation("unlockUser", "status"), json!({ "input": { "userId": user } }));
    assert_eq!(failed.await.json()["errors"][0]["extensions"]["code"], "INTERNAL");
    let shut = "SELECT username FROM users WHERE deactivated_at IS NOT NULL AND locked_at IS NOT NULL";
    assert_eq!(app.database.texts(shut).await, ["alice"]);
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
    let (user, _) = person(&app, "alice").await;
    let fields = "accessToken refreshToken oauth2Session { scope state user { username } }";
    for (permanent, device) in [(false, "B0T"), (true, "B0T2")] {
        // The administrator's own token lives for five minutes, too.
        let admin = admin(&app).await;
        let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:{device} urn:mas:graphql:*");
        let input = json!({ "userId": user, "scope": scope, "permanent": permanent });
        let given = call(&admin, "createOauth2Session", input, fields).await;
        assert_eq!(given["refreshToken"].is_null(), permanent);
        let mut parts: Vec<_> = scope.split(' ').collect();
        parts.sort_unstable();
        let session = json!({ "scope": parts.join(" "), "state": "ACTIVE", "user": { "username": "alice" } });
        assert_eq!(given["oauth2Session"], session);
        let token = given["accessToken"].as_str().unwrap();
        let who = app
            .caller(Credentials::Bearer(token.into()))
            .graphql("{ viewer { ... on User { username } } }", json!({}));
        assert_eq!(who.await.data()["viewer"]["username"], "alice");
        assert!(app.homeserver.user("alice").unwrap().devices.contains_key(device));
        let introspect = || app.synapse().post("/oauth2/introspect").form([("token", token)]);
        let active = introspect().await.json();
        assert_eq!((&active["active"], &active["username"]), (&json!(true), &json!("alice")));
        assert!(active["scope"].as_str().unwrap().contains(&format!("urn:matrix:client:device:{device} ")));
        app.clock.advance(std::time::Duration::from_secs(301));
        assert_eq!(introspect().await.json()["active"], permanent);
        app.clock.advance(std::time::Duration::from_secs(365 * 24 * 3600));
        assert_eq!(introspect().await.json()["active"], permanent, "without end");
    }
}

#[tokio::test]
async fn whatever_administrators_change_is_written_down() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, mut browser) = person(&app, "alice").await;
    app_of(&app, &mut browser, "DEV1CE0001").await;
    log_in(&app, by_password("alice")).await;
    let sessions = "query Q($id: ID!) { user(id: $id) { oauth2Sessions(first: 1) { nodes { id } } \
      compatSessions(first: 1) { nodes { id } } browserSessions(first: 1) { nodes { id } } } }";
    let sessions = admin.graphql(sessions, json!({ "id": user })).await.data()["user"].take();
    let session = |kind: &str| sessions[kind]["nodes"][0]["id"].clone();
    let (oauth, compat) = (session("oauth2Sessions"), session("compatSessions"));
    let email = json!({ "userId": user, "email": "alice@example.com", "skipPolicyCheck": true });
    let added = call(&admin, "addEmail", email.clone(), "status email { id }").await;
    call(&admin, "addEmail", email, "status").await;
    let password = "another password that nobody guesses";
    let scope = "urn:mas:graphql:*";
    for (name, input) in [
        ("addUser", json!({ "username": "carol", "skipHomeserverCheck": true })),
        ("lockUser", json!({ "userId": user })),
        ("unlockUser", json!({ "userId": user })),
        ("setCanRequestAdmin", json!({ "userId": user, "canRequestAdmin": true })),
        ("setPassword", json!({ "userId": user, "newPassword": password })),
        ("createOauth2Session", json!({ "userId": user, "scope": scope })),
        ("removeEmail", json!({ "userEmailId": added["email"]["id"] })),
        ("setDisplayName", json!({ "userId": user, "displayName": "Alice" })),
        ("allowUserCrossSigningReset", json!({ "userId": user })),
        ("setOauth2SessionName", json!({ "oauth2SessionId": oauth, "humanName": "Laptop" })),
        ("setCompatSessionName", json!({ "compatSessionId": compat, "humanName": "Phone" })),
        ("endOauth2Session", json!({ "oauth2SessionId": oauth })),
        ("endCompatSession", json!({ "compatSessionId": compat })),
        ("endBrowserSession", json!({ "browserSessionId": session("browserSessions") })),
        ("setPassword", json!({ "userId": user, "newPassword": password, "endOtherSessions": true })),
    ] {
        tick(&app);
        call(&admin, name, input, "__typename").await;
    }
    app.run_jobs().await;
    let told = |what: &str| {
        let select =
            format!("SELECT {what} FROM audit_events WHERE kind = 'administered' ORDER BY created_at, id");
        let app = &app;
        async move { app.database.texts(&select).await }
    };
    let operations = [
        "addEmail",
        "addUser",
        "lockUser",
        "unlockUser",
        "setCanRequestAdmin",
        "setPassword",
        "createOauth2Session",
        "removeEmail",
        "setDisplayName",
        "allowUserCrossSigningReset",
        "setOauth2SessionName",
        "setCompatSessionName",
        "endOauth2Session",
        "endCompatSession",
        "endBrowserSession",
        "setPassword",
        "setPassword",
    ];
    assert_eq!(
        told("data ->> 'operation'").await,
        operations,
        "an address that was there already is no change"
    );
    let sessions = told("data ->> 'by_session'").await;
    assert!(
        sessions.iter().all(|session| *session == sessions[0]) && sessions[0].len() == 26,
        "{sessions:?}"
    );
    let data = told("CAST(data AS text)").await;
    let read = |at: usize| serde_json::from_str::<Value>(&data[at]).unwrap();
    assert_eq!((&read(0)["before"], &read(0)["after"]["email"]), (&Value::Null, &json!("alice@example.com")));
    assert_eq!((&read(1)["before"], &read(1)["after"]["username"]), (&Value::Null, &json!("carol")));
    assert!(read(2)["before"]["locked_at"].is_null() && read(2)["after"]["locked_at"].is_string());
    assert!(read(3)["before"]["locked_at"].is_string() && read(3)["after"]["locked_at"].is_null());
    assert_eq!((&read(4)["before"]["admin"], &read(4)["after"]["admin"]), (&json!(false), &json!(true)));
    assert_eq!(read(6)["after"]["scope"], scope);
    assert_eq!((&read(7)["before"]["email"], &read(7)["after"]), (&json!("alice@example.com"), &Value::Null));
    assert!(!data.concat().contains(password));
    assert_eq!(read(10)["after"]["human_name"], "Laptop");
    assert!(read(12)["before"]["finished_at"].is_null() && read(12)["after"]["finished_at"].is_string());
    let counts = json!({ "browser_sessions": 0, "app_sessions": 1 });
    assert!((15..17).any(|at| read(at)["after"] == counts), "of the app that was let in above: {data:?}");
    let reasons =
        "SELECT DISTINCT data ->> 'reason' FROM audit_events WHERE kind IN ('session_ended', 'signed_out')";
    assert_eq!(app.database.texts(reasons).await, ["by_admin"]);

    // All others are for people themselves only, whatever token somebody has; or change nothing.
    const OWN: [&str; 11] = [
        "startEmailAuthentication",
        "resendEmailAuthenticationCode",
        "completeEmailAuthentication",
        "setPrimaryEmail",
        "setPasswordByRecovery",
        "resendRecoveryEmail",
        "deactivateUser",
        "setLanguage",
        "endOtherSessions",
        "createPersonalSession",
        "revokePersonalSession",
    ];
    let sdl = graphql::sdl();
    let (_, mutations) = sdl.split_once("\ntype Mutation {").unwrap();
    let (mutations, _) = mutations.split_once("\n}").unwrap();
    let mutations = mutations.lines().filter_map(|line| line.strip_prefix('\t')?.split_once('('));
    let known = |name: &&str| operations.contains(name) || OWN.contains(name);
    let unknown: Vec<_> =
        mutations.map(|(name, _)| name).filter(|name| !known(name) && is_name(name)).collect();
    assert!(unknown.is_empty(), "does it leave a trace? {unknown:?}");
}

fn is_name(text: &str) -> bool {
    text.chars().all(char::is_alphanumeric)
}
