//! An address belongs to one account, and the homeserver hears of every change.

use domain::users::emails::{self, Added};
use testkit::TestApp;

use super::*;

async fn add(app: &TestApp, user: UserId, email: &str) -> Added {
    let op = app.op();
    app.parts().db.write(async |tx| emails::add(tx, &op, user, email).await).await.unwrap()
}

#[tokio::test]
async fn an_address_is_one_accounts_in_whatever_letter_case() {
    let app = TestApp::new().await;
    let (alice, bob) = (app.user("alice").await, app.user("bob").await);
    let Added::Added(id) = add(&app, alice, "Alice@Example.com").await else { panic!("it is free") };
    assert_eq!(add(&app, alice, "alice@example.COM").await, Added::Already(id));
    assert_eq!(add(&app, bob, "ALICE@example.com").await, Added::Taken);
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert_eq!(app.homeserver.user("alice").unwrap().emails, ["Alice@Example.com"]);

    let (op, db) = (app.op(), &app.parts().db);
    let remove = async |user| db.write(async |tx| emails::remove(tx, &op, user, id).await).await.unwrap();
    assert!(!remove(bob).await, "not bob's to remove");
    assert!(remove(alice).await);
    assert!(!remove(alice).await);
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert!(app.homeserver.user("alice").unwrap().emails.is_empty());
    assert!(matches!(add(&app, bob, "alice@example.com").await, Added::Added(_)));
    app.run_jobs().await;
    let events = "SELECT kind FROM audit_events WHERE kind LIKE 'email_%' ORDER BY kind";
    assert_eq!(app.database.texts(events).await, ["email_added", "email_added", "email_removed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_an_address_at_once_one_gets_it() {
    let app = TestApp::new().await;
    let mut users = Vec::new();
    for number in 0..8 {
        users.push(app.user(&format!("user{number}")).await);
    }
    let mut asking = tokio::task::JoinSet::new();
    for user in users {
        let (db, op) = (app.parts().db.clone(), app.op());
        asking.spawn(async move {
            db.write(async |tx| emails::add(tx, &op, user, "one@example.com").await).await.unwrap()
        });
    }
    let outcomes = asking.join_all().await;
    let added = outcomes.iter().filter(|outcome| matches!(outcome, Added::Added(_))).count();
    assert_eq!((added, outcomes.iter().filter(|outcome| **outcome == Added::Taken).count()), (1, 7));
    assert_eq!(app.run_jobs().await, ["provision-user"]);
}
