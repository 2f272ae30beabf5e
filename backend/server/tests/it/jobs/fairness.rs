//! No queue keeps another one waiting.

use std::collections::BTreeMap;

use domain::jobs::{self, Job, Remains, Room};
use kernel::id::UserId;
use testkit::TestApp;

use super::enqueue;

async fn claimed(app: &TestApp, room: &Room) -> BTreeMap<String, usize> {
    let mut queues = BTreeMap::new();
    for job in jobs::claim(&app.parts().db, &app.op(), "worker", room).await.unwrap() {
        *queues.entry(job.queue).or_default() += 1;
    }
    queues
}

fn counts<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.into_iter().map(|(queue, count)| (queue.to_owned(), count)).collect()
}

/// The jobs are not run: nobody has to have them.
async fn forget(app: &TestApp) {
    app.database.execute("DELETE FROM jobs").await;
}

#[tokio::test]
async fn a_crowd_in_one_queue_leaves_room_for_another() {
    let app = TestApp::new().await;
    let user: UserId = app.op().id();
    enqueue(&app, &vec![Job::ProvisionUser { user, display_name: None }; 500]).await;
    app.clock.advance(std::time::Duration::from_secs(1));
    enqueue(&app, &vec![Job::DeleteDevice { user, device: "D".into() }; 2]).await;
    assert_eq!(
        claimed(&app, &Room::default()).await,
        counts([("delete-device", 2), ("provision-user", 5)]),
        "two slots are kept for what people wait for, and one for clean-up"
    );
    forget(&app).await;
}

#[tokio::test]
async fn clean_up_that_has_piled_up_takes_two_slots() {
    let app = TestApp::new().await;
    let remains = [Remains::Jobs, Remains::Changes, Remains::SignIns, Remains::EndedSessions];
    let jobs = remains.map(|remains| Job::CleanUp { remains, after: None });
    enqueue(&app, &jobs).await;
    assert_eq!(claimed(&app, &Room::default()).await.into_values().sum::<usize>(), 2);
    forget(&app).await;
}

#[tokio::test]
async fn clean_up_does_not_wait_until_a_crowd_has_gone() {
    let app = TestApp::new().await;
    let user: UserId = app.op().id();
    enqueue(&app, &vec![Job::ProvisionUser { user, display_name: None }; 500]).await;
    app.clock.advance(std::time::Duration::from_secs(1));
    enqueue(&app, &[Job::CleanUp { remains: Remains::Jobs, after: None }]).await;
    assert_eq!(
        claimed(&app, &Room::default()).await,
        counts([("cleanup-queue-jobs", 1), ("provision-user", 7)])
    );
    forget(&app).await;
}

#[tokio::test]
async fn a_full_worker_takes_nothing_and_asks_nobody() {
    let app = TestApp::new().await;
    enqueue(&app, &[Job::ExpireInactive]).await;
    let mut room = Room::default();
    for _ in 0..jobs::terms::SLOTS {
        room.enter("send-mail");
    }
    let (claimed, cost) = app.cost(claimed(&app, &room)).await;
    assert_eq!((claimed.len(), cost), (0, 0));
    forget(&app).await;
}
