//! A deactivated account is shut at once; whatever it had ends.

use std::time::Duration;

use domain::{
    jobs::{self, Job},
    sessions::{end::Reason, end_all::Which},
    users::register::{self, NewUser, Registration},
};
use testkit::{ClientKind::*, Mood, PASSWORD, TestApp};

use super::*;
use crate::security::{is_active, log_in, signed_in};

const RUNNING: &str = "SELECT kind FROM sessions WHERE finished_at IS NULL ORDER BY kind";

#[tokio::test]
async fn who_is_deactivated_is_out_at_once_whatever_the_homeserver_says() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let alice = named(&app, "alice").await;
    app.homeserver.feels(Mood::Failing);

    assert!(deactivate(&app, alice, false).await.changed);
    assert!(!is_active(&app, &tokens.access_token).await);
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400);
    let page = log_in(&mut app.browser(), "alice", PASSWORD).await;
    assert!(page.to_string().contains("deactivated"), "{page}");

    assert_eq!(app.run_jobs().await, ["deactivate-user"]);
    assert_eq!(app.database.texts(RUNNING).await.len(), 0, "that much needs no homeserver");
    assert!(!app.homeserver.user("alice").unwrap().deactivated);
    app.homeserver.feels(Mood::Well);
    app.clock.advance(Duration::from_secs(6));
    assert_eq!(app.run_jobs().await, ["deactivate-user"]);
    let there = app.homeserver.user("alice").unwrap();
    assert!(there.deactivated && !there.erased, "{there:?}");
    let reasons = "SELECT kind FROM audit_events WHERE data ->> 'reason' = 'deactivated' ORDER BY kind";
    assert_eq!(app.database.texts(reasons).await, ["session_ended", "signed_out"]);
}

#[tokio::test]
async fn a_homeserver_that_is_away_for_days_hears_of_it_in_the_end() {
    let app = TestApp::new().await;
    app.signed_in("alice").await;
    let alice = named(&app, "alice").await;
    app.homeserver.feels(Mood::Failing);
    deactivate(&app, alice, false).await;
    for _ in 0..6 * 24 {
        app.run_jobs().await;
        app.clock.advance(Duration::from_secs(3600));
    }
    app.homeserver.feels(Mood::Well);
    app.clock.advance(Duration::from_secs(600));
    assert_eq!(app.run_jobs().await, ["deactivate-user"]);
    assert!(app.homeserver.user("alice").unwrap().deactivated);
}

#[tokio::test]
async fn everything_that_the_account_had_ends_and_nothing_of_others() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    let (alice, bot) = (named(&app, "alice").await, app.user("bot").await);
    let (as_bot, as_alice) =
        (personal(&app, bot, alice, "BOTDEVICE").await, personal(&app, alice, bot, "ALICEDEVICE").await);
    let compat = legacy(&app, alice, "LEGACY").await;
    let (of_bot, op) = (legacy(&app, bot, "BOTLEGACY").await, app.op());
    let emails = app.parts().db.write(async |tx| users::emails::add(tx, &op, alice, "a@example.com").await);
    emails.await.unwrap();
    app.run_jobs().await;
    app.homeserver.calls();

    deactivate(&app, alice, false).await;
    assert!(app.database.texts("SELECT email FROM user_emails").await.is_empty());
    for token in [&tokens.access_token, &tokens.refresh_token, &as_bot, &as_alice, &compat] {
        assert!(!is_active(&app, token).await, "{token}");
    }
    assert!(is_active(&app, &of_bot).await);
    assert_eq!(app.run_jobs().await, ["deactivate-user", "delete-devices"]);
    assert_eq!(app.database.texts(RUNNING).await, ["compat"]);
    assert!(is_active(&app, &of_bot).await);
    let browsers = "SELECT amr FROM browser_sessions WHERE finished_at IS NULL";
    assert!(app.database.texts(browsers).await.is_empty());
    // The homeserver removes alice's devices by itself; the one in which she acted as the bot is not hers.
    let calls: Vec<_> = app.homeserver.calls().into_iter().map(|call| (call.name, call.body)).collect();
    assert_eq!(
        calls,
        [
            ("delete_user".into(), serde_json::json!({ "localpart": "alice", "erase": false })),
            ("delete_device".into(), serde_json::json!({ "localpart": "bot", "device_id": "BOTDEVICE" })),
        ]
    );
}

#[tokio::test]
async fn what_was_begun_comes_to_nothing() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let alice = named(&app, "alice").await;
    let client = app.client(Public).await;
    let device = app.device_client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    let code = app.authorization(&client).through(&mut browser, "alice").await;
    let codes = device.ask_for_codes("openid").await.ok().json();
    app.let_in(&mut browser, "alice", codes["user_code"].as_str().unwrap()).await;

    deactivate(&app, alice, false).await;
    assert!(reactivate(&app, alice).await.unwrap().changed);
    app.run_jobs().await;
    let code = client.exchange(&code).await;
    assert_eq!(code.json()["error"], "invalid_grant", "{code}");
    let poll = device.poll(codes["device_code"].as_str().unwrap()).await;
    assert_eq!(poll.json()["error"], "access_denied", "{poll}");
    assert!(!browser.get(&app.authorization(&client).path()).await.has_form("/consent/"));
}

#[tokio::test]
async fn the_name_can_never_be_taken_again() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    let op = app.op();
    let new = NewUser { username: "Alice".into(), ..NewUser::default() };
    let created = app.parts().db.write(async |tx| register::create(tx, &op, &new).await).await.unwrap();
    assert_eq!(created, Registration::UsernameTaken);
}

