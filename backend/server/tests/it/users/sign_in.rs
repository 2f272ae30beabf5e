//! Signing in with a password: what it costs, and what counts that changes meanwhile.

use domain::{
    passwords::Password,
    users::{
        browser::{self, Visitor},
        login::{self, Login, Named, Proven, Verdict},
        password,
        welcome::welcome as let_in,
    },
};
use store::Engine;
use testkit::{PASSWORD, TestApp, engine};

use super::*;

/// Alice, whose password was found to be right.
async fn proven(app: &TestApp) -> Box<Proven> {
    let app = app.parts();
    let parts = login::Parts {
        db: &app.db,
        hasher: app.hasher.as_ref().unwrap(),
        limiter: &app.limiter,
        server_name: "example.com",
        with_email: false,
    };
    match login::verify(parts, &app.op("test"), Named::User("alice"), PASSWORD).await.unwrap() {
        Verdict::Proven(proven) => proven,
        other => panic!("{other:?}"),
    }
}

async fn browser_sessions(app: &TestApp) -> usize {
    app.database.texts("SELECT amr FROM browser_sessions").await.len()
}

/// A password takes a while to verify, and the account was fine when that began.
#[tokio::test]
async fn who_is_stopped_while_the_password_is_verified_does_not_get_in() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let proven = proven(&app).await;
    let welcome = async || let_in(&app.parts().db, &app.op(), &proven).await.unwrap();
    lock(&app, alice).await;
    assert!(matches!(welcome().await, Login::Locked { username } if username == "alice"));
    deactivate(&app, alice, false).await;
    assert!(matches!(welcome().await, Login::Deactivated { username } if username == "alice"));
    app.run_jobs().await;
    assert_eq!(browser_sessions(&app).await, 0);
    assert!(app.database.texts("SELECT kind FROM audit_events WHERE kind = 'signed_in'").await.is_empty());
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert!(matches!(welcome().await, Login::WrongCredentials), "there is no such password any more");
    assert_eq!(browser_sessions(&app).await, 0);
}

/// The old one neither lets in, nor comes back with the note that it was used.
#[tokio::test]
async fn a_password_that_is_changed_while_it_is_verified_does_not_let_in() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let (before, parts, op) = (proven(&app).await, app.parts(), app.op());
    let new = Password::parse("another secret").unwrap();
    let hashed = parts.hasher.as_ref().unwrap().hash(new, op.random()).await.unwrap();
    parts.db.write(async |tx| password::set(tx, &op, alice, &hashed).await).await.unwrap();
    assert!(matches!(let_in(&parts.db, &op, &before).await.unwrap(), Login::WrongCredentials));
    assert_eq!(browser_sessions(&app).await, 0);
    let events = app.database.texts("SELECT kind FROM audit_events WHERE kind LIKE 'sign%'").await;
    assert_eq!(events, ["sign_in_failed"]);
    let stored = app.database.texts("SELECT secret FROM authenticators").await;
    assert_eq!(stored, [hashed.text.expose().as_str()]);
}

/// The deactivation is not committed yet when the sign-in comes to write its session down: it waits, and then knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_waits_for_a_deactivation_that_is_under_way() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let (proven, op, parts) = (proven(&app).await, app.op(), app.parts().clone());
    let welcome = app.parts().db.write(async |tx| {
        users::deactivate(tx, &op, alice, false).await?;
        let (parts, op, proven) = (parts.clone(), op.clone(), proven.clone());
        let welcome = tokio::spawn(async move { let_in(&parts.db, &op, &proven).await.unwrap() });
        if engine() == Engine::Postgres {
            // On SQLite one transaction writes at a time anyway.
            let waiting = "SELECT 'x' AS t FROM pg_stat_activity \
                           WHERE wait_event_type = 'Lock' AND datname = current_database() \
                             AND query LIKE 'WITH used AS (UPDATE authenticators%'";
            while !welcome.is_finished()
                && store::sql::one(&app.parts().db.read, waiting, []).await?.is_none()
            {
                tokio::task::yield_now().await;
            }
        }
        Ok::<_, kernel::Error>(welcome)
    });
    let welcome = welcome.await.unwrap().await.unwrap();
    assert!(matches!(welcome, Login::Deactivated { .. }), "{welcome:?}");
    assert_eq!(browser_sessions(&app).await, 0);
    app.run_jobs().await;
}

#[tokio::test]
async fn who_is_stopped_meanwhile_proves_nothing_again() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let (op, db) = (app.op(), &app.parts().db);
    let started = db.write(async |tx| browser::start(tx, &op, alice, "pwd").await).await.unwrap();
    let (id, secret) = started.unwrap();
    let Visitor::SignedIn(session) = browser::visitor(db, id, secret.expose()).await.unwrap() else {
        panic!("she is signed in")
    };
    let prove = async || db.write(async |tx| browser::prove(tx, &op, &session, "pwd").await).await.unwrap();
    assert!(prove().await);
    lock(&app, alice).await;
    assert!(!prove().await);
    unlock(&app, alice).await;
    assert!(prove().await);
    deactivate(&app, alice, false).await;
    assert!(!prove().await);
    app.run_jobs().await;
}

/// Who it is, and everything that is written; the index, which comes next, asks who is there.
#[tokio::test]
async fn a_sign_in_takes_two_round_trips() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for warmed_up in [false, true] {
        let mut browser = app.browser();
        let form = browser.get("/login").await;
        let fields = [("username", "alice"), ("password", PASSWORD)];
        let submitted = browser.submit(&form, "/login", &fields);
        if warmed_up {
            assert_eq!(app.cost(submitted).await.1, 2 + 1);
        } else {
            submitted.await;
        }
        assert_eq!(browser.redirects, ["/"]);
    }
}
