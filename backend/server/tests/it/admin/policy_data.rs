//! What the policy is told at run time.

use serde_json::json;
use testkit::ClientKind::Basic;

use super::{BASE, app, attributes, failed, failure, get, post, script};

#[tokio::test]
async fn a_version_is_in_force_at_once() {
    let (app, admin) = app().await;
    assert_eq!(failure(&get(&admin, "/policy-data/latest").await), failed(404, "not_found"));
    let first = post(&admin, "/policy-data", json!({ "data": { "requester": { "banned_ips": [] } } })).await;
    assert_eq!(first.status.as_u16(), 201);
    // Nobody whose address is banned gets a token.
    let data = json!({ "requester": { "banned_ips": ["127.0.0.0/8"] } });
    let second = post(&admin, "/policy-data", json!({ "data": data })).await.ok();
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin")];
    assert_eq!(app.configured(Basic).token(form).await.status.as_u16(), 403);
    let latest = get(&admin, "/policy-data/latest").await;
    assert_eq!(latest.json()["data"], second.json()["data"]);
    let id = first.json()["data"]["id"].as_str().unwrap().to_owned();
    let by_id = get(&admin, &format!("/policy-data/{id}")).await;
    assert_eq!(attributes(&by_id), attributes(&first), "that version, not the newest");
    assert_eq!(by_id.json()["links"]["self"], format!("{BASE}/policy-data/{id}"));
    let unknown = get(&admin, "/policy-data/01KE34VF00M9S346Q3D25VT4F5").await;
    assert_eq!(failure(&unknown), failed(404, "not_found"));
}

#[tokio::test]
async fn a_restarted_service_takes_the_newest_version_over() {
    let (mut app, admin) = app().await;
    post(&admin, "/policy-data", json!({ "data": { "requester": { "banned_ips": ["127.0.0.0/8"] } } }))
        .await
        .ok();
    app.restart(|_| {}).await;
    app.parts().policy.reload(&app.parts().db).await.unwrap();
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin")];
    assert_eq!(app.configured(Basic).token(form).await.status.as_u16(), 403);
}

#[tokio::test]
async fn what_the_policy_cannot_work_with_is_refused() {
    let (app, admin) = app().await;
    for data in [
        json!(null),
        json!([]),
        json!({ "admin_clients": "x" }),
        json!({ "requester": { "banned_ips": ["x"] } }),
    ] {
        let answer = post(&admin, "/policy-data", json!({ "data": data })).await;
        assert_eq!(failure(&answer), failed(400, "invalid_policy_data"), "{data}");
        assert!(answer.json()["errors"].as_array().unwrap().len() >= 2);
    }
    assert_eq!(failure(&post(&admin, "/policy-data", json!({})).await), failed(422, "invalid_body"));
    script(&app, "urn:mas:admin").await;
    assert_eq!(failure(&get(&admin, "/policy-data/latest").await), failed(404, "not_found"));
}
