//! What happens again and again, with any number of workers.

use domain::jobs::schedules;
use testkit::TestApp;

use super::{DAY, HOUR, MINUTE};

#[tokio::test]
async fn each_schedule_runs_in_its_turn() {
    let app = TestApp::new().await;
    assert_eq!(app.plan_jobs().await, Vec::<&str>::new(), "at noon, nothing is due yet");
    app.clock.advance(MINUTE);
    assert_eq!(app.plan_jobs().await, ["expire-inactive-sessions"]);
    assert_eq!(app.run_jobs().await, ["expire-inactive-sessions"]);
    app.clock.advance(4 * MINUTE);
    assert_eq!(app.plan_jobs().await, ["cleanup-revoked-oauth-tokens"]);
    assert_eq!(app.plan_jobs().await, Vec::<&str>::new());
    assert_eq!(app.run_jobs().await, ["cleanup-revoked-oauth-tokens"]);
}

#[tokio::test]
async fn runs_that_were_missed_are_made_up_for_by_one() {
    let app = TestApp::new().await;
    app.plan_jobs().await;
    app.clock.advance(3 * DAY);
    let planned = app.plan_jobs().await;
    assert_eq!(planned.len(), schedules::SCHEDULES.len());
    assert_eq!(app.plan_jobs().await, Vec::<&str>::new());
    assert_eq!(app.run_jobs().await.len(), planned.len());
}

#[tokio::test]
async fn a_run_does_not_begin_before_the_previous_one_has_ended() {
    let app = TestApp::new().await;
    app.plan_jobs().await;
    app.clock.advance(MINUTE);
    assert_eq!(app.plan_jobs().await, ["expire-inactive-sessions"]);
    app.clock.advance(15 * MINUTE);
    assert!(!app.plan_jobs().await.contains(&"expire-inactive-sessions"));
    app.run_jobs().await;
    app.clock.advance(15 * MINUTE);
    assert!(app.plan_jobs().await.contains(&"expire-inactive-sessions"));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_clock_that_was_ahead_for_a_while_stops_nothing() {
    let app = TestApp::new().await;
    app.clock.advance(3650 * DAY);
    app.plan_jobs().await;
    app.clock.set_back(3650 * DAY);
    assert_eq!(app.plan_jobs().await, Vec::<&str>::new());
    app.clock.advance(HOUR);
    assert!(app.plan_jobs().await.contains(&"expire-inactive-sessions"));
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_workers_one_plans() {
    let app = TestApp::new().await;
    app.plan_jobs().await;
    app.clock.advance(HOUR);
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (parts, op) = (app.parts().clone(), app.op());
            tokio::spawn(async move { schedules::plan(&parts.db, &op).await.unwrap() })
        })
        .collect();
    let mut planned = Vec::new();
    for task in tasks {
        planned.extend(task.await.unwrap());
    }
    planned.sort_unstable();
    let mut each_once = planned.clone();
    each_once.dedup();
    assert!(!planned.is_empty());
    assert_eq!(planned, each_once);
    assert_eq!(app.run_jobs().await.len(), planned.len());
}
