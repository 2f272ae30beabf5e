//! What becomes of a job that was run.

use std::time::Duration;

use domain::jobs::{self, Ended, Job, Outcome, Room, Settled, Stop};
use kernel::id::JobId;
use testkit::TestApp;

use super::enqueue;

/// Runs the one job that is due, so that it ends like this.
async fn ends(app: &TestApp, outcome: Outcome) -> Option<Settled> {
    let (db, op) = (&app.parts().db, app.op());
    let claimed = jobs::claim(db, &op, "worker", &Room::default()).await.unwrap().pop()?;
    let ended = [Ended { claimed, outcome, took: Duration::ZERO }];
    Some(jobs::settle(db, &op, &ended).await.unwrap()[0])
}

#[tokio::test]
async fn a_failed_job_is_tried_eleven_times_at_growing_intervals() {
    let app = TestApp::new().await;
    enqueue(&app, &[Job::ExpireInactive]).await;
    let failure = || Outcome::Retry("the homeserver is away".into());
    for doublings in 0..10 {
        let Some(Settled::RetryIn(delay)) = ends(&app, failure()).await else { panic!("it is tried again") };
        let usual = Duration::from_secs(5 << doublings);
        assert!(delay >= usual.mul_f64(0.9) && delay <= usual.mul_f64(1.1), "{doublings}: {delay:?}");
        app.clock.advance(delay - Duration::from_millis(1));
        assert_eq!(ends(&app, failure()).await, None, "not before its time");
        app.clock.advance(Duration::from_millis(1));
    }
    assert_eq!(ends(&app, failure()).await, Some(Settled::Abandoned));
    app.clock.advance(Duration::from_secs(86_400));
    assert_eq!(ends(&app, failure()).await, None);
}

/// Until the homeserver has heard of it, somebody's device can go on there.
#[tokio::test]
async fn what_people_depend_on_is_tried_for_a_week() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    for job in [
        Job::DeactivateUser { user, erase: false, since: app.now() },
        Job::ProvisionUser { user, display_name: None },
        Job::DeleteDevice { user, device: "D".into() },
        Job::DeleteDevices { user, devices: vec!["D".into()] },
    ] {
        enqueue(&app, &[job]).await;
        let mut took = Duration::ZERO;
        while let Some(Settled::RetryIn(delay)) = ends(&app, Outcome::Retry("away".into())).await {
            assert!(delay <= Duration::from_secs(3960), "an hour, give or take a tenth");
            took += delay;
            app.clock.advance(delay);
        }
        let days = took.as_secs_f64() / 86_400.0;
        assert!((6.3..=7.7).contains(&days), "{days}");
    }
    let dead = "SELECT queue FROM jobs WHERE failed_at IS NOT NULL";
    assert_eq!(app.database.texts(dead).await.len(), 4);
}

#[tokio::test]
async fn what_another_attempt_would_not_help_is_not_tried_again() {
    let app = TestApp::new().await;
    enqueue(&app, &[Job::ExpireInactive]).await;
    let reason = format!("nul\0 and {}", "x".repeat(5000));
    assert_eq!(ends(&app, Outcome::GiveUp(reason)).await, Some(Settled::Failed));
    let kept = app.database.texts("SELECT reason FROM jobs WHERE failed_at IS NOT NULL").await;
    assert!(kept[0].starts_with("nul and xxx") && kept[0].len() == 2000, "{}", kept[0].len());
}

#[tokio::test]
async fn booking_twice_changes_nothing() {
    let app = TestApp::new().await;
    enqueue(&app, &[Job::ExpireInactive]).await;
    let (db, op) = (&app.parts().db, app.op());
    let claimed = jobs::claim(db, &op, "worker", &Room::default()).await.unwrap().remove(0);
    let done = [Ended { claimed: claimed.clone(), outcome: Outcome::Done, took: Duration::ZERO }];
    let failed = [Ended { claimed, outcome: Outcome::GiveUp("later".into()), took: Duration::ZERO }];
    assert_eq!(jobs::settle(db, &op, &done).await.unwrap(), [Settled::Completed]);
    assert_eq!(jobs::settle(db, &op, &failed).await.unwrap(), [Settled::Lost]);
    assert_eq!(app.database.texts("SELECT queue FROM jobs WHERE completed_at IS NOT NULL").await.len(), 1);
}

/// Its time is over, or its worker stops: what is left is a job of its own.
#[tokio::test]
async fn clean_up_that_is_asked_to_stop_goes_on_later() {
    let app = TestApp::new().await;
    app.parts()
        .db
        .write(async |tx| {
            let op = app.op();
            for _ in 0..1200 {
                const OLD: &str = "INSERT INTO jobs (id, queue, payload, created_at, run_at, completed_at) \
                                   VALUES ($1, 'old', '{}', $2, $2, $2)";
                store::sql::execute(tx, OLD, [op.id::<JobId>().into(), op.now.into()]).await?;
            }
            Ok::<_, store::DbErr>(())
        })
        .await
        .unwrap();
    app.clock.advance(Duration::from_secs(31 * 86_400));
    let stop = Stop::new();
    stop.cancel();
    let job = Job::CleanUp { remains: jobs::Remains::Jobs, after: None };
    assert_eq!(jobs::run(app.parts().job_parts(&stop), &app.op(), &job).await, Outcome::Done);
    let old = "SELECT queue FROM jobs WHERE queue = 'old'";
    assert_eq!(app.database.texts(old).await.len(), 700);
    assert_eq!(app.run_jobs().await, ["cleanup-queue-jobs"]);
    assert_eq!(app.database.texts(old).await.len(), 0);
}
