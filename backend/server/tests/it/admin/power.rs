//! Power over others: what ends with the right to it, and what it does not lead to.

use serde_json::json;
use testkit::{Caller, ClientKind::Public, TestApp};

use super::{
    app, get,
    personal_sessions::{bearer, introspect, token},
    post,
};

const API: &str = "urn:matrix:client:api:*";

/// A personal token, made by that caller.
async fn made_by(caller: &Caller, actor: impl serde::Serialize, scope: &str) -> String {
    let body = json!({ "actor_user_id": actor, "human_name": scope, "scope": scope });
    token(&post(caller, "/personal-sessions", body).await.ok())
}

async fn are_active(app: &TestApp, tokens: &[String]) -> Vec<bool> {
    let mut active = Vec::new();
    for token in tokens {
        active.push(introspect(app, token).await["active"] == true);
    }
    active
}

#[tokio::test]
async fn what_has_power_ends_when_its_person_may_not_administer_any_more() {
    let (app, script) = app().await;
    let (boss, ada) = (app.administrator("boss").await, app.administrator("ada").await);
    let client = app.client(Public).await;
    let agreed = async |scope: &str| app.authorization(&client).with("scope", scope).agreed_by(boss).await;
    let admin_app = client.exchange(&agreed("openid urn:mas:admin").await).await.tokens();
    let read_app = client.exchange(&agreed("urn:mas:admin:read").await).await.tokens();
    let plain_app = client.exchange(&agreed("openid").await).await.tokens();
    let codes = [agreed("urn:mas:admin").await, agreed("openid").await];
    let by_boss = bearer(&app, admin_app.access_token.clone());
    let mut powerful = vec![admin_app.access_token, read_app.access_token];
    for (caller, actor, scope) in [
        (&by_boss, boss, "urn:mas:admin".to_owned()),
        (&by_boss, boss, format!("{API} urn:synapse:admin:*")),
        (&by_boss, ada, "urn:mas:admin:users:read".to_owned()),
        (&script, boss, "urn:mas:admin:users".to_owned()),
    ] {
        powerful.push(made_by(caller, actor, &scope).await);
    }
    let others = [
        plain_app.access_token,
        made_by(&by_boss, boss, API).await,
        made_by(&by_boss, ada, API).await,
        made_by(&script, ada, "urn:mas:admin").await,
    ];
    let set = async |admin: bool| {
        post(&script, &format!("/users/{boss}/set-admin"), json!({ "admin": admin })).await.ok();
    };
    set(true).await;
    assert_eq!(are_active(&app, &powerful).await, [true; 6], "nothing was taken away");
    set(false).await;
    assert_eq!(are_active(&app, &powerful).await, [false; 6]);
    assert_eq!(are_active(&app, &others).await, [true; 4]);
    let [with_power, without] = codes;
    assert_eq!(client.exchange(&with_power).await.status.as_u16(), 400, "agreed to, and not come for yet");
    client.exchange(&without).await.ok();
    let told = "SELECT kind FROM audit_events WHERE data ->> 'reason' = 'admin_revoked' ORDER BY kind";
    let kinds = app.database.texts(told).await;
    assert_eq!(kinds, [["personal_token_revoked"; 4].as_slice(), &["session_ended"; 2]].concat());
    app.run_jobs().await;
}

#[tokio::test]
async fn sessions_of_a_person_end_with_the_personal_ones_if_that_is_asked_for() {
    let (app, admin) = app().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(ada).await;
    client.exchange(&code).await.tokens();
    let tokens = [
        made_by(&admin, ada, &format!("{API} urn:matrix:client:device:BOT")).await,
        made_by(&admin, bob, API).await,
    ];
    let path = format!("/users/{ada}/kill-sessions");
    let killed = post(&admin, &path, json!({ "personal_sessions": false })).await.ok().json();
    assert_eq!(killed["oauth2_sessions"], 1);
    assert_eq!(killed.get("personal_sessions"), None);
    assert_eq!(are_active(&app, &tokens).await, [true, true]);
    let killed = post(&admin, &path, json!({ "personal_sessions": true })).await.ok().json();
    let expected =
        json!({ "user_sessions": 0, "oauth2_sessions": 0, "compat_sessions": 0, "personal_sessions": 1 });
    assert_eq!(killed, expected);
    assert_eq!(are_active(&app, &tokens).await, [false, true]);
    app.run_jobs().await;
    assert!(app.homeserver.user("ada").unwrap().devices.is_empty());
    let event = get(&admin, "/audit-events?filter[kind]=administered&sort=-created_at").await;
    assert!(event.json().to_string().contains("\"personal_sessions\":1"), "{event}");
}
