//! Bulk operations and the jobs that go on with them: who may stop one by its job, and what is left of one that is over.

use std::time::Duration;

use domain::jobs::{self, Job, Outcome, Remains, Stop};
use kernel::id::{BulkOperationId, BulkTargetId};
use serde_json::{Value, json};
use store::DbErr;
use testkit::{Answer, Caller, TestApp};

use super::{
    BASE, app, attributes, book,
    bulk::{BULK, NOBODY, ask, counts, people, told},
    claim, failed, failure, get, post, run_a_little, script,
};

const TARGETS: &str = "SELECT 'x' FROM bulk_targets";

async fn delete(caller: &Caller, job: &Value) -> Answer {
    let path = format!("{BASE}/jobs/{}", job.as_str().unwrap());
    caller.request(http::Method::DELETE, &path).await
}

/// The last trace that an administrator left.
async fn last_trace(admin: &Caller, operation: &str) -> Value {
    let events = get(admin, "/audit-events?filter[kind]=administered&page[last]=10").await.json();
    let mut events =
        events["data"].as_array().unwrap().iter().rev().map(|event| &event["attributes"]["data"]);
    events.find(|data| data["operation"] == operation).cloned().unwrap_or_default()
}

#[tokio::test]
async fn who_deletes_its_job_cancels_it_and_must_have_the_right_to() {
    let (app, admin) = app().await;
    people(&app, ["spam1", "spam2"]).await;
    let jobs_only = script(&app, "urn:mas:admin:jobs").await;
    let lock = json!({ "operation": "lockUser", "filter": { "search": "spam" } });
    let asked = ask(&admin, lock.clone()).await;
    let job = attributes(&asked)["job_id"].clone();
    assert_eq!(failure(&delete(&jobs_only, &job).await), failed(403, "insufficient_scope"));
    assert_eq!(told(&admin, &asked).await["state"], "pending");
    assert_eq!(delete(&admin, &job).await.status.as_u16(), 204);
    assert_eq!(told(&admin, &asked).await["state"], "cancelled");
    let trace = last_trace(&admin, "cancelBulkOperation").await;
    assert_eq!(
        (&trace["before"]["state"], &trace["after"]["state"]),
        (&json!("pending"), &json!("cancelled"))
    );
    assert_eq!(trace["target"], asked.header("location"));

    // Likewise of those that have failed.
    app.clock.advance(Duration::from_secs(1));
    let asked = ask(&admin, lock).await;
    let [job] = claim(&app, "one").await.try_into().unwrap();
    book(&app, job, Outcome::GiveUp("no".into())).await;
    assert_eq!(told(&admin, &asked).await["state"], "failed");
    for way in ["retry-failed", "delete-failed"] {
        let refused = post(&jobs_only, &format!("/jobs/{way}"), Value::Null).await;
        assert_eq!(failure(&refused), failed(403, "insufficient_scope"), "{way}");
    }
    post(&admin, "/jobs/delete-failed", Value::Null).await.ok();
    assert_eq!(told(&admin, &asked).await["state"], "cancelled");
    assert_eq!(last_trace(&admin, "cancelBulkOperation").await["target"], asked.header("location"));
    assert!(app.run_jobs().await.is_empty());
}

/// One that closes accounts, for which it is written down whom it is for.
async fn settled(app: &TestApp, admin: &Caller) -> Answer {
    people(app, ["spam1", "spam2"]).await;
    let filter = json!({ "search": "spam", "status": "active" });
    let asked = ask(admin, json!({ "operation": "deactivateUser", "filter": filter })).await;
    let [first] = claim(app, "one").await.try_into().unwrap();
    assert_eq!(run_a_little(app, &first).await, Outcome::Done);
    book(app, first, Outcome::Done).await;
    assert_eq!(app.database.texts(TARGETS).await.len(), 2);
    asked
}

