//! Sessions that administrators start for somebody: what holds for personal tokens holds for these.

use serde_json::{Value, json};
use testkit::{CONFIDENTIAL, Caller, ClientKind::Basic, Credentials, Held, Mood, PASSWORD, TestApp};

use super::{admin, mutation, person, with_tokens};
use crate::{admin::post, pages::signed_in};

const FIELDS: &str = "accessToken refreshToken";
const API: &str = "urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001";

async fn give(admin: &Caller, input: Value) -> testkit::Answer {
    admin.graphql(&mutation("createOauth2Session", FIELDS), json!({ "input": input })).await
}

fn access(answer: &testkit::Answer) -> String {
    answer.data()["createOauth2Session"]["accessToken"].as_str().unwrap().to_owned()
}

/// Code and message of the error.
fn fault(answer: &testkit::Answer) -> (String, String) {
    let error = &answer.json()["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no error: {answer}")).to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

async fn is_active(app: &TestApp, token: &str) -> bool {
    app.synapse().post("/oauth2/introspect").form([("token", token)]).await.json()["active"] == true
}

/// The same as [`with_tokens`], and a client that may administer by itself.
async fn with_script() -> (TestApp, Caller) {
    let app = TestApp::with(|settings| {
        settings.graphql_by_token = true;
        settings.policy = json!({ "admin_clients": [CONFIDENTIAL] });
    });
    let app = app.await;
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin urn:mas:graphql:*")];
    let body = app.configured(Basic).token(form).await.ok().json();
    let script = app.caller(Credentials::Bearer(body["access_token"].as_str().unwrap().into()));
    (app, script)
}

#[tokio::test]
async fn nobody_is_given_power_that_they_may_not_have_unless_that_is_said() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, _) = person(&app, "bob").await;
    for scope in ["urn:mas:admin", "urn:mas:admin:users:read", "openid urn:synapse:admin:*"] {
        let (code, message) = fault(&give(&admin, json!({ "userId": user, "scope": scope })).await);
        assert_eq!(code, "BAD_INPUT");
        assert!(message.contains("is for accounts that may administer, and `bob` may not"), "{message}");
    }
    let two = format!("{API} urn:matrix:client:device:DEV1CE0002");
    let (code, message) = fault(&give(&admin, json!({ "userId": user, "scope": two })).await);
    assert_eq!((&*code, &*message), ("BAD_INPUT", "only one device scope can be requested at a time"));
    assert!(app.homeserver.user("bob").unwrap().devices.is_empty());
    let said = json!({ "userId": user, "scope": "urn:mas:admin", "skipActorCheck": true });
    assert!(is_active(&app, &access(&give(&admin, said).await)).await);
    let noted = "SELECT kind FROM audit_events WHERE CAST(data AS text) LIKE '%skip_actor_check%'";
    assert_eq!(app.database.texts(noted).await, ["administered"]);
}

#[tokio::test]
async fn what_is_given_ends_with_who_gave_it() {
    let (app, script) = with_script().await;
    let admin = admin(&app).await;
    let (user, _) = person(&app, "bob").await;
    let boss = domain::users::by_username(&app.parts().db.read, "admin").await.unwrap().unwrap().id;
    let permanent = give(&admin, json!({ "userId": user, "scope": API, "permanent": true })).await;
    let renewed = give(&admin, json!({ "userId": user, "scope": "openid" })).await;
    let tokens = [access(&permanent), access(&renewed)];
    let state = async || [is_active(&app, &tokens[0]).await, is_active(&app, &tokens[1]).await];
    post(&script, &format!("/users/{boss}/lock"), Value::Null).await.ok();
    assert_eq!(state().await, [false; 2]);
    let refresh = renewed.data()["createOauth2Session"]["refreshToken"].as_str().unwrap().to_owned();
    assert!(!is_active(&app, &refresh).await);
    post(&script, &format!("/users/{boss}/unlock"), Value::Null).await.ok();
    assert_eq!(state().await, [true; 2]);
    post(&script, &format!("/users/{boss}/set-admin"), json!({ "admin": false })).await.ok();
    assert_eq!(state().await, [false; 2], "to act as somebody else is power");
    app.run_jobs().await;
    assert!(app.homeserver.user("bob").unwrap().devices.is_empty());
}

#[tokio::test]
async fn a_locked_givers_session_is_not_refreshed() {
    let (app, script) = with_script().await;
    let boss = app.user_with_password("boss", PASSWORD).await;
    post(&script, &format!("/users/{boss}/set-admin"), json!({ "admin": true })).await.ok();
    let client = app.client(testkit::ClientKind::Public).await;
    let scope = "openid urn:mas:graphql:* urn:mas:admin";
    let code = app.authorization(&client).with("scope", scope).agreed_by(boss).await;
    let own = client.exchange(&code).await.tokens();
    let admin = app.caller(Credentials::Bearer(own.access_token));
    let (user, _) = person(&app, "bob").await;
    let given = give(&admin, json!({ "userId": user, "scope": "openid" })).await.data();
    let text = |name: &str| given["createOauth2Session"][name].as_str().unwrap().to_owned();
    let refresh = text("refreshToken");
    let renew = async || {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &*refresh)];
        client.token(form).await
    };
    post(&script, &format!("/users/{boss}/lock"), Value::Null).await.ok();
    assert_eq!(renew().await.refusal().1, "invalid_grant");
    post(&script, &format!("/users/{boss}/unlock"), Value::Null).await.ok();
    renew().await.ok();
    app.run_jobs().await;
}

