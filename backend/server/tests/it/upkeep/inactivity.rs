//! Sessions that nobody uses end, if the operator wants it.

use domain::jobs::{self, Inactivity, Job, Outcome, SessionsKind, Stop};
use testkit::{ClientKind::*, TestApp};

use super::{DAY, HOUR, MINUTE};

async fn app(change: impl FnOnce(&mut Inactivity)) -> TestApp {
    let mut inactivity = Inactivity { ttl: DAY, oauth: true, compat: true, browser: true };
    change(&mut inactivity);
    let app = TestApp::with(|settings| settings.upkeep.inactivity = Some(inactivity)).await;
    app.plan_jobs().await;
    app
}

/// A quarter of an hour passes, with a worker at work.
async fn quarter(app: &TestApp) -> Vec<&'static str> {
    app.clock.advance(15 * MINUTE);
    app.plan_jobs().await;
    app.run_jobs().await
}

const RUNNING: &str = "SELECT kind FROM sessions WHERE finished_at IS NULL";
const BROWSERS: &str = "SELECT amr FROM browser_sessions WHERE finished_at IS NULL";

#[tokio::test]
async fn a_session_that_nobody_uses_ends_and_its_device_goes() {
    let app = app(|_| {}).await;
    let (client, tokens) = app.signed_in("alice").await;
    app.write_activity().await;
    app.clock.advance(DAY - 15 * MINUTE);
    quarter(&app).await;
    client.refresh(&tokens).await.tokens();
    app.clock.advance(DAY);
    app.write_activity().await;
    quarter(&app).await;
    assert_eq!(app.database.texts(RUNNING).await.len(), 0);
    assert_eq!(app.database.texts(BROWSERS).await.len(), 0);
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 1, "the homeserver is given time");
    app.clock.advance(MINUTE);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 0);
    let reasons = "SELECT kind FROM audit_events WHERE kind IN ('session_ended', 'signed_out') ORDER BY kind";
    assert_eq!(app.database.texts(reasons).await, ["session_ended", "signed_out"]);
}

#[tokio::test]
async fn use_that_is_not_written_down_yet_counts() {
    let app = app(|_| {}).await;
    let (client, tokens) = app.signed_in("alice").await;
    app.write_activity().await;
    app.clock.advance(2 * DAY);
    client.refresh(&tokens).await.tokens();
    quarter(&app).await;
    assert_eq!(app.database.texts(RUNNING).await.len(), 1);
}

/// The note is in the memory of another process; the new tokens are in the database.
#[tokio::test]
async fn use_that_another_process_has_noted_counts() {
    let mut app = app(|_| {}).await;
    let (client, tokens) = app.signed_in("alice").await;
    app.write_activity().await;
    app.clock.advance(2 * DAY);
    client.refresh(&tokens).await.tokens();
    app.restart(|_| {}).await;
    quarter(&app).await;
    assert_eq!(app.database.texts(RUNNING).await.len(), 1);
}

#[tokio::test]
async fn clients_of_the_configuration_stay_signed_in() {
    let app = app(|_| {}).await;
    app.signed_in_to(&app.configured(Basic), "alice").await;
    app.write_activity().await;
    app.clock.advance(30 * DAY);
    quarter(&app).await;
    assert_eq!(app.database.texts(RUNNING).await.len(), 1);
}

#[tokio::test]
async fn a_session_that_was_never_seen_in_use_stays() {
    let app = app(|_| {}).await;
    app.signed_in("alice").await;
    app.write_activity().await;
    app.database.execute("UPDATE sessions SET last_active_at = NULL").await;
    app.clock.advance(30 * DAY);
    quarter(&app).await;
    assert_eq!(app.database.texts(RUNNING).await.len(), 1);
}

#[tokio::test]
async fn kinds_that_are_switched_off_stay() {
    let app = app(|inactivity| (inactivity.oauth, inactivity.browser) = (false, false)).await;
    app.signed_in("alice").await;
    app.write_activity().await;
    app.clock.advance(30 * DAY);
    quarter(&app).await;
    assert_eq!(app.database.texts(RUNNING).await.len(), 1);
    assert_eq!(app.database.texts(BROWSERS).await.len(), 1);
}

