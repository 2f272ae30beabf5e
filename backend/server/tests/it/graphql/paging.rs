//! Connections.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::TestApp;

use super::{app_of, person};

const APPS: &str = "query Q($first: Int, $last: Int, $after: String, $before: String) { viewer { ... on User { \
  appSessions(first: $first, last: $last, after: $after, before: $before) { totalCount \
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ... on Oauth2Session { deviceId } } } } } } }";

fn devices(page: &Value) -> Vec<&str> {
    let edges = page["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"]["deviceId"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn lists_ascend_from_either_end() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    for device in ["DEV0000001", "DEV0000002", "DEV0000003", "DEV0000004"] {
        app.clock.advance(Duration::from_secs(1));
        app_of(&app, &mut browser, device).await;
    }
    let mut page =
        async |variables: Value| browser.ask(APPS, variables).await["viewer"]["appSessions"].take();
    let first = page(json!({ "first": 3 })).await;
    assert_eq!(devices(&first), ["DEV0000001", "DEV0000002", "DEV0000003"]);
    assert_eq!(first["totalCount"], 4);
    assert_eq!(
        (&first["pageInfo"]["hasNextPage"], &first["pageInfo"]["hasPreviousPage"]),
        (&json!(true), &json!(false))
    );
    let rest = page(json!({ "first": 3, "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!((devices(&rest), &rest["pageInfo"]["hasNextPage"]), (vec!["DEV0000004"], &json!(false)));
    let last = page(json!({ "last": 2 })).await;
    assert_eq!(
        (devices(&last), &last["pageInfo"]["hasPreviousPage"]),
        (vec!["DEV0000003", "DEV0000004"], &json!(true))
    );
    let before = page(json!({ "last": 2, "before": last["pageInfo"]["startCursor"] })).await;
    assert_eq!(
        (devices(&before), &before["pageInfo"]["hasPreviousPage"]),
        (vec!["DEV0000001", "DEV0000002"], &json!(false))
    );
    let between =
        json!({ "first": 9, "after": first["edges"][0]["cursor"], "before": last["edges"][1]["cursor"] });
    assert_eq!(devices(&page(between).await), ["DEV0000002", "DEV0000003"]);
    let both = page(json!({ "first": 1, "last": 2 })).await;
    assert_eq!(devices(&both), ["DEV0000001"], "first wins");
    let none = page(json!({ "first": 0 })).await;
    assert_eq!((devices(&none), &none["totalCount"]), (vec![], &json!(4)));
}

#[tokio::test]
async fn cursors_are_what_mas_gives() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app_of(&app, &mut browser, "DEV0000001").await;
    let page = browser.ask(APPS, json!({ "first": 1 })).await["viewer"]["appSessions"].take();
    let cursor = page["edges"][0]["cursor"].as_str().unwrap();
    let inside: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).unwrap()).unwrap();
    assert_eq!(inside[0], "OAuth2Session");
    assert_eq!(inside[1].as_str().unwrap().len(), 26);
    for (cursor, code) in [
        ("x", "INVALID_CURSOR"),
        ("", "INVALID_CURSOR"),
        (&*URL_SAFE_NO_PAD.encode(r#"["BrowserSession","01K2C31V80V37E3S3E28JT97KB"]"#), "INVALID_CURSOR"),
        (&*URL_SAFE_NO_PAD.encode(r#"["OAuth2Session","nonsense"]"#), "INVALID_CURSOR"),
    ] {
        let answer = browser.graphql(APPS, json!({ "first": 1, "after": cursor })).await;
        assert_eq!(answer.fault(), (code.into(), "invalid cursor".into()), "{cursor}");
    }
    for (page, message) in [
        (json!({}), "Either 'first' or 'last' must be specified"),
        (json!({ "first": -1 }), "a page cannot have a negative size"),
        (json!({ "last": 101 }), "at most 100 can be asked for at once"),
    ] {
        assert_eq!(browser.graphql(APPS, page).await.fault(), ("INVALID_PAGE".into(), message.into()));
    }
}
