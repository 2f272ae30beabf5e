//! Bulk operations whose workers stop or die, or are two at once: nothing is lost, done twice, or told wrongly.

use std::time::Duration;

use domain::jobs::{self, Claimed, Outcome, Stop};
use kernel::{Actor, id::UserId};
use serde_json::{Value, json};
use store::ConnectionTrait;
use testkit::{CONFIDENTIAL, Caller, TestApp};

use super::{
    BASE, app, book,
    bulk::{LOCKED, ask, counts, people, told},
    claim, failed, failure, get, post, run_a_little, script,
};
use crate::faults::{cut_off::cut_off, seeds};

/// A worker has the job, and dies as soon as this is so.
pub async fn dies_when(app: &TestApp, claimed: &Claimed, is_so: impl AsyncFn() -> bool) {
    for polls in 1..1000 {
        let (stop, op) = (Stop::new(), app.op().by(Actor::Worker));
        cut_off(jobs::run_claimed(app.parts().job_parts(&stop), &op, claimed), polls).await;
        // Its last transaction may still be about to end.
        let db = &app.parts().db.single;
        db.execute_unprepared("UPDATE bulk_operations SET step = step").await.unwrap();
        if is_so().await {
            return;
        }
    }
    panic!("it has not come to pass");
}

fn bulk(claimed: &[Claimed]) -> &Claimed {
    claimed.iter().find(|claimed| claimed.queue == "bulk-operation").unwrap()
}

/// Its worker stops, another one dies before it can say what it has done, a third one in the middle of its work, a fourth one goes on.
#[tokio::test]
async fn a_restart_in_the_middle_goes_on_where_it_was() {
    let (app, admin) = app().await;
    people(&app, ["a", "b", "c", "d", "e"]).await;
    let asked = ask(&admin, json!({ "operation": "lockUser", "all": true })).await;

    let [first] = claim(&app, "stops").await.try_into().unwrap();
    assert_eq!(run_a_little(&app, &first).await, Outcome::Done);
    book(&app, first, Outcome::Done).await;
    let state = told(&admin, &asked).await;
    assert_eq!((&state["state"], counts(&state)), (&json!("running"), (1, 0, 0)));

    let dying = claim(&app, "dies").await;
    assert_eq!(run_a_little(&app, bulk(&dying)).await, Outcome::Done);
    assert_eq!(app.database.texts(LOCKED).await, ["a", "b"]);

    let doomed = claim(&app, "dies, too").await;
    let locked = async || app.database.texts(LOCKED).await.len();
    dies_when(&app, bulk(&doomed), async || locked().await > 2).await;
    assert!(locked().await < 5, "in the middle");

    app.clock.advance(Duration::from_secs(61));
    let ran = app.run_jobs().await;
    let jobs = ran.iter().filter(|queue| **queue == "bulk-operation").count();
    assert_eq!(jobs, 2, "that of the first dead, which does nothing, and the one that goes on: {ran:?}");
    let done = told(&admin, &asked).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("completed"), (5, 0, 0)));
    let events = "/audit-events?filter[kind]=user_locked&count=only";
    assert_eq!(get(&admin, events).await.json()["meta"]["count"], 5, "each once");
}

/// So many that four transactions end them. In which one a worker dies is a matter of chance.
const MANY: usize = 1510;

async fn with_many_sessions(app: &TestApp, user: UserId) {
    let (db, op) = (&app.parts().db, app.op());
    for _ in 0..MANY {
        seeds::session(db, &op, user, CONFIDENTIAL, None).await;
    }
}

/// What the trail says was ended, of all events together.
async fn ended(admin: &Caller, user: UserId) -> usize {
    let events = format!("/audit-events?filter[kind]=administered&filter[user]={user}");
    let events = get(admin, &events).await.json();
    let told = |event: &Value| event["attributes"]["data"]["after"]["oauth2_sessions"].as_u64();
    events["data"].as_array().unwrap().iter().map(|event| told(event).unwrap() as usize).sum()
}

const SIGNED_IN: &str = "SELECT kind FROM sessions WHERE finished_at IS NULL AND user_id IS NOT NULL";

