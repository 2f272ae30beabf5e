//! A deactivated account can be opened again; nothing but the account comes back.

use std::time::Duration;

use domain::jobs::{self, Job};
use kernel::Timestamp;
use testkit::{Mood, PASSWORD, TestApp};

use super::*;
use crate::security::{is_active, signed_in};

const SHUT: &str = "SELECT username FROM users WHERE deactivated_at IS NOT NULL";

#[tokio::test]
async fn the_account_opens_and_nothing_else_comes_back() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let (alice, op) = (named(&app, "alice").await, app.op());
    let emails = app.parts().db.write(async |tx| users::emails::add(tx, &op, alice, "a@example.com").await);
    emails.await.unwrap();
    deactivate(&app, alice, false).await;
    app.run_jobs().await;
    assert!(app.homeserver.user("alice").unwrap().deactivated);

    let done = reactivate(&app, alice).await.unwrap();
    assert!(done.changed && done.user.deactivated_at.is_none());
    assert!(!app.homeserver.user("alice").unwrap().deactivated);
    assert!(!is_active(&app, &tokens.access_token).await);
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400);
    assert!(app.database.texts("SELECT email FROM user_emails").await.is_empty());
    signed_in(&app, "alice").await;
    let mut jobs = app.run_jobs().await;
    jobs.sort_unstable();
    assert_eq!(jobs, ["delete-devices", "provision-user"]);
    assert!(!reactivate(&app, alice).await.unwrap().changed, "asking twice is no error");
    app.run_jobs().await;
}

#[tokio::test]
async fn the_homeserver_comes_first() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    deactivate(&app, alice, false).await;
    app.run_jobs().await;
    app.homeserver.feels(Mood::Failing);
    assert!(reactivate(&app, alice).await.is_err());
    assert_eq!(app.database.texts(SHUT).await, ["alice"]);
    app.homeserver.feels(Mood::Well);
    app.clock.advance(Duration::from_secs(10));
    assert!(reactivate(&app, alice).await.unwrap().changed);
    app.run_jobs().await;
}

#[tokio::test]
async fn sessions_stay_ended_even_if_nobody_came_to_end_them() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    let alice = named(&app, "alice").await;
    app.homeserver.feels(Mood::Failing);
    deactivate(&app, alice, false).await;
    app.homeserver.feels(Mood::Well);
    reactivate(&app, alice).await.unwrap();
    assert!(!is_active(&app, &tokens.access_token).await);
    app.run_jobs().await;
    let there = app.homeserver.user("alice").unwrap();
    assert!(!there.deactivated, "the job came too late");
    assert!(there.devices.is_empty(), "they went with the sessions: {there:?}");
}

#[tokio::test]
async fn devices_go_also_if_the_sessions_were_erased_before_the_homeserver_had_heard_of_it() {
    let app = TestApp::new().await;
    app.signed_in("alice").await;
    let alice = named(&app, "alice").await;
    app.homeserver.feels(Mood::Failing);
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert!(app.database.texts("SELECT kind FROM sessions").await.is_empty());
    app.homeserver.feels(Mood::Well);
    reactivate(&app, alice).await.unwrap();
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 1);
    app.clock.advance(Duration::from_secs(601));
    app.run_jobs().await;
    assert!(app.homeserver.user("alice").unwrap().devices.is_empty());
}

/// Has a worker open the account, if it is still the same deactivation that keeps it shut.
async fn reactivate_later(app: &TestApp, user: UserId, since: Option<Timestamp>) {
    let (op, job) = (app.op(), Job::ReactivateUser { user, since });
    app.parts().db.write(async |tx| jobs::enqueue(tx, &op, &job).await).await.unwrap();
}

#[tokio::test]
async fn who_asks_last_about_an_account_is_right() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    let first = deactivate(&app, alice, false).await.user.deactivated_at;
    app.run_jobs().await;
    reactivate_later(&app, alice, first).await;
    deactivate(&app, alice, true).await;
    assert_eq!(app.run_jobs().await, ["deactivate-user"]);
    assert_eq!(app.database.texts(SHUT).await, ["alice"]);
    assert!(app.homeserver.user("alice").unwrap().erased);

    reactivate_later(&app, alice, first).await;
    app.run_jobs().await;
    assert!(app.database.texts(SHUT).await.is_empty(), "nobody has asked for anything else since");
    app.clock.advance(Duration::from_secs(60));
    deactivate(&app, alice, false).await;
    reactivate_later(&app, alice, first).await;
    app.run_jobs().await;
    assert_eq!(app.database.texts(SHUT).await, ["alice"], "that was another deactivation");
    assert!(app.homeserver.user("alice").unwrap().deactivated);
}

/// Reactivated by another process, while the homeserver is busy deleting.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_opens_while_it_is_being_deleted_stays_open() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    deactivate(&app, alice, true).await;
    app.homeserver.feels(Mood::Hanging);
    let work = async {
        app.run_jobs().await;
    };
    let meanwhile = async {
        while !app.homeserver.called().contains(&"delete_user".to_owned()) {
            tokio::task::yield_now().await;
        }
        app.database.execute("UPDATE users SET deactivated_at = NULL").await;
        app.homeserver.feels(Mood::Well);
    };
    tokio::join!(work, meanwhile);
    let there = app.homeserver.user("alice").unwrap();
    assert!(!there.deactivated, "{there:?}");
}

#[tokio::test]
async fn whom_the_homeserver_does_not_know_is_made_known_to_it() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    deactivate(&app, alice, false).await;
    app.run_jobs().await;
    app.homeserver.forget("alice");
    app.clock.advance(Duration::from_secs(60));
    reactivate(&app, alice).await.unwrap();
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert!(app.homeserver.user("alice").is_some());
}

#[tokio::test]
async fn who_was_erased_comes_back_without_a_way_in() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let alice = named(&app, "alice").await;
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    reactivate(&app, alice).await.unwrap();
    app.run_jobs().await;
    let page = crate::security::log_in(&mut app.browser(), "alice", PASSWORD).await;
    assert!(!page.status.is_redirection(), "{page}");
}