#[tokio::test]
async fn nothing_ends_unless_it_was_asked_for() {
    let app = TestApp::new().await;
    app.plan_jobs().await;
    app.signed_in("alice").await;
    app.write_activity().await;
    app.clock.advance(30 * DAY);
    quarter(&app).await;
    assert_eq!(app.database.texts(RUNNING).await.len(), 1);
}

#[tokio::test]
async fn a_crowd_ends_a_hundred_at_a_time_and_the_homeserver_hears_of_it_bit_by_bit() {
    let app = app(|_| {}).await;
    let client = app.client(Public).await;
    let (user, long_ago) = (app.user("alice").await, app.now());
    app.clock.advance(2 * DAY);
    app.parts()
        .db
        .write(async |tx| {
            let op = app.op();
            let client: kernel::id::ClientId = client.id.parse().unwrap();
            for device in 0..250 {
                let insert = "INSERT INTO sessions (id, kind, user_id, client_id, scope, device_id, created_at, \
                              last_active_at) VALUES ($1, 'oauth', $2, $3, '', $4, $5, $5)";
                let id: kernel::id::SessionId = op.id();
                let values =
                    [id.into(), user.into(), client.into(), format!("D{device}").into(), long_ago.into()];
                store::sql::execute(tx, insert, values).await?;
            }
            Ok::<_, store::DbErr>(())
        })
        .await
        .unwrap();
    let ran = quarter(&app).await;
    assert_eq!(ran.iter().filter(|job| **job == "expire-inactive-oauth-sessions").count(), 3, "{ran:?}");
    assert_eq!(app.database.texts(RUNNING).await.len(), 0);
    app.clock.advance(MINUTE);
    assert_eq!(app.run_jobs().await.len(), 3, "the first of each hundred");
    app.clock.advance(HOUR);
    assert_eq!(app.run_jobs().await.len(), 247);
}

fn looking(app: &TestApp, kind: SessionsKind) -> Job {
    Job::ExpireInactiveSessions { kind, threshold: app.now() - DAY, after: None }
}

/// Most often there is none, and all were looked at.
#[tokio::test]
async fn looking_for_them_takes_no_transaction() {
    let app = app(|_| {}).await;
    app.signed_in("alice").await;
    app.write_activity().await;
    for kind in [SessionsKind::Oauth, SessionsKind::Compat, SessionsKind::Browser] {
        let (job, stop, op) = (looking(&app, kind), Stop::new(), app.op());
        // Not `cost`: a statement's first use is two messages to PostgreSQL.
        let before = app.parts().db.round_trips();
        let outcome = jobs::run(app.parts().job_parts(&stop), &op, &job).await;
        let cost = app.parts().db.round_trips() - before;
        assert_eq!((outcome, cost), (Outcome::Done, 1), "{kind:?}");
    }
}

/// Two workers, or somebody who signs out at that moment.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_meanwhile_does_not_end_again() {
    let app = app(|_| {}).await;
    let user = app.user("alice").await;
    for _ in 0..60 {
        let op = app.op();
        let started =
            app.parts().db.write(async |tx| domain::users::browser::start(tx, &op, user, "pwd").await);
        started.await.unwrap();
    }
    app.database.execute(&format!("UPDATE browser_sessions SET last_active_at = {}", app.now().0)).await;
    app.clock.advance(2 * DAY);
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (parts, op, job) = (app.parts().clone(), app.op(), looking(&app, SessionsKind::Browser));
            tokio::spawn(async move { jobs::run(parts.job_parts(&Stop::new()), &op, &job).await })
        })
        .collect();
    for worker in workers {
        assert_eq!(worker.await.unwrap(), Outcome::Done);
    }
    let told = "SELECT kind FROM audit_events WHERE kind = 'signed_out'";
    assert_eq!(app.database.texts(told).await.len(), 60);
    assert_eq!(app.database.texts(BROWSERS).await.len(), 0);
}
