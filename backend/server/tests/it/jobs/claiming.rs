//! Leases: a job has one worker at a time, and none for good.

use std::time::Duration;

use domain::jobs::{self, Claimed, Ended, Job, Outcome, Room, Settled};
use testkit::TestApp;

use super::enqueue;

const LEASE: Duration = Duration::from_secs(61);
const NOTHING: Job = Job::ExpireInactive;

async fn claim(app: &TestApp, worker: &str) -> Vec<Claimed> {
    jobs::claim(&app.parts().db, &app.op(), worker, &Room::default()).await.unwrap()
}

async fn settle(app: &TestApp, claimed: &Claimed, outcome: Outcome) -> Settled {
    let ended = [Ended { claimed: claimed.clone(), outcome, took: Duration::ZERO }];
    jobs::settle(&app.parts().db, &app.op(), &ended).await.unwrap()[0]
}

async fn reasons(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT reason FROM jobs WHERE failed_at IS NOT NULL").await
}

#[tokio::test]
async fn the_jobs_of_a_dead_worker_go_to_another_one() {
    let app = TestApp::new().await;
    enqueue(&app, &[NOTHING]).await;
    let first = claim(&app, "dead").await;
    assert_eq!((first.len(), first[0].attempt), (1, 0));
    assert_eq!(claim(&app, "alive").await.len(), 0);
    app.clock.advance(LEASE);
    let second = claim(&app, "alive").await;
    assert_eq!((second[0].id, second[0].attempt), (first[0].id, 1), "it counts as an attempt");
    assert_eq!(settle(&app, &first[0], Outcome::Done).await, Settled::Lost, "the dead one was only asleep");
    assert_eq!(settle(&app, &second[0], Outcome::Done).await, Settled::Completed);
}

#[tokio::test]
async fn a_lease_of_a_worker_whose_clock_was_years_ahead_keeps_nobody_waiting() {
    let app = TestApp::new().await;
    enqueue(&app, &[NOTHING]).await;
    let ahead = Duration::from_secs(10 * 365 * 86_400);
    app.clock.advance(ahead);
    assert_eq!(claim(&app, "ahead").await.len(), 1);
    app.clock.set_back(ahead);
    let taken = claim(&app, "right").await;
    assert_eq!(settle(&app, &taken[0], Outcome::Done).await, Settled::Completed);
}

#[tokio::test]
async fn a_worker_that_slept_does_not_book_what_it_has_taken_again_since() {
    let app = TestApp::new().await;
    enqueue(&app, &[NOTHING]).await;
    let first = claim(&app, "worker").await;
    app.clock.advance(LEASE);
    let second = claim(&app, "worker").await;
    let failed = Outcome::GiveUp("in its first life".into());
    assert_eq!(settle(&app, &first[0], failed).await, Settled::Lost);
    assert_eq!(settle(&app, &second[0], Outcome::Done).await, Settled::Completed);
}

/// However few jobs the database thinks that there are, and whichever plan it makes from that.
#[tokio::test]
async fn nobody_gets_more_than_there_is_room_for() {
    let app = TestApp::new().await;
    enqueue(&app, &[NOTHING]).await;
    app.database.execute("ANALYZE jobs").await;
    enqueue(&app, &[const { NOTHING }; 30]).await;
    let mut room = Room::default();
    for _ in 1..jobs::terms::Class::Ordinary.of_its_own() {
        room.enter("provision-user");
    }
    // Often enough for a statement that is prepared to get a plan for any values.
    for round in 0..8 {
        let claimed = jobs::claim(&app.parts().db, &app.op(), "worker", &room).await.unwrap();
        assert_eq!(claimed.len(), 1, "round {round}");
    }
    app.database.execute("DELETE FROM jobs").await;
}

#[tokio::test]
async fn a_lease_that_is_renewed_does_not_run_out_and_others_of_the_worker_do() {
    let app = TestApp::new().await;
    enqueue(&app, &[NOTHING, NOTHING]).await;
    let mine = claim(&app, "worker").await;
    for _ in 0..5 {
        app.clock.advance(Duration::from_secs(15));
        jobs::renew(&app.parts().db, &app.op(), "worker", &[mine[0].id]).await.unwrap();
    }
    let lost = claim(&app, "another").await;
    assert_eq!(lost.iter().map(|job| job.id).collect::<Vec<_>>(), [mine[1].id]);
    settle(&app, &mine[0], Outcome::Done).await;
    settle(&app, &lost[0], Outcome::Done).await;
}

