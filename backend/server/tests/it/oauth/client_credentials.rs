//! The client credentials grant (RFC 6749 §4.4).

use insta::assert_snapshot;
use serde_json::json;
use testkit::{CONFIDENTIAL, ClientKind::*, Credentials, TestApp, engine};

use super::{refused, seconds};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_client_gets_a_session_of_its_own() {
    let app = TestApp::new().await;
    let client = app.configured(Basic);
    let answer = client.token([GRANT, ("scope", "openid urn:mas:graphql:*")]).await.ok();
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["access_token", "expires_in", "scope", "token_type"], "no refresh token, no ID token");
    let token = body["access_token"].as_str().unwrap();
    app.clock.advance(seconds(13));
    let introspected = app.synapse().post("/oauth2/introspect").form([("token", token)]).await;
    assert_snapshot!(introspected, @r#"200 {"active":true,"scope":"openid urn:mas:graphql:*","client_id":"00000000000000000000C0NF1D","token_type":"access_token","exp":1785585900,"expires_in":287,"iat":1785585600,"nbf":1785585600,"jti":"01KYYK41G007DGVW953298M0X9"}"#);
    let userinfo = app.caller(Credentials::Bearer(token.into())).get("/oauth2/userinfo").await;
    assert_eq!(userinfo.status.as_u16(), 403, "there is nobody to tell about");
    client.revoke(token).await.ok();
    assert_eq!(client.introspect(token).await.body, r#"{"active":false}"#);
}

#[tokio::test]
async fn each_request_is_a_session_and_leaves_a_trace() {
    let app = TestApp::new().await;
    let client = app.configured(Basic);
    for _ in 0..2 {
        client.token([GRANT]).await.ok();
    }
    let sessions = "SELECT scope FROM sessions WHERE user_id IS NULL AND kind = 'oauth'";
    assert_eq!(app.database.texts(sessions).await, ["", ""]);
    let events = "SELECT actor FROM audit_events WHERE kind = 'session_started' AND session_id IS NOT NULL";
    assert_eq!(app.database.texts(events).await, vec![format!("oauth2-client:{CONFIDENTIAL}"); 2]);
}

#[tokio::test]
async fn the_policy_decides_on_the_scope() {
    let app = TestApp::with(|settings| settings.policy = json!({ "admin_clients": [CONFIDENTIAL] })).await;
    let client = app.configured(Basic);
    for scope in ["", "openid", "email profile", "urn:mas:admin", "urn:mas:graphql:* openid"] {
        client.token([GRANT, ("scope", scope)]).await.ok();
    }
    for scope in [
        "urn:matrix:client:api:*",
        "urn:synapse:admin:*",
        "openid address",
        "urn:matrix:client:device:AAAAAAAAAA",
    ] {
        let answer = client.token([GRANT, ("scope", scope)]).await;
        assert_eq!(answer.refusal(), refused(403, "invalid_scope"), "{scope}");
    }
    for scope in ["a  b", "\"", "é"] {
        let answer = client.token([GRANT, ("scope", scope)]).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_scope"), "{scope}");
    }
    let other = register(&app, "client_secret_post", &["client_credentials"]).await;
    let answer = other.token([GRANT, ("scope", "urn:mas:admin")]).await;
    assert_eq!(answer.refusal(), refused(403, "invalid_scope"));
}

async fn register(app: &TestApp, method: &str, grants: &[&str]) -> testkit::TestClient {
    let document = json!({
        "client_uri": "https://app.example.org/", "redirect_uris": [testkit::REDIRECT_URI], "grant_types": grants,
        "response_types": [], "token_endpoint_auth_method": method,
    });
    let answer = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    app.client_as(Post, answer["client_id"].as_str().unwrap(), answer["client_secret"].as_str().unwrap())
}

/// In MAS, whoever knows the id of a configured public client is that client, and may be an administrator.
#[tokio::test]
async fn public_clients_and_clients_without_the_grant_are_refused() {
    let app = TestApp::with(|settings| settings.policy = json!({ "admin_clients": [testkit::PUBLIC] })).await;
    let without = register(&app, "client_secret_post", &["authorization_code"]).await;
    for client in [app.configured(Public), app.client(Public).await, without] {
        for scope in ["", "urn:mas:admin"] {
            let answer = client.token([GRANT, ("scope", scope)]).await;
            assert_eq!(answer.refusal(), refused(401, "unauthorized_client"));
            assert!(answer.header("www-authenticate").starts_with("Basic"), "RFC 9110 §15.5.2");
        }
    }
    assert_eq!(app.database.texts("SELECT scope FROM sessions").await.len(), 0);
}

#[tokio::test]
async fn it_takes_one_round_trip_on_postgres() {
    let app = TestApp::new().await;
    let client = app.configured(Basic);
    client.token([GRANT]).await.ok();
    let (answer, cost) = app.cost(client.token([GRANT])).await;
    answer.ok();
    assert_eq!(cost, if engine() == store::Engine::Sqlite { 5 } else { 1 });
}
