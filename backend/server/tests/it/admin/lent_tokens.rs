//! Tokens that administrators have made to act as somebody: whose doing it is, what is done with them.

use serde_json::{Value, json};
use testkit::{ClientKind::Public, PASSWORD};

use super::{
    app, get, ids,
    personal_sessions::{bearer, token},
    post,
};
use crate::pages::signed_in;

const EVENTS: &str = "{ viewer { ... on User { securityEvents(first: 50, kinds: [PERSONAL_TOKEN_CREATED, \
  PERSONAL_TOKEN_REGENERATED, ACCOUNT_LOCKED, ACCOUNT_UNLOCKED]) { nodes { kind ip byAdministrator } } } } }";

#[tokio::test]
async fn what_is_done_with_somebody_elses_token_is_its_owners_doing() {
    let (app, script) = app().await;
    let boss = app.administrator("boss").await;
    let dora = app.user_with_password("dora", PASSWORD).await;
    post(&script, &format!("/users/{dora}/set-admin"), json!({ "admin": true })).await.ok();
    let client = app.client(Public).await;
    let code = app.authorization(&client).with("scope", "urn:mas:admin").agreed_by(boss).await;
    let by_boss = bearer(&app, client.exchange(&code).await.tokens().access_token);
    let body = json!({ "actor_user_id": dora, "human_name": "lent", "scope": "urn:mas:admin" });
    for maker in [&by_boss, &script] {
        let lent = post(maker, "/personal-sessions", body.clone()).await.ok();
        let holder = bearer(&app, token(&lent));
        post(&holder, "/personal-sessions", body.clone()).await.ok();
        post(&holder, &format!("/users/{dora}/unlock"), Value::Null).await.ok();
        let path = format!("/personal-sessions/{}/regenerate", lent.json()["data"]["id"].as_str().unwrap());
        post(&holder, &path, json!({})).await.ok();
    }
    app.run_jobs().await;

    let mut browser = signed_in(&app, "dora").await;
    let events = browser.ask(EVENTS, json!({})).await["viewer"]["securityEvents"]["nodes"].take();
    let events = events.as_array().unwrap();
    assert_eq!(events.len(), 6, "{events:?}");
    for event in events {
        assert_eq!((&event["byAdministrator"], &event["ip"]), (&json!(true), &Value::Null), "{event}");
    }
    let told = browser.get("/account/export.json").await.ok().json().to_string();
    assert!(told.contains("personal_token_created"), "{told}");
    let by = async |actor: &str| {
        ids(&get(
            &script,
            &format!("/audit-events?filter[kind]=administered&filter[actor]={actor}&page[first]=50"),
        )
        .await)
        .len()
    };
    assert_eq!(
        by(&format!("user:{boss}")).await,
        4,
        "what the token of the owner's did is found by the owner"
    );
    assert_eq!(by(&format!("user:{dora}")).await, 0);
}
