//! What is signed in: lists, signing out, names.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Browser, TestApp};

use super::{admin, app_of, call, person, try_call, with_tokens};
use crate::pages::signed_in;

const SIGN_INS: &str = "query Q($search: String, $kinds: [SignInKind!], $state: SessionState, $first: Int, $after: String, \
  $last: Int, $before: String) { viewer { ... on User { signIns(search: $search, kinds: $kinds, state: $state, first: $first, \
  after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } \
  nodes { __typename id deviceKey state ... on Oauth2Session { deviceId client { clientName } } \
    ... on BrowserSession { isCurrent } } } } } }";

async fn sign_ins(browser: &mut Browser, variables: Value) -> Value {
    browser.ask(SIGN_INS, variables).await["viewer"]["signIns"].take()
}

/// What is in the list, in a few words.
fn names(list: &Value) -> Vec<String> {
    let name = |node: &Value| match node["__typename"].as_str().unwrap() {
        "Oauth2Session" => node["deviceId"].as_str().unwrap().to_owned(),
        other => other.to_owned(),
    };
    list["nodes"].as_array().unwrap().iter().map(name).collect()
}

/// Two browsers, the first with two apps and the second with one.
async fn household(app: &TestApp) -> (String, Browser, Browser) {
    let (user, mut first) = person(app, "alice").await;
    app.clock.advance(Duration::from_secs(1));
    app_of(app, &mut first, "FIRST00001").await;
    app.clock.advance(Duration::from_secs(1));
    let mut second = signed_in(app, "alice").await;
    app.clock.advance(Duration::from_secs(1));
    app_of(app, &mut second, "SECOND0001").await;
    app.clock.advance(Duration::from_secs(1));
    app_of(app, &mut first, "FIRST00002").await;
    (user, first, second)
}

