//! The test kit keeps its own promises.

use testkit::{ClientKind::*, TestApp};

#[tokio::test]
#[should_panic(expected = "jobs are left: [\"delete-device\"]")]
async fn a_test_that_leaves_jobs_behind_fails() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    client.revoke(&tokens.access_token).await.ok();
}

#[tokio::test]
async fn two_runs_give_the_same_answers() {
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let app = TestApp::new().await;
        let client = app.client(Basic).await;
        let tokens = app.signed_in_to(&client, "alice").await;
        bodies.push((tokens.access_token.clone(), client.refresh(&tokens).await.body));
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn transactions_and_their_ends_are_counted() {
    let app = TestApp::new().await;
    let nothing = async || app.parts().db.write(async |_| Ok::<_, store::DbErr>(())).await;
    let (done, cost) = app.cost(nothing()).await;
    done.unwrap();
    assert_eq!(cost, 2, "BEGIN and COMMIT");
}
