//! How many round trips to the database the hot paths take, everything included. On PostgreSQL they are counted on
//! the wire; statements are prepared first, since a connection prepares each of them once in its life.

use testkit::{ClientKind::*, TestApp, TestClient, Tokens, engine};

use store::Engine;

/// SQLite records the first use of a token by a statement of its own.
fn at_first_use() -> u64 {
    if engine() == Engine::Sqlite { 2 } else { 1 }
}

async fn introspect(app: &TestApp, token: &str) -> u64 {
    let form = [("token", token)];
    let (answer, cost) = app.cost(app.synapse().post("/oauth2/introspect").form(form)).await;
    assert_eq!(answer.json()["active"], true, "{answer}");
    cost
}

async fn refresh(app: &TestApp, client: &TestClient, tokens: &Tokens) -> (Tokens, u64) {
    let (answer, cost) = app.cost(client.refresh(tokens)).await;
    (answer.tokens(), cost)
}

/// Uses every statement once, on the one connection that requests in turn share.
async fn warmed_up() -> TestApp {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("warm").await;
    app.synapse().post("/oauth2/introspect").form([("token", tokens.access_token.as_str())]).await.ok();
    app.synapse().post("/oauth2/introspect").form([("token", tokens.refresh_token.as_str())]).await.ok();
    client.refresh(&tokens).await.ok();
    client.userinfo(&tokens).await.ok();
    app
}

#[tokio::test]
async fn introspection_for_the_homeserver_takes_one() {
    let app = warmed_up().await;
    let (_, tokens) = app.signed_in("alice").await;
    assert_eq!(introspect(&app, &tokens.access_token).await, at_first_use());
    assert_eq!(introspect(&app, &tokens.access_token).await, 1);
    assert_eq!(introspect(&app, &tokens.refresh_token).await, 1);
}

#[tokio::test]
async fn introspection_for_a_configured_client_takes_one() {
    let app = warmed_up().await;
    let (_, tokens) = app.signed_in("alice").await;
    let client = app.configured(Basic);
    for expected in [at_first_use(), 1] {
        let (answer, cost) = app.cost(client.introspect(&tokens.access_token)).await;
        assert_eq!((answer.json()["active"].as_bool(), cost), (Some(true), expected));
    }
    let (answer, cost) = app.cost(client.introspect(&tokens.refresh_token)).await;
    assert_eq!((answer.json()["active"].as_bool(), cost), (Some(true), 1));
}

#[tokio::test]
async fn userinfo_takes_one() {
    let app = warmed_up().await;
    let (client, tokens) = app.signed_in("alice").await;
    for expected in [at_first_use(), 1] {
        let (answer, cost) = app.cost(client.userinfo(&tokens)).await;
        assert_eq!((answer.status.as_u16(), cost), (200, expected));
    }
}

#[tokio::test]
async fn refreshing_takes_one_for_public_and_for_configured_clients() {
    let app = warmed_up().await;
    let public = app.client(Public).await;
    for (client, username) in
        [(public, "alice"), (app.configured(Public), "bob"), (app.configured(Basic), "carol")]
    {
        let tokens = app.signed_in_to(&client, username).await;
        let (_, cost) = refresh(&app, &client, &tokens).await;
        assert_eq!(cost, 1, "{username}");
        let (again, cost) = refresh(&app, &client, &tokens).await;
        assert_eq!(cost, 1, "{username}, for a lost answer");
        introspect(&app, &again.access_token).await;
        let (_, cost) = refresh(&app, &client, &again).await;
        assert_eq!(cost, 1, "{username}, after use");
    }
}

#[tokio::test]
async fn refreshing_takes_two_where_a_registered_secret_must_be_read() {
    let app = warmed_up().await;
    for (kind, username) in [(Basic, "alice"), (Post, "bob")] {
        let client = app.client(kind).await;
        let tokens = app.signed_in_to(&client, username).await;
        client.refresh(&tokens).await.ok();
        let (_, cost) = refresh(&app, &client, &tokens).await;
        assert_eq!(cost, 2, "{kind:?}");
    }
}

#[tokio::test]
async fn a_code_exchange_takes_at_most_four_on_postgres() {
    // On SQLite, where a round trip costs next to nothing: BEGIN, five writes, COMMIT, after the reads.
    let most = if engine() == Engine::Sqlite { 9 } else { 4 };
    let app = warmed_up().await;
    let registered = [app.client(Public).await, app.client(Basic).await];
    for (client, username) in registered.iter().chain(&[app.configured(Basic)]).zip(["alice", "bob", "carol"])
    {
        let user = app.user(username).await;
        let code = app.authorization(client).agreed_by(user).await;
        let (answer, cost) = app.cost(client.exchange(&code)).await;
        answer.ok();
        assert!(cost <= most, "{cost} for {username}");
    }
}

#[tokio::test]
async fn a_poll_takes_one_while_the_person_decides() {
    let app = warmed_up().await;
    let clients = [app.device_client(Public).await, app.configured(Basic), app.configured(Public)];
    for client in clients {
        let codes = client.ask_for_codes("openid").await.ok().json();
        let code = codes["device_code"].as_str().unwrap();
        client.poll(code).await;
        let (answer, cost) = app.cost(client.poll(code)).await;
        assert_eq!((answer.refusal().1.as_str(), cost), ("slow_down", 1));
    }
}

/// From the app to the question and back, with a code. The rest of each page is made from memory.
#[tokio::test]
async fn the_way_through_the_pages_takes_few() {
    let app = warmed_up().await;
    let (registered, configured) = (app.client(Public).await, app.configured(Public));
    app.user_with_password("alice", testkit::PASSWORD).await;
    let mut browser = crate::pages::signed_in(&app, "alice").await;
    for (client, least) in [(&registered, 1), (&configured, 0)] {
        let path = app.authorization(client).with("scope", "openid").path();
        let page = browser.get(&path).await;
        browser.submit(&page, "/consent/", &[("action", "allow")]).await;

        let (_, cost) = app.cost(app.anonymous().get(&path)).await;
        assert_eq!(cost, least + 1, "/authorize: the client, and the request is kept");
        let insisting = app.authorization(client).with("prompt", "consent").path();
        let (page, cost) = app.cost(browser.get(&insisting)).await;
        assert_eq!(
            cost,
            least + 2 + least + 2,
            "/authorize also reads the session; /consent the request again"
        );
        let (answer, cost) = app.cost(browser.submit(&page, "/consent/", &[("action", "allow")])).await;
        assert!(answer.parameters().contains_key("code"), "{answer}");
        let agreeing = 6; // BEGIN, the request, what was agreed before, what is now, the audit trail, COMMIT
        assert_eq!(cost, least + 2 + agreeing);

        let silent = app.authorization(client).with("scope", "openid").with("prompt", "none").path();
        let (answer, cost) = app.cost(browser.get(&silent)).await;
        assert!(answer.parameters().contains_key("code"), "{answer}");
        assert_eq!(cost, least + 3 + 4, "session, memory and request; and nothing is remembered anew");
    }
}
