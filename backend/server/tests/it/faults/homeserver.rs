//! The homeserver is away while people go on.

use std::time::Duration;

use kernel::id::UserId;
use serde_json::json;
use testkit::{ClientKind::Public, Code, Mood, PASSWORD, TestApp, TestClient, Tokens};

use super::{
    eventually, faults, moment, random,
    world::{ENDINGS, World},
};
use crate::{
    cli::database::Database,
    compat::{self, by_password, problem, with},
    jobs::{Devices, Worker, is_quiet, left, until},
    oauth::refused,
};

/// People who want something of the homeserver meanwhile, and somebody who wants nothing of it.
struct Others {
    client: TestClient,
    codes: Vec<Code>,
    tokens: Tokens,
}

impl Others {
    async fn of(app: &TestApp) -> Self {
        app.user_with_password("bob", PASSWORD).await;
        let client = app.client(Public).await;
        let tokens = app.signed_in_to(&client, "dora").await;
        let (carol, mut codes) = (app.user("carol").await, Vec::new());
        for number in 0..4 {
            codes.push(Self::code(app, &client, carol, number).await);
        }
        Self { client, codes, tokens }
    }

    async fn code(app: &TestApp, client: &TestClient, person: UserId, number: usize) -> Code {
        let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:DEV1CE000{number}");
        app.authorization(client).with("scope", &scope).agreed_by(person).await
    }

    /// Exchanges and logins are told to come back; a refresh needs no homeserver.
    async fn go_on(&mut self, app: &TestApp, turn: usize) {
        let exchange = self.client.exchange(&self.codes[turn % self.codes.len()]).await;
        assert_eq!(exchange.refusal(), refused(503, "temporarily_unavailable"));
        let login = compat::attempt(app, bobs_login()).await;
        assert_eq!(problem(&login), compat::refused(503, "M_UNKNOWN"));
        assert!([&exchange, &login].iter().all(|answer| !answer.header("retry-after").is_empty()));
        self.tokens = self.client.refresh(&self.tokens).await.tokens();
    }

    /// What was refused is done, as if nobody had asked before.
    async fn come_back(&self, app: &TestApp) {
        for code in &self.codes {
            self.client.exchange(code).await.tokens();
        }
        compat::log_in(app, bobs_login()).await;
        let devices = |name| app.homeserver.user(name).unwrap().devices.into_keys().collect::<Vec<_>>();
        assert_eq!(devices("carol"), ["DEV1CE0000", "DEV1CE0001", "DEV1CE0002", "DEV1CE0003"]);
        assert_eq!(devices("bob"), ["BOBS"]);
    }
}

fn bobs_login() -> serde_json::Value {
    with(by_password("bob"), json!({ "device_id": "BOBS" }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_is_down_for_a_minute_learns_everything_afterwards() {
    let app = TestApp::new().await;
    let devices = Devices::of(&app, 30).await;
    let mut others = Others::of(&app).await;
    let worker = Worker::of(app.parts());
    app.homeserver.feels(Mood::Failing);
    for at in 0..24 {
        devices.end(at).await;
        app.clock.advance(Duration::from_millis(2500));
        app.parts().db.bell().ring();
        until("the worker has tried", async || is_quiet(&app).await).await;
        others.go_on(&app, at).await;
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
        app.clock.advance(Duration::from_secs(30));
        app.parts().db.bell().ring();
        until("the worker has tried", async || is_quiet(&app).await).await;
    }
    others.come_back(&app).await;
    until("all is booked", async || {
        app.clock.advance(Duration::from_secs(600));
        app.parts().db.bell().ring();
        left(&app).await.is_empty()
    })
    .await;
    worker.stop().await;
    assert_eq!(devices.there(&app), devices.names(27..30));
    assert_eq!((endings(&app, "revoked").await, endings(&app, "no_device").await), (27, 24));
}

/// How many sessions ended for that reason.
async fn endings(app: &TestApp, reason: &str) -> usize {
    compat::endings(app).await.iter().filter(|ended| *ended == reason).count()
}

/// The real process, and everybody at once.
#[test]
fn a_homeserver_that_is_down_under_load_learns_everything_afterwards() {
    let random = random();
    let mut world = World::new(Database::empty());
    let (times, ended) = (faults(2), world.endings());
    for round in 1..=times {
        let homeserver = std::sync::Arc::clone(&world.homeserver);
        world.under_load(|_| {
            std::thread::sleep(moment(&random, 20, 100));
            homeserver.feels(Mood::Failing);
            let mut soon = eventually("the last revocation");
            while ended() < round * ENDINGS {
                soon();
                std::thread::sleep(Duration::from_millis(5));
            }
            std::thread::sleep(moment(&random, 1500, 2500));
            homeserver.feels(Mood::Well);
            std::thread::sleep(moment(&random, 100, 300));
        });
        world.verify();
    }
    assert_eq!(world.settle(), times * ENDINGS);
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
