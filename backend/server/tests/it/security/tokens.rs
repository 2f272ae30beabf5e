//! A cut or altered token, code or secret is none, at every endpoint that takes one (Zitadel's CVE-2026-27840).

use serde_json::json;
use testkit::{ClientKind::*, Code, Credentials, PASSWORD, TestApp, Tokens};

use super::is_active;
use crate::{
    compat::{self, by_password, problem, with},
    oauth::{
        introspection::{mutilations, personal_session},
        refused,
    },
};

fn in_a_header(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[tokio::test]
async fn userinfo_takes_only_the_whole_token() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    for wrong in mutilations(&tokens.access_token) {
        let posted = app.anonymous().post("/oauth2/userinfo").form([("access_token", wrong.as_str())]);
        assert_eq!(posted.await.status.as_u16(), 401, "{wrong:?}");
        if in_a_header(&wrong) {
            let sent = app.caller(Credentials::Bearer(wrong.clone())).get("/oauth2/userinfo");
            assert_eq!(sent.await.status.as_u16(), 401, "{wrong:?}");
        }
    }
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn an_altered_code_gives_nothing_and_uses_nothing_up() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    for wrong in mutilations(&code.code) {
        let answer = client.exchange(&Code { code: wrong.clone(), ..code.clone() }).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_grant"), "{wrong:?}");
    }
    client.exchange(&code).await.ok();
}

#[tokio::test]
async fn an_altered_client_secret_proves_nothing() {
    let app = TestApp::new().await;
    for kind in [Basic, Post] {
        let client = app.client(kind).await;
        let (Credentials::Basic { secret, .. } | Credentials::Post { secret, .. }) =
            client.caller.credentials.clone()
        else {
            panic!("it has a secret");
        };
        for wrong in mutilations(&secret) {
            let answer = app.client_as(kind, &client.id, &wrong).introspect("x").await;
            assert_eq!(answer.refusal(), refused(401, "invalid_client"), "{kind:?} {wrong:?}");
        }
        client.introspect("x").await.ok();
    }
}

#[tokio::test]
async fn an_altered_device_code_gives_nothing_and_uses_nothing_up() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.device_client(Public).await;
    let codes = client.ask_for_codes("openid").await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    app.let_in(&mut app.browser(), "alice", &text("user_code")).await.ok();
    for wrong in mutilations(&text("device_code")) {
        assert_eq!(client.poll(&wrong).await.refusal(), refused(400, "invalid_grant"), "{wrong:?}");
    }
    client.poll(&text("device_code")).await.tokens();
}

#[tokio::test]
async fn an_altered_login_token_lets_nobody_in_and_uses_nothing_up() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let token = compat::sso::approved(&app, "alice").await;
    for wrong in mutilations(&token) {
        let answer = compat::attempt(&app, compat::sso::by_token(&wrong)).await;
        assert_eq!(problem(&answer), refused(403, "M_FORBIDDEN"), "{wrong:?}");
    }
    compat::log_in(&app, compat::sso::by_token(&token)).await;
}

#[tokio::test]
async fn an_altered_legacy_refresh_token_gives_nothing_and_ends_nothing() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let body = with(by_password("alice"), json!({ "refresh_token": true }));
    let token = compat::log_in(&app, body).await.refresh_token.unwrap();
    for wrong in mutilations(&token) {
        let answer = compat::refresh(&app, &wrong).await;
        assert_eq!(problem(&answer), refused(401, "M_UNKNOWN_TOKEN"), "{wrong:?}");
    }
    compat::refresh(&app, &token).await.ok();
}

#[tokio::test]
async fn an_altered_personal_token_administers_nothing() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    let token = personal_session(&app, alice, Ok(alice)).await;
    app.database.execute("UPDATE sessions SET scope = 'urn:mas:admin'").await;
    let version =
        async |token: &str| app.caller(Credentials::Bearer(token.into())).get("/api/admin/v1/version").await;
    version(&token).await.ok();
    for wrong in mutilations(&token) {
        // These arrive as the token itself: a header has no spaces at its ends.
        if in_a_header(&wrong) && wrong.trim() != token {
            let answer = version(&wrong).await;
            assert_eq!(answer.status.as_u16(), 401, "{wrong:?}: {answer}");
        }
    }
}

/// What is a token of one kind is none of another.
#[tokio::test]
async fn tokens_do_not_stand_in_for_each_other() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    let swapped = Tokens {
        access_token: tokens.refresh_token.clone(),
        refresh_token: tokens.access_token.clone(),
        ..tokens.clone()
    };
    assert_eq!(client.userinfo(&swapped).await.status.as_u16(), 401);
    assert_eq!(client.refresh(&swapped).await.refusal(), refused(400, "invalid_grant"));
    let id_token = tokens.id_token.clone().unwrap();
    for wrong in [&id_token, &code.code, &client.id] {
        assert!(!is_active(&app, wrong).await);
        let as_both = Tokens { access_token: wrong.clone(), refresh_token: wrong.clone(), ..tokens.clone() };
        assert_eq!(client.userinfo(&as_both).await.status.as_u16(), 401);
        assert_eq!(client.refresh(&as_both).await.refusal(), refused(400, "invalid_grant"));
    }
    for wrong in [&tokens.access_token, &tokens.refresh_token, &id_token] {
        let answer = client.exchange(&Code { code: wrong.clone(), ..code.clone() }).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_grant"));
    }
    client.userinfo(&tokens).await.ok();
}
