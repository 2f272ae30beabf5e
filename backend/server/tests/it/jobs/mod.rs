//! The queue: who gets which job when, and what becomes of it.

mod booking;
mod claiming;
mod fairness;
mod workers;

use std::{ops::Range, time::Duration};

use domain::jobs::{
    Job,
    operator::{self, Filter, State},
};
use edge::App;
use testkit::{ClientKind::Public, TestApp, TestClient};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::faults::seeds;

/// A worker as it runs in every process; here in the test's own.
pub struct Worker {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Worker {
    pub fn of(app: &App) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(server::worker::run(app.clone(), stop.clone()));
        Self { stop, task }
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("a worker does not panic");
    }
}

/// Sessions of one person, each with a device that the homeserver knows.
pub struct Devices {
    pub client: TestClient,
    /// Names of devices, and refresh tokens.
    sessions: Vec<(String, String)>,
}

impl Devices {
    pub async fn of(app: &TestApp, count: usize) -> Self {
        let (user, client) = (app.user("alice").await, app.client(Public).await);
        let (db, op) = (&app.parts().db, app.op());
        let mut sessions = Vec::new();
        for at in 0..count {
            let device = format!("DEVICE{at:03}");
            let token = seeds::session(db, &op, user, &client.id, Some(&device)).await;
            app.parts().homeserver.upsert_device("alice", &device, None).await.unwrap();
            sessions.push((device, token));
        }
        app.homeserver.calls();
        Self { client, sessions }
    }

    /// The client revokes its token.
    pub async fn end(&self, at: usize) {
        assert!(self.asked_to_end(at).await);
    }

    /// [`Self::end`]; the answer is whether it was done.
    pub async fn asked_to_end(&self, at: usize) -> bool {
        self.client.revoke(&self.sessions[at].1).await.status == 200
    }

    pub fn names(&self, of: Range<usize>) -> Vec<String> {
        self.sessions[of].iter().map(|(device, _)| device.clone()).collect()
    }

    /// The devices that the homeserver still has, in order.
    pub fn there(&self, app: &TestApp) -> Vec<String> {
        app.homeserver.user("alice").unwrap().devices.into_keys().collect()
    }
}

/// Waits for something that others are about to bring about.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let patience = tokio::time::timeout(Duration::from_secs(20), async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(patience.await.is_ok(), "it has not come to pass that {what}");
}

/// Whether nothing runs, and nothing is due.
pub async fn is_quiet(app: &TestApp) -> bool {
    let filter = Filter { states: vec![State::Available, State::Running], ..Default::default() };
    operator::count(&app.parts().db.read, &app.op(), &filter).await.unwrap() == 0
}

/// The queues of jobs that were not completed.
pub async fn left(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT queue FROM jobs WHERE completed_at IS NULL").await
}

/// Enqueues jobs, all in one transaction.
pub async fn enqueue(app: &TestApp, jobs: &[Job]) {
    let op = app.op();
    let done = app.parts().db.write(async |tx| {
        for job in jobs {
            domain::jobs::enqueue(tx, &op, job).await?;
        }
        Ok::<_, kernel::Error>(())
    });
    done.await.unwrap();
}
