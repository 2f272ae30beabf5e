//! `/oauth2/userinfo` (OpenID Connect Core §5.3, RFC 6750).

use http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{ClientKind::*, Credentials, REDIRECT_URI, TestApp};

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

/// What userinfo and ID token say of somebody who has two addresses, for a scope.
async fn told(app: &TestApp, username: &str, scope: &str) -> (Value, Value) {
    let user = app.user(username).await;
    for (at, email) in [(2, "second"), (1, "first")] {
        let op = app.op();
        let row = store::tables::user_emails::ActiveModel {
            id: sea_orm::ActiveValue::Set(op.id_at(kernel::Timestamp::from_secs(at))),
            user_id: sea_orm::ActiveValue::Set(user),
            email: sea_orm::ActiveValue::Set(format!("{email}@{username}.example")),
            email_norm: sea_orm::ActiveValue::Set(format!("{email}@{username}.example")),
            created_at: sea_orm::ActiveValue::Set(kernel::Timestamp::from_secs(at)),
            ..Default::default()
        };
        sea_orm::ActiveModelTrait::insert(row, &app.parts().db.single).await.unwrap();
    }
    let client = app.client(Public).await;
    let code = app.authorization(&client).with("scope", scope).agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    let id_token: Value = app.parts().keys.verify(tokens.id_token.as_deref().unwrap()).unwrap();
    (client.userinfo(&tokens).await.ok().json(), id_token)
}

#[tokio::test]
async fn each_scope_gives_its_claims() {
    let app = TestApp::new().await;
    for (username, scope, email, profile) in [
        ("alice", "openid", false, false),
        ("bob", "openid email", true, false),
        ("carol", "openid profile", false, true),
        ("dave", "openid email profile", true, true),
    ] {
        let (userinfo, id_token) = told(&app, username, scope).await;
        assert_eq!(userinfo["username"], username);
        let (told, address) = (|claim| userinfo.get(claim), format!("first@{username}.example"));
        assert_eq!(told("email"), email.then(|| json!(address)).as_ref(), "{scope}");
        assert_eq!(told("email_verified"), email.then_some(Value::Bool(true)).as_ref(), "{scope}");
        assert_eq!(told("preferred_username"), profile.then(|| json!(username)).as_ref(), "{scope}");
        for claim in ["email", "email_verified", "preferred_username", "name"] {
            assert_eq!(id_token.get(claim), None, "the ID token has only what is asked for there (§5.4)");
        }
    }
}

#[tokio::test]
async fn the_name_is_the_homeservers_and_nobody_waits_for_it() {
    let app = TestApp::new().await;
    let (client, tokens) = {
        let client = app.client(Public).await;
        let user = app.user("alice").await;
        let code = app.authorization(&client).with("scope", "openid profile").agreed_by(user).await;
        let tokens = client.exchange(&code).await.tokens();
        (client, tokens)
    };
    let name = Some("Alice in Wonderland");
    let chosen = domain::homeserver::Provisioning { display_name: name, ..Default::default() };
    app.parts().homeserver.provision_user("alice", &chosen).await.unwrap();
    assert_eq!(client.userinfo(&tokens).await.json()["name"], "Alice in Wonderland");
    app.homeserver.feels(testkit::Mood::Failing);
    let without = client.userinfo(&tokens).await.ok().json();
    assert_eq!((without.get("name"), &without["preferred_username"]), (None, &json!("alice")));
}

/// OpenID Connect Core §5.3.2.
#[tokio::test]
async fn a_client_that_wants_it_signed_gets_it_signed() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    for alg in ["RS256", "ES256", "PS384"] {
        let document = json!({
            "client_uri": "https://app.example.org/", "redirect_uris": [REDIRECT_URI],
            "token_endpoint_auth_method": "none", "userinfo_signed_response_alg": alg,
        });
        let registered = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
        let id = registered["client_id"].as_str().unwrap();
        let client = app.client_as(Public, id, "");
        let code = app.authorization(&client).agreed_by(user).await;
        let tokens = client.exchange(&code).await.tokens();
        let answer = client.userinfo(&tokens).await.ok();
        assert_eq!(answer.header("content-type"), "application/jwt");
        assert_eq!(answer.header("cache-control"), "no-store");
        let claims: Value = app.parts().keys.verify(&answer.body).unwrap();
        let expected =
            json!({ "iss": "https://auth.example.com/", "aud": id, "sub": user, "username": "alice" });
        assert_eq!(claims, expected);
    }
}
