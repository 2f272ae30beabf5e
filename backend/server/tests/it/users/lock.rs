//! A locked account is refused everywhere, and keeps everything.

use std::time::Duration;

use kernel::{Error, Kind};
use testkit::{ClientKind::*, TestApp};

use super::*;
use crate::security::{is_active, log_in, signed_in};

const EVENTS: &str = "SELECT kind FROM audit_events WHERE kind LIKE 'user_%lock%' ORDER BY kind";

#[tokio::test]
async fn what_is_refused_while_locked_works_again_afterwards() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    let alice = named(&app, "alice").await;
    let mut browser = signed_in(&app, "alice").await;
    let compat = legacy(&app, alice, "LEGACY").await;

    assert!(lock(&app, alice).await.changed);
    for token in [&tokens.access_token, &tokens.refresh_token, &compat] {
        assert!(!is_active(&app, token).await, "{token}");
    }
    let page = log_in(&mut app.browser(), "alice", testkit::PASSWORD).await;
    assert!(page.to_string().contains("locked"), "{page}");
    let client = app.client(Public).await;
    assert!(!browser.get(&app.authorization(&client).path()).await.has_form("/consent/"));
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert!(app.homeserver.user("alice").unwrap().locked);

    assert!(unlock(&app, alice).await.changed);
    for token in [&tokens.access_token, &tokens.refresh_token, &compat] {
        assert!(is_active(&app, token).await, "{token}");
    }
    assert!(browser.get(&app.authorization(&client).path()).await.has_form("/consent/"));
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    assert!(!app.homeserver.user("alice").unwrap().locked);
    assert_eq!(app.database.texts(EVENTS).await, ["user_locked", "user_unlocked"]);
}

#[tokio::test]
async fn asking_twice_keeps_the_first_instant_and_tells_the_homeserver_again() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    let first = lock(&app, alice).await;
    app.clock.advance(Duration::from_secs(60));
    let second = lock(&app, alice).await;
    assert!(first.changed && !second.changed);
    assert_eq!(first.user.locked_at, second.user.locked_at);
    assert_eq!(app.run_jobs().await, ["provision-user", "provision-user"]);
    assert_eq!(app.database.texts(EVENTS).await, ["user_locked"]);
    assert!(unlock(&app, alice).await.changed);
    assert!(!unlock(&app, alice).await.changed);
    app.run_jobs().await;
}

/// The token is refused while it lasts, but neither lock ends the session.
#[tokio::test]
async fn personal_sessions_outlive_a_lock_of_actor_and_owner() {
    let app = TestApp::new().await;
    let (alice, bot) = (app.user("alice").await, app.user("bot").await);
    let token = personal(&app, bot, alice, "BOT").await;
    for user in [alice, bot] {
        lock(&app, user).await;
        assert!(!is_active(&app, &token).await);
        unlock(&app, user).await;
        assert!(is_active(&app, &token).await);
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn what_is_rolled_back_leaves_no_trace() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    let op = app.op();
    let done: Result<()> = app
        .parts()
        .db
        .write(async |tx| {
            users::lock(tx, &op, alice).await?;
            users::deactivate(tx, &op, alice, true).await?;
            Err(Error::new(Kind::Conflict, "as the test wishes"))
        })
        .await;
    assert!(done.is_err());
    assert!(app.run_jobs().await.is_empty());
    assert!(app.database.texts("SELECT username FROM users WHERE locked_at IS NOT NULL").await.is_empty());
    assert!(
        app.database
            .texts("SELECT kind FROM audit_events WHERE kind LIKE 'user_%ed' AND kind <> 'user_registered'")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn nobody_cannot_be_locked() {
    let app = TestApp::new().await;
    let (op, nobody) = (app.op(), app.op().id());
    let done = app.parts().db.write(async |tx| users::lock(tx, &op, nobody).await).await;
    assert_eq!(done.unwrap_err().kind, Kind::NotFound);
}

#[tokio::test]
async fn the_right_to_ask_for_administrative_scopes_comes_and_goes() {
    let app = TestApp::new().await;
    let (alice, _bob) = (app.user("alice").await, app.user("bob").await);
    let op = app.op();
    let set = async |admin| {
        let done = app.parts().db.write(async |tx| users::set_admin(tx, &op, alice, admin).await).await;
        let done = done.unwrap();
        assert_eq!(done.user.can_request_admin, admin);
        done.changed
    };
    assert!(set(true).await);
    assert!(!set(true).await);
    let admins = users::admins(&app.parts().db.read).await.unwrap();
    assert_eq!(admins.iter().map(|user| user.id).collect::<Vec<_>>(), [alice]);
    assert!(set(false).await);
    let events = "SELECT kind FROM audit_events WHERE kind LIKE 'admin_%' ORDER BY kind";
    assert_eq!(app.database.texts(events).await, ["admin_granted", "admin_revoked"]);
}
