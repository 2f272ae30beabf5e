//! When the database is gone: 503, and back to work as soon as it is there again.

use testkit::{Answer, ClientKind::*, TestApp, engine};

use store::Engine;

use super::refused;

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.refusal(), refused(503, "temporarily_unavailable"));
    assert_ne!(answer.header("retry-after"), "", "it says when to come back");
    assert!(!answer.body.to_lowercase().contains("sql"), "the cause is for the log: {answer}");
}

#[tokio::test]
async fn writing_is_refused_while_the_database_is_gone_and_works_at_once_when_it_is_back() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let user = app.user("bob").await;
    let code = app.authorization(&client).agreed_by(user).await;
    for _ in 0..2 {
        let gone = app.database.gone().await;
        assert_unavailable(&client.refresh(&tokens).await);
        assert_unavailable(&client.exchange(&code).await);
        assert_unavailable(&client.revoke(&tokens.access_token).await);
        drop(gone);
        client.refresh(&tokens).await.ok();
    }
    client.exchange(&code).await.ok();
}

#[tokio::test]
async fn reading_is_refused_while_postgres_is_gone() {
    if engine() == Engine::Sqlite {
        return; // a file that is there can be read, whoever is writing
    }
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    client.userinfo(&tokens).await.ok();
    let gone = app.database.gone().await;
    for _ in 0..3 {
        assert_unavailable(&app.configured(Basic).introspect(&tokens.access_token).await);
        assert_unavailable(&client.userinfo(&tokens).await);
        let health = app.anonymous().get("/health").await;
        assert_eq!(health.status.as_u16(), 503);
        assert_ne!(health.header("retry-after"), "");
    }
    app.anonymous().get("/.well-known/openid-configuration").await.ok();
    app.anonymous().get("/oauth2/keys.json").await.ok();
    drop(gone);
    app.anonymous().get("/health").await.ok();
    client.userinfo(&tokens).await.ok();
}
