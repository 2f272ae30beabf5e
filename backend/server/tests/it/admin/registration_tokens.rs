//! Registration tokens.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{BASE, app, attributes, failed, failure, get, ids, post};

const PATH: &str = "/user-registration-tokens";

#[tokio::test]
async fn a_token_is_made_changed_and_revoked() {
    let (app, admin) = app().await;
    let body = json!({ "token": "come in", "usage_limit": 5, "expires_at": "2100-01-01T00:00:00Z" });
    let made = post(&admin, PATH, body.clone()).await;
    assert_snapshot!(made, @r#"201 {"data":{"type":"user-registration_token","id":"01KYYK41G0FKEQPKTCVFRR4QMK","attributes":{"token":"come in","valid":true,"usage_limit":5,"times_used":0,"created_at":"2026-08-01T12:00:00Z","last_used_at":null,"expires_at":"2100-01-01T00:00:00Z","revoked_at":null},"links":{"self":"/api/admin/v1/user-registration-tokens/01KYYK41G0FKEQPKTCVFRR4QMK"}},"links":{"self":"/api/admin/v1/user-registration-tokens/01KYYK41G0FKEQPKTCVFRR4QMK"}}"#);
    assert_eq!(failure(&post(&admin, PATH, body).await), failed(409, "token_taken"));
    let path = format!("{PATH}/{}", made.json()["data"]["id"].as_str().unwrap());
    let put = async |body: Value| {
        let request = admin.request(http::Method::PUT, &format!("{BASE}{path}"));
        attributes(&request.json(&body).await)
    };
    let unchanged = put(json!({})).await;
    assert_eq!(unchanged, attributes(&made));
    let unlimited = put(json!({ "usage_limit": null })).await;
    assert_eq!(
        (&unlimited["usage_limit"], &unlimited["expires_at"]),
        (&Value::Null, &json!("2100-01-01T00:00:00Z"))
    );
    let none_left = put(json!({ "usage_limit": 0, "expires_at": null })).await;
    assert_eq!((&none_left["valid"], &none_left["expires_at"]), (&json!(false), &Value::Null));
    put(json!({ "usage_limit": 4294967295u32 })).await;
    let expired = put(json!({ "expires_at": "2000-01-01T00:00:00+02:00" })).await;
    assert_eq!((&expired["valid"], &expired["expires_at"]), (&json!(false), &json!("1999-12-31T22:00:00Z")));
    put(json!({ "expires_at": null })).await;

    for (action, valid, code) in [("revoke", false, "token_revoked"), ("unrevoke", true, "token_not_revoked")]
    {
        let action = format!("{path}/{action}");
        let done = post(&admin, &action, Value::Null).await.ok();
        assert_eq!(attributes(&done)["valid"], valid);
        assert_eq!(done.json()["links"]["self"], format!("{BASE}{action}"));
        assert_eq!(failure(&post(&admin, &action, Value::Null).await), failed(400, code));
    }
    drop(app);
}

#[tokio::test]
async fn tokens_are_found_by_what_they_are_good_for() {
    let (app, admin) = app().await;
    let make = async |body: Value| {
        let made = post(&admin, PATH, body).await.ok();
        made.json()["data"]["id"].as_str().unwrap().to_owned()
    };
    let good = make(json!({})).await;
    app.clock.advance(Duration::from_millis(1));
    let expired = make(json!({ "expires_at": "2000-01-01T00:00:00Z" })).await;
    app.clock.advance(Duration::from_millis(1));
    let used_up = make(json!({ "usage_limit": 0 })).await;
    app.clock.advance(Duration::from_millis(1));
    let revoked = make(json!({})).await;
    post(&admin, &format!("{PATH}/{revoked}/revoke"), Value::Null).await.ok();
    for (query, expected) in [
        ("", vec![&good, &expired, &used_up, &revoked]),
        ("filter[valid]=true", vec![&good]),
        ("filter[valid]=false", vec![&expired, &used_up, &revoked]),
        ("filter[expired]=true", vec![&expired]),
        ("filter[expired]=false", vec![&good, &used_up, &revoked]),
        ("filter[revoked]=true", vec![&revoked]),
        ("filter[used]=true", vec![]),
        ("filter[used]=false&filter[revoked]=false", vec![&good, &expired, &used_up]),
    ] {
        let page = get(&admin, &format!("{PATH}?{query}")).await;
        assert_eq!(ids(&page).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let made_up = attributes(&get(&admin, &format!("{PATH}/{good}")).await);
    assert_eq!(made_up["token"].as_str().unwrap().len(), 12);
    let unknown = format!("{PATH}/01KE34VF00M9S346Q3D25VT4F5");
    assert_eq!(failure(&get(&admin, &unknown).await), failed(404, "not_found"));
}