#[tokio::test]
async fn sign_ins_come_by_device_the_newest_first() {
    let app = TestApp::new().await;
    let (_, mut browser, _) = household(&app).await;
    let all = sign_ins(&mut browser, json!({ "first": 10 })).await;
    assert_eq!(names(&all), ["BrowserSession", "SECOND0001", "BrowserSession", "FIRST00002", "FIRST00001"]);
    assert_eq!(all["totalCount"], 5);
    let keys: Vec<_> =
        all["nodes"].as_array().unwrap().iter().map(|node| node["deviceKey"].clone()).collect();
    assert_eq!((&keys[0], &keys[2], &keys[2]), (&keys[1], &keys[3], &keys[4]));
    assert_ne!(keys[0], keys[2]);
    assert_eq!((&all["nodes"][0]["isCurrent"], &all["nodes"][2]["isCurrent"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn every_page_size_reads_the_whole_list_both_ways() {
    let app = TestApp::new().await;
    let (_, mut browser, _) = household(&app).await;
    let whole = names(&sign_ins(&mut browser, json!({ "first": 10 })).await);
    for size in 1..=6 {
        let (mut forward, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = sign_ins(&mut browser, json!({ "first": size, "after": after })).await;
            forward.extend(names(&page));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forward, whole, "{size} at a time");
        let (mut backward, mut before) = (Vec::new(), Value::Null);
        loop {
            let page = sign_ins(&mut browser, json!({ "last": size, "before": before })).await;
            backward.splice(0..0, names(&page));
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(backward, whole, "{size} at a time, from the end");
    }
}

#[tokio::test]
async fn sign_ins_are_found_by_words_and_kinds() {
    let app = TestApp::new().await;
    let (_, mut browser, _) = household(&app).await;
    app.write_activity().await;
    for (search, found) in [
        ("second", vec!["SECOND0001"]),
        ("APP first", vec!["FIRST00002", "FIRST00001"]),
        ("app.example.org", vec!["SECOND0001", "FIRST00002", "FIRST00001"]),
        ("127.0.0.1 second", vec!["SECOND0001"]),
        ("100%", vec![]),
        ("_", vec![]),
        ("nothing", vec![]),
    ] {
        let list = sign_ins(&mut browser, json!({ "search": search, "first": 10 })).await;
        assert_eq!(names(&list), found, "{search}");
        assert_eq!(list["totalCount"], found.len(), "{search}");
    }
    let kinds = |kinds: Value| json!({ "kinds": kinds, "first": 10 });
    assert_eq!(names(&sign_ins(&mut browser, kinds(json!(["BROWSER"]))).await).len(), 2);
    assert_eq!(
        names(&sign_ins(&mut browser, kinds(json!(["APP"]))).await),
        ["SECOND0001", "FIRST00002", "FIRST00001"]
    );
    assert_eq!(names(&sign_ins(&mut browser, kinds(json!(["LEGACY_APP"]))).await), Vec::<String>::new());
    assert_eq!(names(&sign_ins(&mut browser, kinds(json!([]))).await), Vec::<String>::new());
    assert_eq!(
        names(&sign_ins(&mut browser, json!({ "state": "FINISHED", "first": 10 })).await),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn an_app_is_signed_out_once() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (client, tokens) = app_of(&app, &mut browser, "DEV1CE0001").await;
    let list = sign_ins(&mut browser, json!({ "first": 10, "kinds": ["APP"] })).await;
    let id = list["nodes"][0]["id"].clone();
    let input = json!({ "oauth2SessionId": id });
    let ended =
        call(&mut browser, "endOauth2Session", input.clone(), "status oauth2Session { id state finishedAt }")
            .await;
    assert_eq!((&ended["status"], &ended["oauth2Session"]["state"]), (&json!("ENDED"), &json!("FINISHED")));
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(client.userinfo(&tokens).await.status, 401, "its tokens are dead at once");
    let again = try_call(&mut browser, "endOauth2Session", input, "status").await;
    assert_eq!(again.fault().0, "CONFLICT");
    let other_kind = json!({ "compatSessionId": id.as_str().unwrap().replace("oauth2", "compat") });
    assert_eq!(call(&mut browser, "endCompatSession", other_kind, "status").await["status"], "NOT_FOUND");
}

#[tokio::test]
async fn legacy_sessions_are_apps_as_well() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    let model = domain::users::by_username(&app.parts().db.read, "alice").await.unwrap().unwrap();
    let op = app.op();
    let asked = domain::sessions::issue::Issue {
        user: &model,
        device: "LEGACY",
        is_new_device: true,
        is_synapse_admin: false,
    };
    let issued =
        domain::sessions::issue::issue(&app.parts().db, &app.parts().homeserver, &op, asked).await.unwrap();
    app.homeserver.calls();
    let id = format!("compat_session:{}", issued.session);
    let query = "query Q($user: ID!, $id: ID!) { session(userId: $user, deviceId: \"LEGACY\") { ... on CompatSession { id } } \
      compatSession(id: $id) { deviceId user { id } ssoLogin { id } browserSession { id } humanName } \
      viewer { ... on User { compatSessions(first: 5, type: UNKNOWN, state: ACTIVE) { nodes { id } } \
        appSessions(last: 5, device: \"LEGACY\") { totalCount nodes { __typename } } \
        signIns(first: 5, kinds: [LEGACY_APP]) { nodes { id } } } } }";
    let data = browser.ask(query, json!({ "user": user, "id": id })).await;
    assert_eq!(
        data,
        json!({
            "session": { "id": id },
            "compatSession": {
                "deviceId": "LEGACY", "user": { "id": user }, "ssoLogin": null, "browserSession": null, "humanName": null,
            },
            "viewer": {
                "compatSessions": { "nodes": [{ "id": id }] },
                "appSessions": { "totalCount": 1, "nodes": [{ "__typename": "CompatSession" }] },
                "signIns": { "nodes": [{ "id": id }] },
            },
        })
    );
    let input = json!({ "compatSessionId": id, "humanName": "  My phone " });
    let named = call(&mut browser, "setCompatSessionName", input, "status oauth2Session { humanName }").await;
    assert_eq!(named, json!({ "status": "UPDATED", "oauth2Session": { "humanName": "My phone" } }));
    assert_eq!(app.homeserver.calls().len(), 1, "the homeserver was told of the name");
    let ended = call(&mut browser, "endCompatSession", json!({ "compatSessionId": id }), "status").await;
    assert_eq!(ended["status"], "ENDED");
    app.run_jobs().await;
}

#[tokio::test]
async fn names_reach_the_homeserver_first() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app_of(&app, &mut browser, "DEV1CE0001").await;
    let list = sign_ins(&mut browser, json!({ "first": 10, "kinds": ["APP"] })).await;
    let name = |name: &str| json!({ "oauth2SessionId": list["nodes"][0]["id"], "humanName": name });
    for bad in ["", "   ", &"x".repeat(257)] {
        let answer = try_call(&mut browser, "setOauth2SessionName", name(bad), "status").await;
        assert_eq!(answer.fault().0, "BAD_INPUT", "{bad}");
    }
    app.homeserver.feels(testkit::Mood::Failing);
    let failed = try_call(&mut browser, "setOauth2SessionName", name("Desk"), "status").await;
    assert_eq!(failed.fault().0, "HOMESERVER_UNAVAILABLE");
    app.homeserver.feels(testkit::Mood::Well);
    let read = "{ viewer { ... on User { oauth2Sessions(first: 1) { nodes { humanName } } } } }";
    let kept = browser.ask(read, json!({})).await;
    assert_eq!(kept["viewer"]["oauth2Sessions"]["nodes"][0]["humanName"], Value::Null, "nothing was kept");
    let named =
        call(&mut browser, "setOauth2SessionName", name("Desk"), "status oauth2Session { humanName }").await;
    assert_eq!(named, json!({ "status": "UPDATED", "oauth2Session": { "humanName": "Desk" } }));
}

#[tokio::test]
async fn ending_ones_own_browser_session_signs_the_browser_out() {
    let app = TestApp::new().await;
    let (_, mut browser, mut other) = household(&app).await;
    let mine = "{ viewerSession { ... on BrowserSession { id } } }";
    let id = browser.ask(mine, json!({})).await["viewerSession"]["id"].clone();
    let cookie = browser.cookies["session"].clone();
    let input = json!({ "browserSessionId": id });
    for _ in 0..2 {
        let ended =
            call(&mut other, "endBrowserSession", input.clone(), "status browserSession { state }").await;
        assert_eq!(ended, json!({ "status": "ENDED", "browserSession": { "state": "FINISHED" } }));
    }
    assert_eq!(browser.cookies["session"], cookie, "only one's own cookie is cleared");
    let who = "{ viewer { __typename ... on User { appSessions(first: 0, state: ACTIVE) { totalCount } } } }";
    assert_eq!(browser.ask(who, json!({})).await["viewer"]["__typename"], "Anonymous");
    assert_eq!(other.ask(who, json!({})).await["viewer"]["appSessions"]["totalCount"], 3, "apps stay");

    let id = other.ask(mine, json!({})).await["viewerSession"]["id"].clone();
    let cookie = other.cookies["session"].clone();
    call(&mut other, "endBrowserSession", json!({ "browserSessionId": id }), "status").await;
    assert_ne!(other.cookies["session"], cookie);
    assert_eq!(other.ask(who, json!({})).await["viewer"]["__typename"], "Anonymous");
}

#[tokio::test]
async fn everything_else_is_signed_out_at_once() {
    let app = TestApp::new().await;
    let (user, mut browser, mut other) = household(&app).await;
    let count = "{ viewer { __typename ... on User { all: otherSignIns(keepAppsOfThisBrowser: false) { browserSessions appSessions } \
                 elsewhere: otherSignIns { browserSessions appSessions } } } }";
    let counts = browser.ask(count, json!({})).await;
    assert_eq!(counts["viewer"]["all"], json!({ "browserSessions": 1, "appSessions": 3 }));
    assert_eq!(counts["viewer"]["elsewhere"], json!({ "browserSessions": 1, "appSessions": 1 }));
    let fields = "ended { browserSessions appSessions } user { id }";
    let ended = call(&mut browser, "endOtherSessions", json!({}), fields).await;
    assert_eq!(ended, json!({ "ended": { "browserSessions": 1, "appSessions": 1 }, "user": { "id": user } }));
    app.run_jobs().await;
    assert_eq!(other.ask(count, json!({})).await["viewer"]["__typename"], "Anonymous");
    let left = sign_ins(&mut browser, json!({ "first": 10, "state": "ACTIVE" })).await;
    assert_eq!(names(&left), ["BrowserSession", "FIRST00002", "FIRST00001"]);
    let input = json!({ "keepAppsOfThisBrowser": false });
    let ended = call(&mut browser, "endOtherSessions", input, "ended { browserSessions appSessions }").await;
    assert_eq!(ended["ended"], json!({ "browserSessions": 0, "appSessions": 2 }));
    app.run_jobs().await;
    assert_eq!(
        names(&sign_ins(&mut browser, json!({ "first": 10, "state": "ACTIVE" })).await),
        ["BrowserSession"]
    );
}

#[tokio::test]
async fn an_app_that_ends_the_others_stays_itself() {
    let app = with_tokens().await;
    let (_, mut browser, _) = household(&app).await;
    let caller = super::token(&app, "alice", "openid urn:mas:graphql:*").await;
    let query = super::mutation("endOtherSessions", "ended { browserSessions appSessions }");
    let ended = caller.graphql(&query, json!({ "input": {} })).await.data();
    assert_eq!(ended["endOtherSessions"]["ended"], json!({ "browserSessions": 3, "appSessions": 3 }));
    app.run_jobs().await;
    assert_eq!(
        browser.ask("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"],
        "Anonymous"
    );
    let still = caller.graphql("{ viewer { __typename } }", json!({})).await;
    assert_eq!(still.data()["viewer"]["__typename"], "User");
}

#[tokio::test]
async fn administrators_sign_out_anybody() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (_, mut browser) = person(&app, "alice").await;
    let mine = "{ viewerSession { ... on BrowserSession { id } } }";
    let id = browser.ask(mine, json!({})).await["viewerSession"]["id"].clone();
    let query = super::mutation("endBrowserSession", "status");
    let ended = admin.graphql(&query, json!({ "input": { "browserSessionId": id } })).await.data();
    assert_eq!(ended["endBrowserSession"]["status"], "ENDED");
    assert_eq!(
        browser.ask("{ viewer { __typename } }", json!({})).await["viewer"]["__typename"],
        "Anonymous"
    );
    let reasons =
        app.database.texts("SELECT data ->> 'reason' FROM audit_events WHERE kind = 'signed_out'").await;
    assert_eq!(reasons, ["by_admin"]);
}
