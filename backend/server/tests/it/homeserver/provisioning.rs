//! What the homeserver knows of a person is what is so here.

use domain::jobs::{self, Job, Outcome, Stop};
use kernel::id::UserId;
use testkit::{Mood, TestApp};

use crate::jobs::until;

async fn provision(app: &TestApp, user: UserId, display_name: Option<&str>) {
    let op = app.op();
    let job = Job::ProvisionUser { user, display_name: display_name.map(str::to_owned) };
    app.parts().db.write(async |tx| jobs::enqueue(tx, &op, &job).await).await.unwrap();
    assert_eq!(app.run_jobs().await, ["provision-user"]);
}

#[tokio::test]
async fn name_addresses_and_lock_reach_it() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let known = || app.homeserver.user("alice").unwrap();
    assert_eq!((known().emails.len(), known().locked), (0, false));

    let add = "INSERT INTO user_emails (id, user_id, email, email_norm, created_at) \
               SELECT id, id, 'Alice@example.com', 'alice@example.com', 1 FROM users";
    app.database.execute(add).await;
    app.database.execute("UPDATE users SET locked_at = 1").await;
    provision(&app, user, Some("Alice")).await;
    assert_eq!(known().emails, ["Alice@example.com"]);
    assert!(known().locked);
    assert_eq!(known().display_name.as_deref(), Some("Alice"));

    app.database.execute("DELETE FROM user_emails").await;
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    provision(&app, user, None).await;
    assert_eq!((known().emails.len(), known().locked), (0, false));
    assert_eq!(known().display_name.as_deref(), Some("Alice"), "what was not said stays");
}

/// Of two calls about somebody nobody knows which arrives last: here, the one that says what is so no more.
#[tokio::test(flavor = "multi_thread")]
async fn what_changed_while_it_was_told_is_told_again() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    app.database.execute("UPDATE users SET locked_at = 1").await;
    app.homeserver.feels(Mood::Hanging);
    let (parts, op) = (app.parts().clone(), app.op());
    let slow = tokio::spawn(async move {
        let job = Job::ProvisionUser { user, display_name: None };
        jobs::run(parts.job_parts(&Stop::new()), &op, &job).await
    });
    until("the homeserver is told", async || app.homeserver.called() == ["provision_user"]).await;
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    app.homeserver.feels(Mood::Well);
    assert_eq!(slow.await.unwrap(), Outcome::Done);
    assert!(!app.homeserver.user("alice").unwrap().locked);
}

/// The job may come late, when the homeserver was away.
#[tokio::test]
async fn a_name_that_was_chosen_meanwhile_stays() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let set = async |name| app.parts().homeserver.set_display_name("alice", name).await.unwrap();
    let name = || app.homeserver.user("alice").unwrap().display_name;
    set(Some("Lady Alice")).await;
    provision(&app, user, Some("Alice")).await;
    assert_eq!(name().as_deref(), Some("Lady Alice"));
    set(Some("alice")).await;
    provision(&app, user, Some("Alice")).await;
    assert_eq!(name().as_deref(), Some("Alice"), "nobody has chosen the one that everybody begins with");
}

#[tokio::test]
async fn whoever_makes_a_user_at_the_same_moment_is_not_in_the_way() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    app.homeserver.forget("alice");
    app.homeserver.is_raced("alice");
    provision(&app, user, Some("Alice")).await;
    assert_eq!(app.homeserver.user("alice").unwrap().display_name.as_deref(), Some("Alice"));
}
