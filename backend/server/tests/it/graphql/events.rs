//! Security activity, and when things were last used.

use serde_json::{Value, json};
use testkit::{PASSWORD, TestApp};

use super::{admin, app_of, call, person, with_tokens};
use crate::pages::signed_in;

const EVENTS: &str = "query Q($kinds: [SecurityEventKind!]) { viewer { ... on User { securityEvents(first: 50, kinds: $kinds) { \
  totalCount nodes { kind ip clientName detail byAdministrator fromThisBrowser userAgent { raw } } } } } }";

#[tokio::test]
async fn people_see_what_happened_to_their_account() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    app_of(&app, &mut browser, "DEV1CE0001").await;
    let mut other = signed_in(&app, "alice").await;
    super::tick(&app);
    let input = json!({ "userId": user, "currentPassword": PASSWORD, "newPassword": "entirely new and rather strong" });
    call(&mut other, "setPassword", input, "status").await;
    let events = browser.ask(EVENTS, json!({})).await["viewer"]["securityEvents"].take();
    let nodes = events["nodes"].as_array().unwrap();
    let kinds: Vec<_> = nodes.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["PASSWORD_CHANGED", "SIGNED_IN", "SESSION_STARTED", "CONSENT_GIVEN", "SIGNED_IN", "ACCOUNT_CREATED"]
    );
    assert_eq!(events["totalCount"], 6);
    assert_eq!(nodes[2]["clientName"], "App");
    let from_here: Vec<_> = nodes.iter().map(|event| event["fromThisBrowser"].as_bool().unwrap()).collect();
    assert_eq!(from_here[..2], [false, false], "another browser did these");
    assert_eq!(from_here[3..5], [true, true]);
    let only =
        browser.ask(EVENTS, json!({ "kinds": ["SIGNED_IN"] })).await["viewer"]["securityEvents"].take();
    assert_eq!(only["totalCount"], 2);
    let none = browser.ask(EVENTS, json!({ "kinds": [] })).await["viewer"]["securityEvents"].take();
    assert_eq!(none["totalCount"], 0);
}

#[tokio::test]
async fn where_administrators_sit_is_not_told() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, mut browser) = person(&app, "alice").await;
    let query = super::mutation("addEmail", "status");
    admin.graphql(&query, json!({ "input": { "userId": user, "email": "a@example.com" } })).await.data();
    app.run_jobs().await;
    let events =
        browser.ask(EVENTS, json!({ "kinds": ["EMAIL_ADDED"] })).await["viewer"]["securityEvents"].take();
    assert_eq!(
        events["nodes"][0],
        json!({
            "kind": "EMAIL_ADDED", "ip": null, "clientName": null, "detail": "a@example.com", "byAdministrator": true,
            "fromThisBrowser": false, "userAgent": null,
        })
    );
}

#[tokio::test]
async fn using_the_api_is_activity() {
    let app = with_tokens().await;
    let (_, mut browser) = person(&app, "alice").await;
    let caller = super::token(&app, "alice", "openid urn:mas:graphql:*").await;
    app.write_activity().await;
    app.clock.advance(std::time::Duration::from_secs(120));
    browser.address = Some("203.0.113.7".into());
    browser.ask("{ viewer { __typename } }", json!({})).await;
    caller
        .graphql("{ viewer { __typename } }", json!({}))
        .header("x-forwarded-for", "203.0.113.8")
        .await
        .data();
    assert_eq!(app.write_activity().await, 2);
    let query = "{ viewer { ... on User { browserSessions(last: 1) { nodes { lastActiveIp lastActiveAt } } \
                 oauth2Sessions(last: 1) { nodes { lastActiveIp } } } } }";
    let data = browser.ask(query, json!({})).await;
    assert_eq!(data["viewer"]["oauth2Sessions"]["nodes"][0]["lastActiveIp"], "203.0.113.8");
    let addresses: Vec<Value> = data["viewer"]["browserSessions"]["nodes"].as_array().unwrap().clone();
    assert!(addresses[0]["lastActiveAt"].as_str().unwrap().ends_with("+00:00"), "{addresses:?}");
    let seen = app
        .database
        .texts("SELECT last_active_ip FROM browser_sessions WHERE last_active_ip = '203.0.113.7'")
        .await;
    assert_eq!(seen.len(), 1);
}

#[tokio::test]
async fn time_bounds_are_on_activity() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let query = "query Q($bounds: DateFilter) { viewer { ... on User { browserSessions(first: 5, lastActive: $bounds) { totalCount } } } }";
    let mut count = async |bounds: Value| {
        let data = browser.ask(query, json!({ "bounds": bounds })).await;
        data["viewer"]["browserSessions"]["totalCount"].as_i64().unwrap()
    };
    assert_eq!(count(json!({ "after": "2000-01-01T00:00:00Z" })).await, 1);
    assert_eq!(count(json!({ "before": "2000-01-01T00:00:00Z" })).await, 0);
    assert_eq!(count(json!({})).await, 1);
}