#[tokio::test]
async fn whom_it_was_for_is_forgotten_when_it_is_cancelled() {
    let (app, admin) = app().await;
    let asked = settled(&app, &admin).await;
    let cancel = format!("{}/cancel", asked.header("location"));
    admin.post(&cancel).await.ok();
    app.run_jobs().await;
    assert!(app.database.texts(TARGETS).await.is_empty());
}

#[tokio::test]
async fn whom_it_was_for_is_forgotten_when_nobody_goes_on_with_it() {
    let (app, admin) = app().await;
    let asked = settled(&app, &admin).await;
    let job = told(&admin, &asked).await["job_id"].clone();
    assert_eq!(delete(&admin, &job).await.status.as_u16(), 204);
    let id: BulkOperationId = asked.json()["data"]["id"].as_str().unwrap().parse().unwrap();
    let op = app.op();
    let many = async |tx: &store::Tx| {
        for _ in 0..600 {
            let values = [id.into(), op.id::<BulkTargetId>().into()];
            let insert = "INSERT INTO bulk_targets (operation_id, target_id) VALUES ($1, $2)";
            store::sql::execute(tx, insert, values).await?;
        }
        Ok::<_, DbErr>(())
    };
    app.parts().db.write(many).await.unwrap();
    app.clock.advance(Duration::from_secs(31 * 24 * 3600));
    let stop = Stop::new();
    stop.cancel();
    let clean_up = Job::CleanUp { remains: Remains::BulkOperations, after: None };
    let done = jobs::run(app.parts().job_parts(&stop), &app.op(), &clean_up).await;
    assert_eq!(done, Outcome::Done);
    assert_eq!(app.database.texts(TARGETS).await.len(), 102, "a slice at a time");
    let operations = "SELECT 'x' FROM bulk_operations";
    assert_eq!(app.database.texts(operations).await.len(), 1, "and before what it belongs to");
    app.run_jobs().await;
    assert!(app.database.texts(TARGETS).await.is_empty() && app.database.texts(operations).await.is_empty());
}

#[tokio::test]
async fn one_that_did_nothing_leaves_no_dead_job() {
    let (app, admin) = app().await;
    let [_, late] = people(&app, ["spam1", "spam2"]).await;
    post(&admin, &format!("/users/{late}/lock"), Value::Null).await.ok();
    app.run_jobs().await;
    let filter = json!({ "search": "spam", "status": "active" });
    let asked =
        ask(&admin, json!({ "operation": "deactivateUser", "filter": filter, "expected_total": 1 })).await;
    post(&admin, &format!("/users/{late}/unlock"), Value::Null).await.ok();
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!(
        (&done["state"], &done["reason"]),
        (&json!("cancelled"), &json!("there are 2, and not 1: nothing was done"))
    );
    assert!(app.database.texts(TARGETS).await.is_empty());
    assert_eq!(get(&admin, "/jobs?filter[state]=failed&count=only").await.json()["meta"]["count"], 0);
    let jobs_only = script(&app, "urn:mas:admin:jobs").await;
    assert_eq!(post(&jobs_only, "/jobs/retry-failed", Value::Null).await.ok().json(), json!({ "jobs": 0 }));
}

#[tokio::test]
async fn what_a_dry_run_has_told_is_what_is_expected() {
    let (app, admin) = app().await;
    let [ada] = people(&app, ["ada"]).await;
    let body = |more: Value| {
        let mut body = json!({ "operation": "lockUser", "ids": [ada, NOBODY] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let total = post(&admin, BULK, body(json!({ "dry_run": true }))).await.ok().json()["total"].clone();
    assert_eq!(total, 1);
    let refused = post(&admin, BULK, body(json!({ "expected_total": 2 }))).await;
    assert_eq!(failure(&refused), failed(409, "total_differs"));
    let asked = ask(&admin, body(json!({ "expected_total": total }))).await;
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!(
        (&done["total"], counts(&done)),
        (&json!(2), (1, 0, 1)),
        "each id that was named is looked at"
    );
}