#[tokio::test]
async fn asking_twice_keeps_the_first_instant() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    let first = deactivate(&app, alice, false).await;
    app.clock.advance(Duration::from_secs(60));
    let second = deactivate(&app, alice, false).await;
    assert_eq!((first.changed, second.changed), (true, false));
    assert_eq!(first.user.deactivated_at, second.user.deactivated_at);
    app.run_jobs().await;
    let events = "SELECT kind FROM audit_events WHERE kind = 'user_deactivated'";
    assert_eq!(app.database.texts(events).await.len(), 1);
}

#[tokio::test]
async fn lock_and_deactivation_do_not_touch_each_other() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    lock(&app, alice).await;
    let done = deactivate(&app, alice, false).await;
    assert!(done.user.locked_at.is_some());
    assert!(unlock(&app, alice).await.user.deactivated_at.is_some());
    lock(&app, alice).await;
    app.run_jobs().await;
    assert!(reactivate(&app, alice).await.unwrap().user.locked_at.is_some());
    app.run_jobs().await;
    assert!(app.homeserver.user("alice").unwrap().locked, "the homeserver hears of it with the reactivation");
}

#[tokio::test]
async fn whom_the_homeserver_does_not_know_it_need_not_delete() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    app.homeserver.forget("alice");
    deactivate(&app, alice, true).await;
    assert_eq!(app.run_jobs().await, ["deactivate-user"]);
    let left = "SELECT queue FROM jobs WHERE completed_at IS NULL";
    assert!(app.database.texts(left).await.is_empty());
}

/// Its worker may have been dead for long, and the account opened and shut again since.
#[tokio::test]
async fn a_job_of_another_deactivation_does_nothing() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let alice = named(&app, "alice").await;
    deactivate(&app, alice, false).await;
    app.run_jobs().await;
    let op = app.op();
    let stale = Job::DeactivateUser { user: alice, erase: true, since: op.now - Duration::from_secs(60) };
    app.parts().db.write(async |tx| jobs::enqueue(tx, &op, &stale).await).await.unwrap();
    app.homeserver.calls();
    app.run_jobs().await;
    assert!(app.homeserver.calls().is_empty());
    assert_eq!(app.database.texts("SELECT kind FROM authenticators").await, ["password"]);
}

/// As many round trips for five sessions as for five hundred.
#[tokio::test]
async fn sessions_end_by_the_slice() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let mut costs = Vec::new();
    for (name, number) in [("alice", 5), ("bob", 499), ("carol", 1100)] {
        let user = app.user(name).await;
        many(&app, user, &client.id, number).await;
        let op = app.op();
        let db = &app.parts().db;
        let counted = users::count_sessions(db, user).await.unwrap();
        let before = db.round_trips();
        let ended = users::end_sessions(db, &op, user, Which::Apps, Reason::Killed).await;
        costs.push(db.round_trips() - before);
        let ended = ended.unwrap();
        assert_eq!((ended, ended.oauth, ended.browser), (counted, number, number));
        app.run_jobs().await;
    }
    assert!(app.database.texts(RUNNING).await.is_empty());
    // BEGIN, COMMIT; sessions, their changes, events, one job; browser sessions, their changes, events.
    assert_eq!(costs, [9, 9, 27]);
    let told = "SELECT kind || ' ' || CAST(COUNT(*) AS text) FROM changes WHERE kind <> 'client' GROUP BY kind ORDER BY kind";
    assert_eq!(app.database.texts(told).await, ["browser_session 1604", "session 1604"]);
}

async fn many(app: &TestApp, user: UserId, client: &str, number: u64) {
    let op = app.op();
    let client: kernel::id::ClientId = client.parse().unwrap();
    let work = async |tx: &store::Tx| {
        for device in 0..number {
            let insert = "INSERT INTO sessions (id, kind, user_id, client_id, scope, device_id, created_at) \
                          VALUES ($1, 'oauth', $2, $3, '', $4, $5)";
            let device = format!("D{device}");
            let values =
                [op.id::<SessionId>().into(), user.into(), client.into(), device.into(), op.now.into()];
            store::sql::execute(tx, insert, values).await?;
            let insert = "INSERT INTO browser_sessions (id, user_id, created_at, auth_time, amr) \
                          VALUES ($1, $2, $3, $3, 'pwd')";
            let id: kernel::id::BrowserSessionId = op.id();
            store::sql::execute(tx, insert, [id.into(), user.into(), op.now.into()]).await?;
        }
        Ok::<_, store::DbErr>(())
    };
    app.parts().db.write(work).await.unwrap();
}

#[tokio::test]
async fn a_device_that_cannot_be_removed_does_not_keep_the_others() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    for device in ["ONE", "TWO"] {
        legacy(&app, alice, device).await;
        app.parts().homeserver.upsert_device("alice", device, None).await.unwrap();
    }
    let (op, db) = (app.op(), &app.parts().db);
    users::end_sessions(db, &op, alice, Which::Apps, Reason::Killed).await.unwrap();
    // One of them has come to be used again.
    legacy(&app, alice, "TWO").await;
    app.homeserver.feels(Mood::Failing);
    app.run_jobs().await;
    app.homeserver.feels(Mood::Well);
    app.clock.advance(Duration::from_secs(6));
    assert_eq!(app.run_jobs().await, ["delete-devices"]);
    let devices: Vec<_> = app.homeserver.user("alice").unwrap().devices.into_keys().collect();
    assert_eq!(devices, ["TWO"]);
}
