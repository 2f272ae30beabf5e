//! What the account API asks of the database, however much there is. How long that takes, `scripts/bench --only account` measures.

use serde_json::{Value, json};
use testkit::{Browser, PASSWORD, TestApp};

use super::{app_of, person};

/// Many apps of one person, of different clients.
pub async fn crowd(app: &TestApp, user: &str, sessions: usize) {
    let clients: Vec<String> = {
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(app.client(testkit::ClientKind::Basic).await.id);
        }
        ids
    };
    let op = app.op();
    let user: kernel::id::UserId = user.trim_start_matches("user:").parse().unwrap();
    let db = &app.parts().db;
    const INSERT: &str = "INSERT INTO sessions (id, kind, user_id, client_id, scope, device_id, created_at) \
      VALUES ($1, 'oauth', $2, $3, 'openid', $4, $5)";
    db.write(async |tx| {
        for number in 0..sessions {
            let client: kernel::id::ClientId = clients[number % clients.len()].parse().unwrap();
            let id: kernel::id::SessionId = op.id();
            let values =
                [id.into(), user.into(), client.into(), format!("DEV{number}").into(), op.now.into()];
            store::sql::execute(tx, INSERT, values).await?;
        }
        Ok::<_, kernel::Error>(())
    })
    .await
    .unwrap();
}

async fn cost(app: &TestApp, browser: &mut Browser, query: &str) -> u64 {
    cost_with(app, browser, query, json!({})).await
}

async fn cost_with(app: &TestApp, browser: &mut Browser, query: &str, variables: Value) -> u64 {
    // What is fetched at once takes several connections, and which of them has prepared what is chance: so the service's own
    // count is taken, not the wire's.
    let before = app.parts().db.round_trips();
    browser.ask(query, variables).await;
    app.parts().db.round_trips() - before
}

/// One of the app's own operations, by its first words, and the fragments after it that it needs.
fn operation(source: &str, heads: &[&str]) -> String {
    let definition = |head: &&str| {
        let from = source.find(head).unwrap_or_else(|| panic!("no {head} in {source}"));
        let length = source[from..].find("\n}").unwrap_or_else(|| panic!("{head} does not end"));
        &source[from..from + length + 2]
    };
    heads.iter().map(definition).collect::<Vec<_>>().join("\n")
}

macro_rules! of_the_app {
    ($file:literal) => {
        include_str!(concat!("../../../../../frontend/src/", $file))
    };
}

/// What the app asks when it opens: who and what there is, the addresses, and the name at the homeserver.
fn home() -> [String; 3] {
    let account = of_the_app!("account/account.graphql");
    [
        operation(of_the_app!("frame/frame.graphql"), &["query Frame"]),
        operation(account, &["query Home"]),
        operation(account, &["query Profile"]),
    ]
}

#[tokio::test]
async fn the_home_takes_six_however_many_sessions_there_are() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    app_of(&app, &mut browser, "DEV1CE0001").await;
    for sessions in [0, 200] {
        crowd(&app, &user, sessions).await;
        let mut all = 0;
        for query in home() {
            all += cost(&app, &mut browser, &query).await;
        }
        assert_eq!(all, 6, "{sessions} sessions");
    }
}

#[tokio::test]
async fn the_list_of_sign_ins_fetches_together_what_it_shows() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    app_of(&app, &mut browser, "DEV1CE0001").await;
    // Who asks; two tables, counted and listed; the other sign-ins once for both; clients.
    let expected = 7;
    let query = operation(
        of_the_app!("sessions/sessions.graphql"),
        &["query SignIns", "fragment SignInRow on SignIn"],
    );
    let first = json!({ "state": "ACTIVE", "first": 20 });
    assert_eq!(cost_with(&app, &mut browser, &query, first.clone()).await, expected);
    crowd(&app, &user, 200).await;
    assert!(cost_with(&app, &mut browser, &query, first).await <= expected);
}

#[tokio::test]
async fn counting_alone_reads_no_page() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let query = "{ viewer { ... on User { appSessions(first: 0) { totalCount } } } }";
    assert_eq!(cost(&app, &mut browser, query).await, 2);
    let query = "{ viewer { ... on User { appSessions(first: 5) { nodes { __typename } } } } }";
    assert_eq!(cost(&app, &mut browser, query).await, 2);
}

/// Legacy apps that came through the browser, of one person.
async fn sso_logins(app: &TestApp, user: &str, count: usize) {
    const SESSION: &str =
        "INSERT INTO sessions (id, kind, user_id, scope, created_at) VALUES ($1, 'compat', $2, '', $3)";
    const LOGIN: &str = "INSERT INTO compat_sso_logins (id, session_id, redirect_uri, created_at) \
      VALUES ($1, $2, 'https://app.example/', $3)";
    let op = app.op();
    let user: kernel::id::UserId = user.trim_start_matches("user:").parse().unwrap();
    let insert = app.parts().db.write(async |tx| {
        for _ in 0..count {
            let (session, login): (kernel::id::SessionId, kernel::id::CompatSsoLoginId) = (op.id(), op.id());
            store::sql::execute(tx, SESSION, [session.into(), user.into(), op.now.into()]).await?;
            store::sql::execute(tx, LOGIN, [login.into(), session.into(), op.now.into()]).await?;
        }
        Ok::<_, kernel::Error>(())
    });
    insert.await.unwrap();
}

#[tokio::test]
async fn the_sessions_of_many_sign_ins_are_fetched_together() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    sso_logins(&app, &user, 30).await;
    let query = "{ viewer { ... on User { compatSsoLogins(first: 100) { nodes { session { id } } } } } }";
    let data = browser.ask(query, json!({})).await;
    assert!(data["viewer"]["compatSsoLogins"]["nodes"][29]["session"]["id"].is_string(), "{data}");
    assert_eq!(cost(&app, &mut browser, query).await, 3, "who asks, the list, the sessions");
}

#[tokio::test]
async fn a_personal_access_token_costs_the_same_whatever_there_is() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    let create = |name: &str| {
        format!(
            "mutation {{ createPersonalSession(input: {{ humanName: \"{name}\", scope: \"urn:matrix:client:api:*\", \
             expiresIn: 86400, password: \"{PASSWORD}\" }}) {{ status }} }}"
        )
    };
    let first = cost(&app, &mut browser, &create("one")).await;
    assert_eq!(first, CREATION);
    crowd(&app, &user, 200).await;
    assert_eq!(cost(&app, &mut browser, &create("two")).await, first);
    let list = "{ viewer { ... on User { personalSessions(first: 20, revoked: false) { totalCount nodes { id scope } } } } }";
    assert_eq!(cost(&app, &mut browser, list).await, 3);
}

/// Who asks; the sessions; whether there is a password, and which; that it was used, in a transaction of its own; then
/// the sessions and the person once more, held; session, token, event and commit; and the session as it is told.
const CREATION: u64 = 18;
