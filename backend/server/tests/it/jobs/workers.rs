//! The loop, in one process and in several.

use std::{sync::Arc, time::Duration};

use domain::jobs::{self, Job, Outcome, Stop};
use kernel::SystemClock;
use store::Engine;
use testkit::{Mood, TestApp, engine};
use tokio_util::sync::CancellationToken;

use super::{Devices, Worker, enqueue, is_quiet, left, until};

/// On SQLite, as many processes on one file.
#[tokio::test(flavor = "multi_thread")]
async fn three_workers_share_the_queue_and_each_job_is_run_once() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 60).await;
    let replicas = [app.replica().await, app.replica().await];
    let workers = [app.parts(), replicas[0].parts(), replicas[1].parts()].map(Worker::of);
    for at in 0..60 {
        devices.end(at).await;
    }
    until("all is done", async || left(&app).await.is_empty()).await;
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(app.homeserver.called().len(), 60);
    assert!(devices.there(&app).is_empty());
    let again = app.database.texts("SELECT queue FROM jobs WHERE attempt > 0").await;
    assert_eq!(again, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_workers_one_runs_what_a_schedule_asks_for() {
    let app = TestApp::new().await;
    app.plan_jobs().await;
    app.clock.advance(Duration::from_secs(3600));
    let replicas = [app.replica().await, app.replica().await];
    // Each of them looks at the schedules when it starts.
    let workers = [app.parts(), replicas[0].parts(), replicas[1].parts()].map(Worker::of);
    let planned = "SELECT schedule FROM jobs WHERE schedule IS NOT NULL ORDER BY schedule";
    let due = jobs::schedules::SCHEDULES.len() - 7; // once a day, these
    until("all are planned and run", async || {
        app.database.texts(planned).await.len() >= due && is_quiet(&app).await
    })
    .await;
    for worker in workers {
        worker.stop().await;
    }
    let planned = app.database.texts(planned).await;
    let mut once = planned.clone();
    once.dedup();
    assert_eq!(planned, once);
    assert_eq!(left(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_finishes_what_it_has_and_begins_nothing() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 2).await;
    let worker = Worker::of(app.parts());
    app.homeserver.feels(Mood::Hanging);
    devices.end(0).await;
    until("the homeserver is asked", async || app.homeserver.called() == ["delete_device"]).await;
    let stopping = tokio::spawn(worker.stop());
    devices.end(1).await;
    app.homeserver.feels(Mood::Well);
    stopping.await.unwrap();
    let done = app
        .database
        .texts("SELECT queue FROM jobs WHERE queue = 'delete-device' AND completed_at IS NOT NULL");
    assert_eq!(done.await.len(), 1, "it is booked");
    assert_eq!(left(&app).await, ["delete-device"]);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
}

/// What the homeserver takes minutes for; another process may go on with it at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_cannot_wait_any_longer_gives_back_what_it_has() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 1).await;
    let stop = CancellationToken::new();
    let patience = Duration::from_millis(50);
    let worker = tokio::spawn(server::worker::run_with_patience(app.parts().clone(), stop.clone(), patience));
    app.homeserver.feels(Mood::Hanging);
    devices.end(0).await;
    until("the homeserver is asked", async || app.homeserver.called() == ["delete_device"]).await;
    stop.cancel();
    worker.await.unwrap();
    app.homeserver.feels(Mood::Well);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(devices.there(&app).is_empty());
    let attempts =
        app.database.texts("SELECT queue FROM jobs WHERE queue = 'delete-device' AND attempt > 0").await;
    assert_eq!(attempts, Vec::<String>::new(), "it was nobody's failure");
}

#[tokio::test]
async fn many_devices_are_left_to_a_later_job_when_the_worker_stops() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 3).await;
    let user = domain::users::by_username(&app.parts().db.read, "alice").await.unwrap().unwrap().id;
    app.database.execute(&format!("UPDATE sessions SET finished_at = {}", app.now().0)).await;
    let stop = Stop::new();
    stop.cancel();
    let job = Job::DeleteDevices { user, devices: devices.names(0..3) };
    assert_eq!(jobs::run(app.parts().job_parts(&stop), &app.op(), &job).await, Outcome::Done);
    assert_eq!(devices.there(&app), devices.names(1..3));
    assert_eq!(app.run_jobs().await, ["delete-devices"]);
    assert!(devices.there(&app).is_empty());
}

/// Leases are longer than a second: the worker itself looks that often, and would find the job all the same.
#[tokio::test(flavor = "multi_thread")]
async fn enqueuing_rings_the_bell_and_on_postgres_that_of_other_processes() {
    let app = TestApp::new().await;
    let other = app.database.open(Arc::new(SystemClock)).await;
    let relay = tokio::spawn({
        let bell = other.bell().clone();
        async move { bell.relay().await }
    });
    let rung =
        async |bell: &store::Bell| tokio::time::timeout(Duration::from_secs(1), bell.rung()).await.is_ok();
    enqueue(&app, &[Job::ExpireInactive]).await;
    assert!(rung(app.parts().db.bell()).await);
    if engine() == Engine::Postgres {
        until("the other process hears it", async || {
            enqueue(&app, &[Job::ExpireInactive]).await;
            rung(other.bell()).await
        })
        .await;
    }
    relay.abort();
    app.run_jobs().await;
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_rings_for_nobody() {
    let app = TestApp::new().await;
    let op = app.op();
    let failed = app.parts().db.write(async |tx| {
        jobs::enqueue(tx, &op, &Job::ExpireInactive).await?;
        Err::<(), _>(kernel::Error::internal("on second thoughts"))
    });
    failed.await.unwrap_err();
    let rung = tokio::time::timeout(Duration::from_millis(50), app.parts().db.bell().rung()).await;
    assert!(rung.is_err());
}
