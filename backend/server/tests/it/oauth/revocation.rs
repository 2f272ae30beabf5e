//! `POST /oauth2/revoke` (RFC 7009): any token of a session ends the session.

use serde_json::json;
use testkit::{CONFIDENTIAL, ClientKind::*, Credentials, TestApp, Tokens};

use super::{refused, seconds};

async fn assert_gone(app: &TestApp, tokens: &Tokens) {
    for token in [&tokens.access_token, &tokens.refresh_token] {
        let answer = app.synapse().post("/oauth2/introspect").form([("token", token.as_str())]).await;
        assert_eq!(answer.to_string(), r#"200 {"active":false}"#);
    }
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(app.homeserver.called(), ["delete_device"]);
}

#[tokio::test]
async fn either_token_ends_the_session() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    for username in ["alice", "bob"] {
        let tokens = app.signed_in_to(&client, username).await;
        let token = if username == "alice" { &tokens.access_token } else { &tokens.refresh_token };
        assert_eq!(client.revoke(token).await.to_string(), "200 {}");
        assert_gone(&app, &tokens).await;
        assert_eq!(app.homeserver.user(username).unwrap().devices.len(), 0);
        assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));
        assert_eq!(client.revoke(token).await.to_string(), "200 {}", "asking twice is no error");
    }
}

#[tokio::test]
async fn a_revoked_token_stays_so_after_a_restart() {
    let mut app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    client.revoke(&tokens.refresh_token).await.ok();
    app.restart(|_| {}).await;
    assert_gone(&app, &tokens).await;
}

#[tokio::test]
async fn an_expired_or_superseded_token_signs_out_as_well() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let second = client.refresh(&first).await.tokens();
    app.clock.advance(seconds(3600));
    client.revoke(&first.access_token).await.ok();
    assert_gone(&app, &second).await;
}

/// Personal sessions are the only ones that share a device.
#[tokio::test]
async fn a_device_that_a_personal_session_uses_stays() {
    let app = TestApp::with(|settings| settings.policy = json!({ "admin_clients": [CONFIDENTIAL] })).await;
    let alice = app.user("alice").await;
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin")];
    let script = app.configured(Basic).token(form).await.ok().json();
    let script = app.caller(Credentials::Bearer(script["access_token"].as_str().unwrap().into()));
    let scope = "urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001";
    let wanted = json!({ "actor_user_id": alice, "human_name": "a script", "scope": scope });
    let personal = script.post("/api/admin/v1/personal-sessions").json(&wanted).await.ok().json();
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(alice).await;
    let tokens = client.exchange(&code).await.tokens();

    client.revoke(&tokens.access_token).await.ok();
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    let devices = || app.homeserver.user("alice").unwrap().devices.into_keys().collect::<Vec<_>>();
    assert_eq!(devices(), ["DEV1CE0001"], "the personal session goes on");
    let id = personal["data"]["id"].as_str().unwrap();
    script.post(&format!("/api/admin/v1/personal-sessions/{id}/revoke")).await.ok();
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(devices(), [""; 0]);
}

#[tokio::test]
async fn unknown_tokens_are_no_error() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    for token in super::introspection::mutilations(&tokens.access_token) {
        assert_eq!(client.revoke(&token).await.to_string(), "200 {}", "{token}");
    }
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn only_the_client_of_the_session_may() {
    let app = TestApp::new().await;
    let client = app.client(Basic).await;
    let tokens = app.signed_in_to(&client, "alice").await;
    for (other, expected) in [
        (app.configured(Public), refused(401, "unauthorized_client")),
        (app.client(Post).await, refused(401, "unauthorized_client")),
        (app.client_as(Public, &client.id, ""), refused(401, "invalid_client")),
        (app.client_as(Basic, &client.id, "wrong"), refused(401, "invalid_client")),
    ] {
        assert_eq!(other.revoke(&tokens.access_token).await.refusal(), expected);
    }
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn an_unknown_hint_is_refused_and_a_wrong_one_does_not_matter() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let revoke = async |hint: &str| {
        let form = [("token", tokens.access_token.as_str()), ("token_type_hint", hint)];
        client.caller.post("/oauth2/revoke").form(form).await
    };
    assert_eq!(revoke("id_token").await.refusal(), refused(400, "unsupported_token_type"));
    client.userinfo(&tokens).await.ok();
    assert_eq!(revoke("refresh_token").await.to_string(), "200 {}");
    assert_gone(&app, &tokens).await;
}
