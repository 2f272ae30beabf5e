//! Personal sessions and their tokens.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{CONFIDENTIAL, Caller, ClientKind::Public, Credentials, Mood, TestApp};

use super::{BASE, app, attributes, failed, failure, get, ids, post, script};

const API: &str = "urn:matrix:client:api:*";

pub fn token(answer: &testkit::Answer) -> String {
    attributes(answer)["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
}

pub async fn introspect(app: &TestApp, token: &str) -> Value {
    app.synapse().post("/oauth2/introspect").form([("token", token)]).await.json()
}

pub fn bearer(app: &TestApp, token: String) -> Caller {
    app.caller(Credentials::Bearer(token))
}

#[tokio::test]
async fn a_token_acts_as_somebody_at_the_homeserver() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    let scope = format!("urn:matrix:client:device:BOT {API}");
    let body =
        json!({ "actor_user_id": user, "human_name": "backup job", "scope": scope, "expires_in": 3600 });
    let made = post(&admin, "/personal-sessions", body).await;
    assert_eq!(made.status.as_u16(), 201);
    assert_snapshot!(format!("{:#}", made.json()), @r#"
    {
      "data": {
        "attributes": {
          "access_token": "mpt_q0bB6k1CfBgMMhM6n8Kt5LQoHJiwYm_MUMQH4",
          "actor_user_id": "01KYYK41G0FKEQPKTCVFRR4QMK",
          "created_at": "2026-08-01T12:00:00Z",
          "expires_at": "2026-08-01T13:00:00Z",
          "human_name": "backup job",
          "last_active_at": null,
          "last_active_ip": null,
          "owner_client_id": "00000000000000000000C0NF1D",
          "owner_user_id": null,
          "revoked_at": null,
          "scope": "urn:matrix:client:api:* urn:matrix:client:device:BOT"
        },
        "id": "01KYYK41G0D7RJA0Q4N3F3AZ9Q",
        "links": {
          "self": "/api/admin/v1/personal-sessions/01KYYK41G0D7RJA0Q4N3F3AZ9Q"
        },
        "type": "personal-session"
      },
      "links": {
        "self": "/api/admin/v1/personal-sessions/01KYYK41G0D7RJA0Q4N3F3AZ9Q"
      }
    }
    "#);
    assert_eq!(app.homeserver.called(), ["upsert_device"], "before the answer");
    let told = introspect(&app, &token(&made)).await;
    assert_eq!((&told["active"], &told["username"]), (&json!(true), &json!("ada")));
    assert!(told["scope"].as_str().unwrap().contains("urn:matrix:client:device:BOT"));

    let path = format!("{}/{}", "/personal-sessions", made.json()["data"]["id"].as_str().unwrap());
    let shown = get(&admin, &path).await;
    assert!(attributes(&shown).get("access_token").is_none(), "shown once: {shown}");
    app.clock.advance(Duration::from_secs(3600));
    assert_eq!(introspect(&app, &token(&made)).await["active"], false, "no longer at the very instant");

    let admin = script(&app, "urn:mas:admin").await;
    let revoked = post(&admin, &format!("{path}/revoke"), Value::Null).await.ok();
    assert!(attributes(&revoked)["revoked_at"].is_string());
    assert_eq!(attributes(&revoked)["expires_at"], Value::Null);
    assert_eq!(revoked.json()["links"]["self"], format!("{BASE}{path}"));
    let again = post(&admin, &format!("{path}/revoke"), Value::Null).await;
    assert_eq!(failure(&again), failed(409, "personal_session_revoked"));
    let renewed = post(&admin, &format!("{path}/regenerate"), json!({})).await;
    assert_eq!(failure(&renewed), failed(422, "personal_session_revoked"));
    app.run_jobs().await;
    assert_eq!(app.homeserver.called(), ["delete_device"]);
}

#[tokio::test]
async fn a_token_is_good_for_this_api_as_whom_it_acts() {
    let (app, script) = app().await;
    let user = app.administrator("ada").await;
    let body = json!({ "actor_user_id": user, "human_name": "", "scope": "urn:mas:admin" });
    let made = post(&script, "/personal-sessions", body.clone()).await;
    assert_eq!(attributes(&made)["owner_client_id"], CONFIDENTIAL);
    let admin = bearer(&app, token(&made));
    let second = post(&admin, "/personal-sessions", body).await.ok();
    assert_eq!(attributes(&second)["owner_client_id"], CONFIDENTIAL, "the owner of the token");
    assert_eq!(attributes(&second)["owner_user_id"], Value::Null);
    let own = get(&admin, &format!("/personal-sessions?filter[owner_user]={user}")).await;
    assert_eq!(ids(&own), [""; 0]);
    let of_client = get(&admin, &format!("/personal-sessions?filter[owner_client]={CONFIDENTIAL}")).await;
    assert_eq!(ids(&of_client).len(), 2);
    for (query, count) in [
        (format!("filter[actor_user]={user}"), 2),
        ("filter[status]=active".into(), 2),
        ("filter[status]=revoked".into(), 0),
        ("filter[expires]=false".into(), 2),
        ("filter[expires]=true".into(), 0),
        ("filter[expires_before]=2100-01-01T00:00:00Z".into(), 0),
        ("filter[scope]=urn:mas:admin".into(), 2),
        // Unknown to MAS, and sent by a console all the same.
        (format!("filter[user]={user}"), 2),
    ] {
        let found = get(&admin, &format!("/personal-sessions?{query}")).await;
        assert_eq!(ids(&found).len(), count, "{query}");
    }
    post(&script, &format!("/users/{user}/deactivate"), json!({ "skip_erase": true })).await.ok();
    assert_eq!(failure(&get(&admin, "/version").await), failed(401, "user_locked"));
    app.run_jobs().await;
    assert_eq!(failure(&get(&admin, "/version").await), failed(401, "token_revoked"));
    let answer =
        post(&script, "/personal-sessions", json!({ "actor_user_id": user, "human_name": "", "scope": API }));
    assert_eq!(failure(&answer.await), failed(410, "user_deactivated"));
}

#[tokio::test]
async fn only_the_owner_gets_a_new_token_and_the_old_one_dies() {
    let (app, script) = app().await;
    let user = app.administrator("ada").await;
    let body = json!({ "actor_user_id": user, "human_name": "", "scope": "urn:mas:admin", "expires_in": 60 });
    let made = post(&script, "/personal-sessions", body).await.ok();
    let path = format!("/personal-sessions/{}/regenerate", made.json()["data"]["id"].as_str().unwrap());
    let client = app.client(Public).await;
    let code = app.authorization(&client).with("scope", "urn:mas:admin").agreed_by(user).await;
    let of_user = bearer(&app, client.exchange(&code).await.tokens().access_token);
    assert_eq!(
        failure(&post(&of_user, &path, json!({})).await),
        failed(403, "not_the_owner"),
        "the client owns it, and not whom it acts as"
    );
    // Also without a body, as a console sends it.
    let renewed = post(&script, &path, Value::Null).await;
    assert_eq!(renewed.status.as_u16(), 201);
    assert_eq!(renewed.json()["links"]["self"], made.json()["links"]["self"]);
    assert_eq!(attributes(&renewed)["expires_at"], Value::Null, "counted anew");
    assert_eq!(failure(&get(&bearer(&app, token(&made)), "/version").await), failed(401, "token_expired"));
    get(&bearer(&app, token(&renewed)), "/version").await.ok();
    app.clock.advance(Duration::from_secs(61));
    get(&bearer(&app, token(&renewed)), "/version").await.ok();
    let unknown = "/personal-sessions/01KE34VF00M9S346Q3D25VT4F5/regenerate";
    assert_eq!(failure(&post(&script, unknown, json!({})).await), failed(404, "not_found"));
}

/// Whoever holds a token for a part of the API gets no other for more than that, and none that acts as somebody else who could.
#[tokio::test]
async fn a_part_of_the_api_renews_and_makes_no_token_for_more() {
    const PART: &str = "urn:mas:admin:personal-sessions";
    let (app, script) = app().await;
    let (ops, boss) = (app.administrator("ops").await, app.administrator("boss").await);
    let body = |actor, scope: &str| json!({ "actor_user_id": actor, "human_name": "", "scope": scope });
    let path = |made: &testkit::Answer| {
        format!("/personal-sessions/{}/regenerate", made.json()["data"]["id"].as_str().unwrap())
    };
    // All of them are the client's, and act as ops.
    let first = bearer(&app, token(&post(&script, "/personal-sessions", body(ops, "urn:mas:admin")).await));
    let whole = post(&first, "/personal-sessions", body(ops, "urn:mas:admin")).await;
    let part = post(&first, "/personal-sessions", body(ops, PART)).await;
    let holder = bearer(&app, token(&part));
    let renewed = post(&holder, &path(&whole), Value::Null).await;
    assert_eq!(failure(&renewed), failed(403, "insufficient_scope"));
    get(&bearer(&app, token(&whole)), "/users").await.ok();

    // What acts as somebody else would own, and renew, what that one has.
    for scope in [PART, "urn:mas:admin:personal-sessions:read", "urn:synapse:admin:*"] {
        let other = post(&holder, "/personal-sessions", body(boss, scope)).await;
        assert_eq!(failure(&other), failed(403, "insufficient_scope"), "{scope}");
    }
    post(&holder, "/personal-sessions", body(boss, API)).await.ok();
    // For oneself, what one has.
    let own = post(&holder, "/personal-sessions", body(ops, PART)).await.ok();
    post(&holder, &path(&own), Value::Null).await.ok();
    post(&first, &path(&whole), Value::Null).await.ok();
}

#[tokio::test]
async fn a_renewal_can_be_bound_to_what_was_seen() {
    let (app, script) = app().await;
    let user = app.administrator("ada").await;
    let body = json!({ "actor_user_id": user, "human_name": "", "scope": "urn:mas:admin", "expires_in": 60 });
    let made = post(&script, "/personal-sessions", body).await.ok();
    let path = format!("/personal-sessions/{}", made.json()["data"]["id"].as_str().unwrap());
    let seen = get(&script, &path).await.header("etag").to_owned();
    let renew = || script.post(&format!("{BASE}{path}/regenerate")).header("if-match", &seen);
    app.clock.advance(Duration::from_secs(1));
    let renewed = renew().await.ok();
    assert_eq!(failure(&renew().await), failed(412, "precondition_failed"));
    get(&bearer(&app, token(&renewed)), "/version").await.ok();
}

#[tokio::test]
async fn of_many_renewals_at_once_one_token_is_left() {
    let (app, script) = app().await;
    let user = app.administrator("ada").await;
    let body = json!({ "actor_user_id": user, "human_name": "", "scope": "urn:mas:admin" });
    let made = post(&script, "/personal-sessions", body).await.ok();
    let path = format!("/personal-sessions/{}/regenerate", made.json()["data"]["id"].as_str().unwrap());
    let renewals = (0..10).map(|_| post(&script, &path, Value::Null));
    let tokens: Vec<_> = futures_util::future::join_all(renewals).await.iter().map(token).collect();
    let mut alive = 0;
    for token in tokens {
        alive += usize::from(get(&bearer(&app, token), "/version").await.status.is_success());
    }
    assert_eq!(alive, 1);
}

#[tokio::test]
async fn scopes_are_checked() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    for scope in [
        "",
        " ",
        "a  b",
        "urn:nonsense",
        "urn:matrix:client:device:ONE",
        "urn:matrix:client:api:* urn:matrix:client:device:ONE urn:matrix:client:device:TWO",
        "urn:matrix:client:api:* urn:matrix:org.matrix.msc2967.client:device:ONE",
        "urn:mas:admin:nonsense",
    ] {
        let body = json!({ "actor_user_id": user, "human_name": "", "scope": scope });
        let answer = post(&admin, "/personal-sessions", body).await;
        assert_eq!(failure(&answer), failed(400, "invalid_scope"), "{scope}");
    }
    let nobody = json!({ "actor_user_id": "01KE34VF00M9S346Q3D25VT4F5", "human_name": "", "scope": "" });
    assert_eq!(failure(&post(&admin, "/personal-sessions", nobody).await), failed(404, "not_found"));
    app.homeserver.feels(Mood::Failing);
    let scope = format!("{API} urn:matrix:client:device:BOT");
    let body = json!({ "actor_user_id": user, "human_name": "", "scope": scope });
    let answer = post(&admin, "/personal-sessions", body).await;
    assert_eq!(failure(&answer), failed(503, "unavailable"));
    assert_eq!(ids(&get(&admin, "/personal-sessions").await).len(), 0);
}
