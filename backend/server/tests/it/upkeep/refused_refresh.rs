//! Clients that hammer a dead session are held up, before the database is asked.

use testkit::{ClientKind::*, TestApp};

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
