//! When and from where sessions were last used, and by what.

use testkit::{ClientKind::*, TestApp, TestClient, Tokens};

use super::MINUTE;

const SEEN: &str = "SELECT last_active_at || ' ' || COALESCE(last_active_ip, '-') FROM sessions";

/// What is stored of the one session, with minutes since the test began instead of the instant.
async fn stored(app: &TestApp, start: kernel::Timestamp) -> String {
    let rows = app.database.texts(SEEN).await;
    let (at, address) = rows[0].split_once(' ').unwrap();
    let minutes = (at.parse::<i64>().unwrap() - start.0) / 60_000_000;
    format!("{minutes} {address}")
}

async fn introspect(app: &TestApp, token: &str) {
    let request = app.synapse().post("/oauth2/introspect").form([("token", token)]);
    request.header("x-forwarded-for", "192.0.2.99").await.ok();
}

async fn refresh(client: &TestClient, tokens: &Tokens, address: &str, agent: &str) -> Tokens {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens.refresh_token.as_str())];
    let request = client.caller.post("/oauth2/token").form(fields);
    request.header("x-forwarded-for", address).header("user-agent", agent).await.tokens()
}

#[tokio::test]
async fn every_use_is_noted_and_written_down_later() {
    let app = TestApp::new().await;
    let start = app.now();
    let (client, tokens) = app.signed_in("alice").await;
    assert_eq!(app.database.texts("SELECT COALESCE(last_active_ip, '-') FROM sessions").await, ["-"]);
    app.write_activity().await;
    assert_eq!(stored(&app, start).await, "0 127.0.0.1", "the exchange");

    app.clock.advance(MINUTE);
    introspect(&app, &tokens.access_token).await;
    app.write_activity().await;
    assert_eq!(stored(&app, start).await, "1 127.0.0.1", "the homeserver's address is not the client's");

    app.clock.advance(MINUTE);
    let tokens = refresh(&client, &tokens, "192.0.2.7", "Phone/2.0 (Pixel 9; Android 16)").await;
    app.clock.advance(MINUTE);
    introspect(&app, &tokens.access_token).await;
    assert_eq!(app.write_activity().await, 1);
    assert_eq!(stored(&app, start).await, "3 192.0.2.7");
    let agents = app.database.texts("SELECT user_agent FROM sessions").await;
    assert_eq!(agents, ["Phone/2.0 (Pixel 9; Android 16)"]);

    app.clock.advance(MINUTE);
    client.userinfo(&tokens).await.ok();
    app.write_activity().await;
    assert_eq!(stored(&app, start).await, "4 127.0.0.1");

    app.clock.advance(MINUTE);
    client.revoke(&tokens.access_token).await.ok();
    app.write_activity().await;
    app.run_jobs().await;
    assert_eq!(stored(&app, start).await, "5 127.0.0.1");
    assert_eq!(app.write_activity().await, 0, "nothing is left to write");
}

#[tokio::test]
async fn what_is_refused_is_no_use() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    app.write_activity().await;
    app.clock.advance(MINUTE);
    client.revoke(&format!("{}x", tokens.access_token)).await.ok();
    app.client(Basic).await.refresh(&tokens).await;
    app.synapse().post("/oauth2/introspect").form([("token", "mat_x")]).await.ok();
    assert_eq!(app.write_activity().await, 0);
}

#[tokio::test]
async fn pages_note_the_browser() {
    let app = TestApp::new().await;
    app.user_with_password("alice", testkit::PASSWORD).await;
    let mut browser = app.browser();
    browser.address = Some("192.0.2.1".into());
    let page = browser.get("/login").await;
    let fields = [("username", "alice"), ("password", testkit::PASSWORD)];
    browser.submit(&page, "/login", &fields).await.ok();
    app.clock.advance(MINUTE);
    browser.address = Some("192.0.2.2".into());
    browser.get("/").await.ok();
    app.write_activity().await;
    let seen = "SELECT (last_active_at - created_at) || ' ' || last_active_ip FROM browser_sessions";
    assert_eq!(app.database.texts(seen).await, ["60000000 192.0.2.2"]);
}

#[tokio::test]
async fn an_older_note_of_another_process_changes_nothing() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    client.userinfo(&tokens).await.ok();
    let later = app.now() + MINUTE;
    app.database.execute(&format!("UPDATE sessions SET last_active_at = {}", later.0)).await;
    app.write_activity().await;
    let at = app.database.texts("SELECT CAST(last_active_at AS text) FROM sessions").await;
    assert_eq!(at, [later.0.to_string()]);
}

/// In MAS, one session that is gone keeps all the others from being written.
#[tokio::test]
async fn a_session_that_is_gone_does_not_keep_the_others_from_being_written() {
    let app = TestApp::new().await;
    let (_, _) = app.signed_in("alice").await;
    app.database.execute("DELETE FROM sessions").await;
    let (_, _) = app.signed_in("bob").await;
    assert!(app.write_activity().await >= 2);
    assert_eq!(app.database.texts("SELECT last_active_ip FROM sessions").await, ["127.0.0.1"]);
}

#[tokio::test]
async fn what_cannot_be_written_is_written_later() {
    let app = TestApp::new().await;
    let (_, _) = app.signed_in("alice").await;
    {
        let _gone = app.database.gone().await;
        app.parts().activity.flush(&app.parts().db).await.unwrap_err();
    }
    assert!(app.write_activity().await > 0);
    assert_eq!(app.database.texts("SELECT last_active_ip FROM sessions").await, ["127.0.0.1"]);
}

#[tokio::test]
async fn a_crowd_is_written_in_slices() {
    let app = TestApp::new().await;
    let (_, _) = app.signed_in("alice").await;
    app.write_activity().await;
    let op = app.op();
    for _ in 0..1200 {
        app.parts().activity.by_client(&op, op.id());
    }
    let (written, cost) = app.cost(app.write_activity()).await;
    assert_eq!((written, cost), (1200, 3));
}