/// Dies where all sessions of an account are ended, and where only some are.
#[tokio::test]
async fn whose_sessions_were_ended_by_a_worker_that_died_is_counted_and_told_of() {
    let (app, admin) = app().await;
    let [ada, bob] = people(&app, ["ada", "bob"]).await;
    with_many_sessions(&app, ada).await;
    seeds::session(&app.parts().db, &app.op(), bob, CONFIDENTIAL, None).await;
    let asked = ask(&admin, json!({ "operation": "killUserSessions", "ids": [ada, bob] })).await;
    let left = async || app.database.texts(SIGNED_IN).await.len();
    let doomed = claim(&app, "doomed").await;
    dies_when(&app, bulk(&doomed), async || left().await <= MANY).await;
    assert!(left().await > 1, "in the middle");
    let state = told(&admin, &asked).await;
    assert_eq!((&state["state"], counts(&state)), (&json!("running"), (1, 0, 0)));
    dies_when(&app, bulk(&doomed), async || left().await < 2).await;

    app.clock.advance(Duration::from_secs(61));
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("completed"), (2, 0, 0)));
    assert_eq!((ended(&admin, ada).await, ended(&admin, bob).await), (MANY, 1));
}

#[tokio::test]
async fn whose_sessions_were_being_ended_when_it_was_cancelled_counts() {
    let (app, admin) = app().await;
    let [ada] = people(&app, ["ada"]).await;
    with_many_sessions(&app, ada).await;
    let asked = ask(&admin, json!({ "operation": "killUserSessions", "ids": [ada] })).await;
    let left = async || app.database.texts(SIGNED_IN).await.len();
    let doomed = claim(&app, "doomed").await;
    dies_when(&app, bulk(&doomed), async || left().await < MANY).await;
    let path = asked.header("location").trim_start_matches(BASE);
    post(&admin, &format!("{path}/cancel"), Value::Null).await.ok();
    app.clock.advance(Duration::from_secs(61));
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("cancelled"), (1, 0, 0)));
    let left = left().await;
    assert!((1..MANY).contains(&left), "in the middle");
    assert_eq!(ended(&admin, ada).await, MANY - left, "what was done stays, and is told of");
}

/// One is so slow that its lease runs out, another one takes the job and overtakes it, and then the slow one dies, wherever it is.
#[tokio::test]
async fn of_two_workers_that_run_the_same_job_one_dies_and_it_still_comes_to_its_end() {
    let (app, _) = app().await;
    people(&app, ["a", "b", "c"]).await;
    for polls in 1..60 {
        // Tokens do not last that long.
        let admin = script(&app, "urn:mas:admin").await;
        let operation = if polls % 2 == 1 { "lockUser" } else { "unlockUser" };
        let asked = ask(&admin, json!({ "operation": operation, "all": true })).await;
        let slow = claim(&app, "slow").await;
        app.clock.advance(Duration::from_secs(61));
        let mut quick = claim(&app, "quick").await;
        let (stop, op) = (Stop::new(), app.op().by(Actor::Worker));
        let run = |claimed| jobs::run_claimed(app.parts().job_parts(&stop), &op, claimed);
        let (_, outcome) = tokio::join!(cut_off(run(bulk(&slow)), polls), run(bulk(&quick)));
        book(&app, quick.remove(0), outcome).await;
        app.clock.advance(Duration::from_secs(61));
        app.run_jobs().await;
        let done = told(&admin, &asked).await;
        assert_eq!((&done["state"], counts(&done)), (&json!("completed"), (3, 0, 0)), "after {polls} polls");
    }
}

#[tokio::test]
async fn one_whose_job_was_done_before_its_end_says_so_and_goes_on_when_that_is_tried_again() {
    let (app, admin) = app().await;
    people(&app, ["a", "b"]).await;
    let asked = ask(&admin, json!({ "operation": "lockUser", "all": true })).await;
    let [first] = claim(&app, "one").await.try_into().unwrap();
    book(&app, first, Outcome::Done).await;
    let stuck = told(&admin, &asked).await;
    assert_eq!(stuck["state"], "failed");
    let job = stuck["job_id"].as_str().unwrap();
    post(&admin, &format!("/jobs/{job}/retry"), Value::Null).await.ok();
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("completed"), (2, 0, 0)));
    let late = post(&admin, &format!("/jobs/{job}/retry"), Value::Null).await;
    assert_eq!(failure(&late), failed(409, "job_completed"));
}
