//! A cut or altered token, code or secret is none, at every endpoint that takes one (Zitadel's CVE-2026-27840).

use testkit::{ClientKind::*, Code, Credentials, TestApp, Tokens};

use super::is_active;
use crate::oauth::{introspection::mutilations, refused};

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
