//! Clients that hammer a dead session are held up, before the database is asked.

use kernel::{Presented, Token, TokenKind};
use testkit::{ClientKind::*, TestApp, Tokens};

use crate::oauth::refused;

#[tokio::test]
async fn a_client_that_hammers_a_dead_session_is_held_up() {
    let app = TestApp::with(|settings| settings.refused_refresh = (3, 0.1)).await;
    let client = app.client(Public).await;
    let tokens = app.signed_in_to(&client, "alice").await;
    let neighbour = app.signed_in_to(&client, "bob").await;
    client.revoke(&tokens.refresh_token).await.ok();
    app.run_jobs().await;
    for _ in 0..3 {
        assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));
    }
    let (held_up, cost) = app.cost(client.refresh(&tokens)).await;
    assert_eq!(held_up.refusal(), refused(429, "temporarily_unavailable"));
    assert_eq!((held_up.header("retry-after"), cost), ("11", 0));

    client.refresh(&neighbour).await.tokens();
    app.clock.advance(std::time::Duration::from_secs(10));
    assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(client.refresh(&tokens).await.refusal(), refused(429, "temporarily_unavailable"));
}

#[tokio::test]
async fn another_address_has_a_count_of_its_own() {
    let app = TestApp::with(|settings| settings.refused_refresh = (1, 0.1)).await;
    let (client, tokens) = app.signed_in("alice").await;
    client.revoke(&tokens.refresh_token).await.ok();
    app.run_jobs().await;
    let from = async |address: &str| {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens.refresh_token.as_str())];
        let request = client.caller.post("/oauth2/token").form(fields).header("x-forwarded-for", address);
        request.await.status.as_u16()
    };
    assert_eq!((from("192.0.2.1").await, from("192.0.2.1").await), (400, 429));
    assert_eq!((from("192.0.2.2").await, from("192.0.2.2").await), (400, 429));
}

/// The handle stands in every token of a line, and anybody can compute the checksum.
#[tokio::test]
async fn a_good_token_is_not_held_up_by_bad_ones_of_its_line() {
    let app = TestApp::with(|settings| settings.refused_refresh = (3, 0.001)).await;
    let (client, tokens) = app.signed_in("alice").await;
    let Some(Presented::Native { handle, .. }) = Token::parse(&tokens.access_token) else {
        panic!("an access token is one of ours");
    };
    let op = app.op();
    for _ in 0..10 {
        let forged = Token::mint(TokenKind::OauthRefresh, handle, op.random());
        let forged = Tokens { refresh_token: forged.expose().into(), ..tokens.clone() };
        assert_eq!(client.refresh(&forged).await.refusal(), refused(400, "invalid_grant"));
    }
    client.refresh(&tokens).await.tokens();
}

/// Unlocking gives the session back, and not a refusal that the client takes for its end.
#[tokio::test]
async fn a_token_that_was_tried_while_the_account_was_locked_is_good_afterwards() {
    let app = TestApp::with(|settings| settings.refused_refresh = (3, 0.001)).await;
    let (client, tokens) = app.signed_in("alice").await;
    app.database.execute("UPDATE users SET locked_at = 1").await;
    for _ in 0..10 {
        assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));
    }
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    client.refresh(&tokens).await.tokens();
}
