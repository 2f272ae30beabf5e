//! Power over others: what ends with the right to it, and what it does not lead to.

use serde_json::{Value, json};
use testkit::{Answer, CONFIDENTIAL, Caller, ClientKind::Public, Held, Mood, TestApp};

use super::{
    app, attributes, failed, failure, get,
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
        // To act as somebody else is power whatever the scope.
        (&by_boss, ada, API.to_owned()),
    ] {
        powerful.push(made_by(caller, actor, &scope).await);
    }
    let others = [
        plain_app.access_token,
        made_by(&by_boss, boss, API).await,
        made_by(&script, boss, API).await,
        made_by(&script, ada, "urn:mas:admin").await,
    ];
    let set = async |admin: bool| {
        post(&script, &format!("/users/{boss}/set-admin"), json!({ "admin": admin })).await.ok();
    };
    set(true).await;
    assert_eq!(are_active(&app, &powerful).await, [true; 7], "nothing was taken away");
    set(false).await;
    assert_eq!(are_active(&app, &powerful).await, [false; 7]);
    assert_eq!(are_active(&app, &others).await, [true; 4]);
    let [with_power, without] = codes;
    assert_eq!(client.exchange(&with_power).await.status.as_u16(), 400, "agreed to, and not come for yet");
    client.exchange(&without).await.ok();
    let told = "SELECT kind FROM audit_events WHERE data ->> 'reason' = 'admin_revoked' ORDER BY kind";
    let kinds = app.database.texts(told).await;
    assert_eq!(kinds, [["personal_token_revoked"; 5].as_slice(), &["session_ended"; 2]].concat());
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

#[tokio::test]
async fn what_a_personal_token_makes_is_its_owners_and_ends_with_it() {
    let (app, script) = app().await;
    let (boss, ada) = (app.administrator("boss").await, app.administrator("ada").await);
    let client = app.client(Public).await;
    let code = app.authorization(&client).with("scope", "urn:mas:admin").agreed_by(boss).await;
    let by_boss = bearer(&app, client.exchange(&code).await.tokens().access_token);
    let body = |expires_in: Value| json!({ "actor_user_id": ada, "human_name": "", "scope": "urn:mas:admin", "expires_in": expires_in });
    let parent = post(&by_boss, "/personal-sessions", body(json!(3600))).await.ok();
    let end = attributes(&parent)["expires_at"].clone();
    let holder = bearer(&app, token(&parent));
    let mut children = Vec::new();
    for (expires_in, ends_with_it) in [(Value::Null, true), (json!(7200), true), (json!(60), false)] {
        let child = post(&holder, "/personal-sessions", body(expires_in)).await.ok();
        assert_eq!(attributes(&child)["owner_user_id"], boss.to_string(), "not of whom the token acts as");
        assert_eq!(attributes(&child)["expires_at"] == end, ends_with_it, "{child}");
        assert!(attributes(&child)["expires_at"].is_string());
        children.push(token(&child));
    }
    // It renews what is its owner's, itself included, and gains no time by it.
    let path = format!("/personal-sessions/{}/regenerate", parent.json()["data"]["id"].as_str().unwrap());
    let renewed = post(&holder, &path, json!({})).await.ok();
    assert_eq!(attributes(&renewed)["expires_at"], end);
    // An app's token is replaced every few minutes: its end says nothing, and what it makes is as long as it wants.
    let renewed = post(&by_boss, &path, json!({})).await.ok();
    assert_eq!(attributes(&renewed)["expires_at"], Value::Null);

    assert_eq!(are_active(&app, &children).await, [true; 3]);
    post(&script, &format!("/users/{boss}/lock"), Value::Null).await.ok();
    assert_eq!(are_active(&app, &children).await, [false; 3]);
    app.run_jobs().await;
}

/// A request for a token with a device, while whose announcement something else happens.
async fn made_meanwhile<T>(
    app: &TestApp,
    (caller, actor, scope): (&Caller, kernel::id::UserId, &str),
    meanwhile: impl Future<Output = T>,
) -> Answer {
    let scope = format!("{API} urn:matrix:client:device:BOT {scope}");
    let body = json!({ "actor_user_id": actor, "human_name": "", "scope": scope.trim_end() });
    app.homeserver.calls();
    app.homeserver.feels(Mood::Hanging);
    let other = async {
        assert_eq!(app.homeserver.is_called(1).await, ["upsert_device"]);
        meanwhile.await;
        app.homeserver.feels(Mood::Well);
    };
    tokio::join!(post(caller, "/personal-sessions", body), other).0
}

