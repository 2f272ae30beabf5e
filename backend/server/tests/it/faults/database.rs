//! The database is away for a while, and then it is back.

use std::time::Duration;

use store::Engine;
use testkit::{Mood, TestApp, engine};

use crate::jobs::{Devices, Worker, left, until};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_booked_is_booked_later() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 3).await;
    let worker = Worker::of(app.parts());
    app.homeserver.feels(Mood::Hanging);
    for at in 0..3 {
        devices.end(at).await;
    }
    let mut calls = 0;
    until("the homeserver has the requests", async || {
        calls += app.homeserver.called().len();
        calls == 3
    })
    .await;
    let gone = app.database.gone().await;
    app.homeserver.feels(Mood::Well);
    until("the devices are gone", async || devices.there(&app).is_empty()).await;
    drop(gone);
    // Where the database can still be read, they have ended well and only wait to be booked. Where it cannot, they have not: each
    // looks once more, after the call, whether its device is in use, and is tried again.
    let readable = engine() == Engine::Sqlite;
    until("all is booked", async || {
        if !readable {
            app.clock.advance(Duration::from_secs(10));
            app.parts().db.bell().ring();
        }
        left(&app).await.is_empty()
    })
    .await;
    worker.stop().await;
    if readable {
        assert_eq!(app.homeserver.called(), Vec::<String>::new());
        let attempts = "SELECT CAST(sum(attempt) AS text) FROM jobs WHERE queue = 'delete-device'";
        assert_eq!(app.database.texts(attempts).await, ["0"]);
    }
    assert!(devices.there(&app).is_empty());
    app.homeserver.calls();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_finds_the_database_again_by_itself() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 12).await;
    let worker = Worker::of(app.parts());
    let mut ended = 0;
    for _ in 0..4 {
        let gone = app.database.gone().await;
        assert!(!devices.asked_to_end(ended).await, "a request that cannot be served is not acknowledged");
        drop(gone);
        for at in ended..ended + 3 {
            until("it is served again", async || devices.asked_to_end(at).await).await;
        }
        ended += 3;
    }
    until("all devices are gone", async || {
        // Some may have to be tried again.
        app.clock.advance(Duration::from_secs(60));
        app.parts().db.bell().ring();
        devices.there(&app).is_empty() && left(&app).await.is_empty()
    })
    .await;
    worker.stop().await;
    let ended = "SELECT kind FROM audit_events WHERE kind = 'session_ended'";
    assert_eq!(app.database.texts(ended).await.len(), 12);
}