/// A request, while the homeserver is told of whose device something else happens.
async fn meanwhile<T>(
    app: &TestApp,
    admin: &Caller,
    user: &str,
    other: impl Future<Output = T>,
) -> testkit::Answer {
    app.homeserver.calls();
    app.homeserver.feels(Mood::Hanging);
    let other = async {
        assert_eq!(app.homeserver.is_called(1).await, ["upsert_device"]);
        other.await;
        app.homeserver.feels(Mood::Well);
    };
    tokio::join!(give(admin, json!({ "userId": user, "scope": API, "permanent": true })), other).0
}

#[tokio::test]
async fn who_may_not_any_more_gets_none_and_no_device_stays() {
    let (app, script) = with_script().await;
    let admin = admin(&app).await;
    let boss = domain::users::by_username(&app.parts().db.read, "admin").await.unwrap().unwrap().id;
    let (user, _) = person(&app, "bob").await;
    let bob = user.strip_prefix("user:").unwrap();
    let path = format!("/users/{bob}/deactivate");
    let shut = post(&script, &path, json!({ "skip_erase": true }));
    let (code, message) = fault(&meanwhile(&app, &admin, &user, shut).await);
    assert_eq!((&*code, &*message), ("CONFLICT", "this user is deactivated"));
    let (code, _) = fault(&give(&admin, json!({ "userId": user, "scope": API })).await);
    assert_eq!(code, "CONFLICT");
    let (ada, _) = person(&app, "ada").await;
    let path = format!("/users/{boss}/set-admin");
    let demotion = post(&script, &path, json!({ "admin": false }));
    let (code, _) = fault(&meanwhile(&app, &admin, &ada, demotion).await);
    assert_eq!(code, "FORBIDDEN");
    app.run_jobs().await;
    for name in ["bob", "ada"] {
        let known = app.homeserver.user(name);
        assert!(known.is_none_or(|user| user.devices.is_empty()), "{name}");
    }
    let left = "SELECT 'x' FROM sessions WHERE device_id = 'DEV1CE0001'";
    assert!(app.database.texts(left).await.is_empty());
}

#[tokio::test]
async fn the_person_is_told_that_it_was_an_administrator() {
    let (app, script) = with_script().await;
    let admin = admin(&app).await;
    let (user, _) = person(&app, "bob").await;
    for giver in [&admin, &script] {
        give(giver, json!({ "userId": user, "scope": "openid" })).await.data();
    }
    let mut browser = signed_in(&app, "bob").await;
    let events = "{ viewer { ... on User { securityEvents(first: 9, kinds: [SESSION_STARTED]) { nodes { ip byAdministrator } } } } }";
    let told = browser.ask(events, json!({})).await["viewer"]["securityEvents"]["nodes"].take();
    let by_administrator = json!({ "ip": null, "byAdministrator": true });
    assert_eq!(told, json!([by_administrator, by_administrator]));
}

#[tokio::test]
async fn a_device_that_was_just_given_up_is_there_for_who_comes_to_have_it() {
    let app = with_tokens().await;
    let admin = admin(&app).await;
    let (user, _) = person(&app, "bob").await;
    access(&give(&admin, json!({ "userId": user, "scope": API })).await);
    let end = mutation("endOauth2Session", "status");
    let shown = "query Q($id: ID!) { user(id: $id) { oauth2Sessions(first: 1) { nodes { id } } } }";
    let shown = admin.graphql(shown, json!({ "id": user })).await.data();
    let session = shown["user"]["oauth2Sessions"]["nodes"][0]["id"].clone();
    admin.graphql(&end, json!({ "input": { "oauth2SessionId": session } })).await.data();
    app.homeserver.calls();
    app.homeserver.holds("upsert_device", Held::Answer);
    let removed = async {
        assert_eq!(app.homeserver.is_called(1).await, ["upsert_device"]);
        app.run_jobs().await;
        assert!(app.homeserver.user("bob").unwrap().devices.is_empty());
        app.homeserver.lets_go("upsert_device");
    };
    let again = give(&admin, json!({ "userId": user, "scope": API }));
    let (again, ()) = tokio::join!(again, removed);
    access(&again);
    app.run_jobs().await;
    assert!(app.homeserver.user("bob").unwrap().devices.contains_key("DEV1CE0001"));
}