async fn nothing_is_left(app: &TestApp, username: &str) {
    app.run_jobs().await;
    let made = "SELECT human_name FROM sessions WHERE kind = 'personal' AND device_id IS NOT NULL";
    assert_eq!(app.database.texts(made).await, [""; 0]);
    let devices = app.homeserver.user(username).map(|user| user.devices.len());
    assert_eq!(devices.unwrap_or_default(), 0);
}

#[tokio::test]
async fn without_a_session_no_device_stays_at_the_homeserver() {
    let (app, script) = app().await;
    let (boss, ada) = (app.administrator("boss").await, app.user("ada").await);
    let parent = post(
        &script,
        "/personal-sessions",
        json!({ "actor_user_id": boss, "human_name": "", "scope": "urn:mas:admin" }),
    );
    let parent = parent.await.ok();
    let holder = bearer(&app, token(&parent));
    let revoke = format!("/personal-sessions/{}/revoke", parent.json()["data"]["id"].as_str().unwrap());
    let revoked = post(&script, &revoke, Value::Null);
    let answer = made_meanwhile(&app, (&holder, ada, ""), revoked).await;
    assert_eq!(failure(&answer), failed(401, "token_revoked"), "its maker has ended");
    nothing_is_left(&app, "ada").await;

    let parent =
        json!({ "actor_user_id": boss, "human_name": "", "scope": "urn:mas:admin", "expires_in": 3600 });
    let parent = post(&script, "/personal-sessions", parent).await.ok();
    let holder = bearer(&app, token(&parent));
    let renew = format!("/personal-sessions/{}/regenerate", parent.json()["data"]["id"].as_str().unwrap());
    let renewed = post(&script, &renew, Value::Null);
    let answer = made_meanwhile(&app, (&holder, ada, ""), renewed).await;
    assert_eq!(failure(&answer), failed(401, "token_revoked"), "its maker's token was replaced");
    nothing_is_left(&app, "ada").await;

    let demotion = format!("/users/{boss}/set-admin");
    let demoted = post(&script, &demotion, json!({ "admin": false }));
    let answer = made_meanwhile(&app, (&script, boss, "urn:synapse:admin:*"), demoted).await;
    assert_eq!(failure(&answer), failed(400, "invalid_scope"), "its actor may not have it any more");
    nothing_is_left(&app, "boss").await;

    let shut = format!("/users/{ada}/deactivate");
    let deactivated = post(&script, &shut, json!({ "skip_erase": true }));
    let answer = made_meanwhile(&app, (&script, ada, ""), deactivated).await;
    assert_eq!(failure(&answer), failed(410, "user_deactivated"));
    nothing_is_left(&app, "ada").await;
}

#[tokio::test]
async fn a_device_that_was_just_given_up_is_there_for_who_comes_to_have_it() {
    let (app, script) = app().await;
    let ada = app.user("ada").await;
    let body = json!({ "actor_user_id": ada, "human_name": "", "scope": format!("{API} urn:matrix:client:device:BOT") });
    let first = post(&script, "/personal-sessions", body.clone()).await.ok();
    let revoke = format!("/personal-sessions/{}/revoke", first.json()["data"]["id"].as_str().unwrap());
    post(&script, &revoke, Value::Null).await.ok();
    app.homeserver.calls();
    app.homeserver.holds("upsert_device", Held::Answer);
    let removed = async {
        assert_eq!(app.homeserver.is_called(1).await, ["upsert_device"]);
        app.run_jobs().await;
        assert!(app.homeserver.user("ada").unwrap().devices.is_empty());
        app.homeserver.lets_go("upsert_device");
    };
    let (again, ()) = tokio::join!(post(&script, "/personal-sessions", body), removed);
    let again = again.ok();
    app.run_jobs().await;
    assert!(app.homeserver.user("ada").unwrap().devices.contains_key("BOT"));
    // It is ours still, and goes with the session.
    let revoke = format!("/personal-sessions/{}/revoke", again.json()["data"]["id"].as_str().unwrap());
    post(&script, &revoke, Value::Null).await.ok();
    app.run_jobs().await;
    assert!(app.homeserver.user("ada").unwrap().devices.is_empty());
}

