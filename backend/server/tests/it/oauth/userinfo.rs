//! `/oauth2/userinfo` (OpenID Connect Core §5.3, RFC 6750).

use http::Method;
use insta::assert_snapshot;
use testkit::{ClientKind::*, Credentials, TestApp};

use super::seconds;

#[tokio::test]
async fn it_tells_who_signed_in() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let answer = client.userinfo(&tokens).await;
    assert_snapshot!(answer, @r#"200 {"sub":"01KYYK41G0G8P3SARPS4X17165","username":"alice"}"#);
    assert_eq!(answer.header("cache-control"), "no-store");

    let posted =
        app.anonymous().post("/oauth2/userinfo").form([("access_token", tokens.access_token.as_str())]);
    assert_eq!(posted.await.to_string(), answer.to_string());
}

#[tokio::test]
async fn every_other_token_is_challenged() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    let ask = async |token: &str| {
        let caller = app.caller(Credentials::Bearer(token.to_owned()));
        let answer = caller.get("/oauth2/userinfo").await;
        (answer.status.as_u16(), answer.header("www-authenticate").to_owned())
    };
    let invalid = (401, "Bearer error=\"invalid_token\"".to_owned());
    assert_eq!(ask("nonsense").await, invalid);
    assert_eq!(ask(&tokens.refresh_token).await, invalid);
    app.clock.advance(seconds(301));
    assert_eq!(ask(&tokens.access_token).await, invalid);
    let answer = app.anonymous().get("/oauth2/userinfo").await;
    assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, "Bearer"));
}

#[tokio::test]
async fn a_token_without_openid_is_not_enough() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).with("scope", "urn:matrix:client:api:*").agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    let answer = client.userinfo(&tokens).await;
    assert_eq!(answer.status.as_u16(), 403);
    assert!(answer.header("www-authenticate").contains("insufficient_scope"));
}

#[tokio::test]
async fn a_token_comes_once_and_never_in_the_address() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let token = tokens.access_token.as_str();
    let bearer = client.caller.with(Credentials::Bearer(token.into()));
    let twice = bearer.post("/oauth2/userinfo").form([("access_token", token)]).await;
    assert_eq!(twice.status.as_u16(), 400);
    let two_headers =
        bearer.get("/oauth2/userinfo").header("authorization", &format!("Bearer {token}")).await;
    assert_eq!(two_headers.status.as_u16(), 400);
    let in_address = app.anonymous().get(&format!("/oauth2/userinfo?access_token={token}")).await;
    assert_eq!(in_address.status.as_u16(), 401);
    assert_eq!(bearer.request(Method::DELETE, "/oauth2/userinfo").await.status.as_u16(), 405);
}
