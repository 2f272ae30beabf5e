//! The account itself: its name for others, its end, its language.

use serde_json::{Value, json};
use testkit::{Mood, PASSWORD, TestApp};

use super::{app_of, call, person, try_call};

#[tokio::test]
async fn the_homeserver_keeps_the_display_name() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    let set = |name: Value| json!({ "userId": user, "displayName": name });
    for bad in ["", "  ", &"ä".repeat(129)] {
        let answer = call(&mut browser, "setDisplayName", set(json!(bad)), "status").await;
        assert_eq!(answer["status"], "INVALID", "{bad}");
    }
    let fields = "status user { matrix { mxid displayName deactivated } }";
    let answer = call(&mut browser, "setDisplayName", set(json!("Alice Liddell")), fields).await;
    let matrix =
        json!({ "mxid": "@alice:example.com", "displayName": "Alice Liddell", "deactivated": false });
    assert_eq!(answer, json!({ "status": "SET", "user": { "matrix": matrix } }));
    let answer = call(&mut browser, "setDisplayName", set(Value::Null), fields).await;
    assert_eq!(answer["user"]["matrix"]["displayName"], Value::Null);
    app.homeserver.feels(Mood::Failing);
    let failed = try_call(&mut browser, "setDisplayName", set(json!("x")), "status").await;
    assert_eq!(failed.fault().0, "HOMESERVER_UNAVAILABLE");
    let failed = browser.graphql("{ viewer { ... on User { username matrix { mxid } } } }", json!({})).await;
    assert_eq!(failed.fault().0, "HOMESERVER_UNAVAILABLE");
    app.homeserver.feels(Mood::Well);
}

#[tokio::test]
async fn operators_decide_what_people_may_do() {
    let app = TestApp::with(|settings| {
        settings.site.displayname_change_allowed = false;
        settings.site.account_deactivation_allowed = false;
    })
    .await;
    let (user, mut browser) = person(&app, "alice").await;
    let name = json!({ "userId": user, "displayName": "x" });
    assert_eq!(try_call(&mut browser, "setDisplayName", name, "status").await.fault().0, "DISABLED");
    let end = json!({ "hsErase": false, "password": PASSWORD });
    assert_eq!(try_call(&mut browser, "deactivateUser", end, "status").await.fault().0, "DISABLED");
}

#[tokio::test]
async fn an_account_is_closed_by_who_knows_its_password() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (client, tokens) = app_of(&app, &mut browser, "DEV1CE0001").await;
    for password in [Value::Null, json!("wrong")] {
        let input = json!({ "hsErase": true, "password": password });
        assert_eq!(
            call(&mut browser, "deactivateUser", input, "status").await["status"],
            "INCORRECT_PASSWORD"
        );
    }
    let input = json!({ "hsErase": true, "password": PASSWORD });
    let answer = call(&mut browser, "deactivateUser", input, "status user { username }").await;
    assert_eq!(answer, json!({ "status": "DEACTIVATED", "user": { "username": "alice" } }));
    assert_eq!(client.userinfo(&tokens).await.status, 401);
    app.run_jobs().await;
    assert!(app.homeserver.user("alice").unwrap().deactivated);
    assert_eq!(
        browser.ask("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"],
        "Anonymous"
    );
}

#[tokio::test]
async fn a_cross_signing_reset_is_allowed_and_written_down() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    app.homeserver.calls();
    let input = json!({ "userId": user });
    let allowed = call(&mut browser, "allowUserCrossSigningReset", input.clone(), "user { username }").await;
    assert_eq!(allowed, json!({ "user": { "username": "alice" } }));
    assert_eq!(app.homeserver.called(), ["allow_cross_signing_reset"]);
    app.homeserver.feels(Mood::Failing);
    let failed = try_call(&mut browser, "allowUserCrossSigningReset", input, "user { id }").await;
    assert_eq!(failed.fault().0, "HOMESERVER_UNAVAILABLE");
    let events = app.database.texts("SELECT kind FROM audit_events WHERE kind LIKE 'cross_signing%'").await;
    assert_eq!(events.len(), 1);
}

#[tokio::test]
async fn a_language_is_chosen_for_browser_and_account() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let chosen = async |browser: &mut testkit::Browser, language: Value| {
        call(browser, "setLanguage", json!({ "language": language }), "status").await["status"].take()
    };
    assert_eq!(chosen(&mut browser, json!("tlh")).await, "UNKNOWN_LANGUAGE");
    assert!(!browser.cookies.contains_key("language"));
    assert_eq!(chosen(&mut browser, json!("en")).await, "SET");
    assert!(browser.cookies.contains_key("language"));
    assert_eq!(app.database.texts("SELECT language FROM users").await, ["en"]);
    assert_eq!(chosen(&mut browser, Value::Null).await, "SET");
    assert_eq!(app.database.texts("SELECT username FROM users WHERE language IS NULL").await, ["alice"]);
    let mut stranger = app.browser();
    assert_eq!(chosen(&mut stranger, json!("en")).await, "SET");
    assert!(stranger.cookies.contains_key("language"));
}