#[tokio::test]
async fn who_is_deactivated_meanwhile_is_not_made_at_the_homeserver() {
    let (app, script) = app().await;
    let ada = app.user("ada").await;
    app.homeserver.forget("ada");
    let shut = format!("/users/{ada}/deactivate");
    let deactivated = post(&script, &shut, json!({ "skip_erase": true }));
    let answer = made_meanwhile(&app, (&script, ada, ""), deactivated).await;
    assert_eq!(failure(&answer), failed(410, "user_deactivated"));
    assert!(!app.homeserver.called().contains(&"provision_user".to_owned()));
    nothing_is_left(&app, "ada").await;
    assert!(app.homeserver.user("ada").is_none());

    // Later still: it is made there, and shut again.
    let bob = app.user("bob").await;
    app.homeserver.forget("bob");
    app.homeserver.holds("provision_user", Held::Before);
    let body = json!({ "actor_user_id": bob, "human_name": "", "scope": format!("{API} urn:matrix:client:device:BOT") });
    let meanwhile = async {
        while app.homeserver.called().iter().all(|call| call != "provision_user") {
            tokio::task::yield_now().await;
        }
        let shut = format!("/users/{bob}/deactivate");
        post(&script, &shut, json!({ "skip_erase": true })).await.ok();
        app.homeserver.lets_go("provision_user");
    };
    let (answer, ()) = tokio::join!(post(&script, "/personal-sessions", body), meanwhile);
    assert_eq!(failure(&answer), failed(410, "user_deactivated"));
    nothing_is_left(&app, "bob").await;
    assert!(app.homeserver.user("bob").unwrap().deactivated);
}

#[tokio::test]
async fn nobody_gets_power_that_they_may_not_have_unless_that_is_said() {
    let named = json!({ "admin_clients": [CONFIDENTIAL], "admin_users": ["ops"] });
    let app = TestApp::with(|settings| settings.policy = named).await;
    let script = super::script(&app, "urn:mas:admin").await;
    let (ada, boss, ops) = (app.user("ada").await, app.administrator("boss").await, app.user("ops").await);
    let body = |actor, scope: &str, skip: Value| json!({ "actor_user_id": actor, "human_name": "", "scope": scope, "skip_actor_check": skip });
    for scope in ["urn:mas:admin", "urn:mas:admin:users:read", "openid urn:synapse:admin:*"] {
        for skip in [Value::Null, json!(false)] {
            let refused = post(&script, "/personal-sessions", body(ada, scope, skip.clone())).await;
            assert_eq!(failure(&refused), failed(400, "invalid_scope"), "{scope}");
            assert!(
                refused.body.contains("is for accounts that may administer, and `ada` may not"),
                "{refused}"
            );
            for administrator in [boss, ops] {
                post(&script, "/personal-sessions", body(administrator, scope, skip.clone())).await.ok();
            }
        }
    }
    let part = super::script(&app, "urn:mas:admin:personal-sessions").await;
    let refused = post(&part, "/personal-sessions", body(ada, "openid", json!(true))).await;
    assert_eq!(
        failure(&refused),
        failed(403, "insufficient_scope"),
        "only who may do everything skips a check"
    );
    let made = post(&script, "/personal-sessions", body(ada, "urn:mas:admin", json!(true))).await.ok();
    let path = format!("/personal-sessions/{}/regenerate", made.json()["data"]["id"].as_str().unwrap());
    assert_eq!(failure(&post(&script, &path, json!({})).await), failed(400, "invalid_scope"), "asked again");
    post(&script, &path, json!({ "skip_actor_check": true })).await.ok();
    let noted = "SELECT kind FROM audit_events WHERE data ->> 'skip_actor_check' IS NOT NULL ORDER BY kind";
    assert_eq!(app.database.texts(noted).await, ["personal_token_created", "token_regenerated"]);
}

#[tokio::test]
async fn what_the_policy_takes_away_is_not_renewed() {
    let (app, script) = app().await;
    let ops = app.user("ops").await;
    let data = |names: Value| json!({ "data": { "admin_users": names } });
    post(&script, "/policy-data", data(json!(["ops"]))).await.ok();
    let body = json!({ "actor_user_id": ops, "human_name": "", "scope": "urn:mas:admin" });
    let made = post(&script, "/personal-sessions", body).await.ok();
    let path = format!("/personal-sessions/{}/regenerate", made.json()["data"]["id"].as_str().unwrap());
    app.clock.advance(std::time::Duration::from_millis(1));
    post(&script, "/policy-data", data(json!([]))).await.ok();
    assert_eq!(failure(&post(&script, &path, json!({})).await), failed(400, "invalid_scope"));
}

#[tokio::test]
async fn names_of_tokens_are_short_and_on_one_line() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    for (name, good) in [
        ("", true),
        ("ä ö", true),
        (&*"ä".repeat(100), true),
        (&*"ä".repeat(101), false),
        ("a\nb", false),
        ("\u{7f}", false),
    ] {
        let body = json!({ "actor_user_id": user, "human_name": name, "scope": API });
        let answer = post(&admin, "/personal-sessions", body).await;
        if good {
            assert_eq!(attributes(&answer)["human_name"], name);
        } else {
            assert_eq!(failure(&answer), failed(400, "invalid_name"), "{name}");
        }
    }
}