#[tokio::test]
async fn a_job_that_kills_each_worker_dies_in_the_end() {
    let app = TestApp::new().await;
    enqueue(&app, &[NOTHING]).await;
    for life in 0..=10 {
        let claimed = claim(&app, "victim").await;
        assert_eq!((claimed[0].attempt, claimed[0].job.is_ok()), (life, true));
        app.clock.advance(LEASE);
    }
    let claimed = claim(&app, "careful").await;
    let why = claimed[0].job.clone().unwrap_err();
    assert_eq!(settle(&app, &claimed[0], Outcome::Retry(why)).await, Settled::Abandoned);
    assert_eq!(reasons(&app).await, ["each worker that ran it ended without a word"]);
}

/// However patient its queue is: each death may take other jobs along. Failures do not count as deaths.
#[tokio::test]
async fn a_job_that_is_tried_for_long_may_not_kill_workers_for_long() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    enqueue(&app, &[Job::ProvisionUser { user, display_name: None }]).await;
    for _ in 0..12 {
        let claimed = claim(&app, "worker").await;
        let settled = settle(&app, &claimed[0], Outcome::Retry("the homeserver is away".into())).await;
        assert!(matches!(settled, Settled::RetryIn(_)));
        app.clock.advance(Duration::from_secs(4000));
    }
    for death in 0..=10 {
        assert!(claim(&app, "victim").await[0].job.is_ok(), "{death}");
        app.clock.advance(LEASE);
    }
    let claimed = claim(&app, "careful").await;
    let why = claimed[0].job.clone().unwrap_err();
    assert_eq!(settle(&app, &claimed[0], Outcome::Retry(why)).await, Settled::Abandoned);
    let op = app.op();
    let retried = async |tx: &store::Tx| jobs::operator::retry_failed(tx, &op, None).await;
    assert_eq!(app.parts().db.write(retried).await.unwrap(), 1);
    assert!(claim(&app, "worker").await[0].job.is_ok(), "an operator gives it a new life");
    app.clock.advance(LEASE);
    app.run_jobs().await;
}

/// During an update, a worker of the older version may see jobs of the newer one.
#[tokio::test]
async fn a_job_that_this_version_cannot_read_waits_for_one_that_can() {
    let app = TestApp::new().await;
    enqueue(&app, &[NOTHING]).await;
    app.database
        .execute("UPDATE jobs SET queue = 'of-tomorrow', payload = '{\"job\": \"of-tomorrow\"}'")
        .await;
    for _ in 0..10 {
        assert_eq!(app.run_jobs().await, ["unreadable"]);
        assert!(reasons(&app).await.is_empty());
        app.clock.advance(Duration::from_secs(3600));
    }
    app.run_jobs().await;
    assert!(reasons(&app).await[0].starts_with("unreadable payload: unknown variant `of-tomorrow`"));
}

/// For all jobs of one queue together; a worker that finds nothing asks once and writes nothing.
#[tokio::test]
async fn a_round_of_jobs_costs_three_statements() {
    let app = TestApp::new().await;
    // So that all statements are prepared.
    enqueue(&app, &[NOTHING]).await;
    app.run_jobs().await;
    enqueue(&app, &[const { NOTHING }; 7]).await;
    let (claimed, cost) = app.cost(claim(&app, "worker")).await;
    assert_eq!((claimed.len(), cost), (7, 2));
    let ended: Vec<_> = claimed
        .into_iter()
        .map(|claimed| Ended { claimed, outcome: Outcome::Done, took: Duration::ZERO })
        .collect();
    let (settled, cost) = app.cost(jobs::settle(&app.parts().db, &app.op(), &ended)).await;
    assert_eq!((settled.unwrap().len(), cost), (7, 1));
    let (claimed, cost) = app.cost(claim(&app, "worker")).await;
    assert_eq!((claimed.len(), cost), (0, 1));
}
