//! What a stranger can make the service wait for, or dig through.

use std::time::Duration;

use testkit::{ClientKind::*, Mood, TestApp};

/// More than there are connections to the database, by far.
const WAITING: usize = 60;

/// In MAS, a slow homeserver empties the pool of connections, and everything else waits with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_hangs_holds_no_connection() {
    let app = TestApp::new().await;
    let (other, tokens) = app.signed_in("bob").await;
    let (user, client) = (app.user("alice").await, app.client(Public).await);
    let mut codes = Vec::new();
    for _ in 0..WAITING {
        codes.push(app.authorization(&client).agreed_by(user).await);
    }
    app.homeserver.feels(Mood::Hanging);
    let waiting: Vec<_> = codes
        .into_iter()
        .map(|code| {
            let client = client.clone();
            tokio::spawn(async move { client.exchange(&code).await })
        })
        .collect();
    let all_arrived = async {
        let mut arrived = 0;
        while arrived < WAITING {
            arrived += app.homeserver.calls().len();
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all_arrived)
        .await
        .expect("each of them gets to the homeserver");
    let tokens = other.refresh(&tokens).await.tokens();
    other.userinfo(&tokens).await.ok();
    app.anonymous().get("/login").await.ok();
    assert!(waiting.iter().all(|exchange| !exchange.is_finished()));
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}

/// Kanidm's 1.10.0 notes: filters that are nested without end.
#[tokio::test]
async fn a_document_that_is_nested_without_end_is_refused() {
    let app = TestApp::new().await;
    for (open, close) in [("[", "]"), ("{\"jwks\":", "}")] {
        let nested = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        for document in [nested.clone(), format!("{{\"client_name\": {nested}}}")] {
            let answer = app.anonymous().post("/oauth2/registration").raw("application/json", document).await;
            assert_eq!(answer.status.as_u16(), 400, "{open}: {:.200}", answer.body);
        }
    }
    app.client(Public).await;
}
