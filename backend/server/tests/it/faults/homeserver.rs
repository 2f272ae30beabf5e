//! The homeserver is away while people go on.

use std::time::Duration;

use testkit::{Mood, TestApp};

use crate::jobs::{Devices, Worker, is_quiet, left, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_is_down_for_a_minute_learns_everything_afterwards() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 30).await;
    let worker = Worker::of(app.parts());
    app.homeserver.feels(Mood::Failing);
    for at in 0..24 {
        devices.end(at).await;
        app.clock.advance(Duration::from_millis(2500));
        app.parts().db.bell().ring();
        until("the worker has tried", async || is_quiet(&app).await).await;
    }
    assert_eq!(devices.there(&app).len(), 30, "the homeserver has heard nothing");
    let tried = "SELECT CAST(sum(attempt) AS text) FROM jobs";
    let tried = app.database.texts(tried).await[0].parse::<i64>().unwrap();
    assert!(tried > 0 && tried < 24, "{tried}: most have asked nobody, and that is no attempt");

    app.homeserver.feels(Mood::Well);
    for at in 24..27 {
        devices.end(at).await;
    }
    for _ in 0..12 {
        app.clock.advance(Duration::from_secs(600));
        app.parts().db.bell().ring();
        until("the worker has tried", async || is_quiet(&app).await).await;
    }
    worker.stop().await;
    assert_eq!(left(&app).await, Vec::<String>::new());
    assert_eq!(devices.there(&app), devices.names(27..30));
    let ended = "SELECT kind FROM audit_events WHERE kind = 'session_ended'";
    assert_eq!(app.database.texts(ended).await.len(), 27);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_does_not_answer_holds_up_nobody_but_its_own_jobs() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 20).await;
    let worker = Worker::of(app.parts());
    app.homeserver.feels(Mood::Hanging);
    for at in 0..20 {
        devices.end(at).await;
    }
    let mut calls = 0;
    until("seven jobs wait for the homeserver", async || {
        calls += app.homeserver.called().len();
        calls >= 7
    })
    .await;
    assert_eq!(calls, 7, "two slots are kept for what people wait for, and one for clean-up");
    devices.client.introspect("mat_unknown").await;
    app.homeserver.feels(Mood::Well);
    until("all devices are gone", async || devices.there(&app).is_empty()).await;
    until("all is booked", async || left(&app).await.is_empty()).await;
    worker.stop().await;
    assert_eq!(app.homeserver.called().len(), 13, "each device was removed once");
}
