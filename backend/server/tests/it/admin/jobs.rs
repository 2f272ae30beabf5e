//! Background jobs, and what administrators do about those that have died.

use std::time::Duration;

use domain::jobs::{self, Ended, Outcome, Room};
use serde_json::{Value, json};
use testkit::{Caller, PASSWORD, TestApp};

use super::{BASE, app, attributes, failed, failure, get, ids, post};

const OPEN: &str = "filter[state]=failed&filter[state]=scheduled";

/// One job that has died and one that waits for its second attempt, both of which are to tell the homeserver that an
/// account is locked. That there are these accounts it was told by jobs that are completed.
async fn with_jobs() -> (TestApp, Caller, [String; 2]) {
    let (app, admin) = app().await;
    for (name, outcome) in [
        ("ada", Outcome::GiveUp("there is no such user".into())),
        ("bob", Outcome::Retry("the homeserver is away".into())),
    ] {
        let user = app.user(name).await;
        app.clock.advance(Duration::from_secs(1));
        post(&admin, &format!("/users/{user}/lock"), Value::Null).await.ok();
        end(&app, &outcome).await;
        app.clock.advance(Duration::from_secs(1));
    }
    let listed = ids(&get(&admin, &format!("/jobs?{OPEN}")).await);
    (app, admin, listed.try_into().unwrap())
}

/// Runs what is due, so that it ends like this.
async fn end(app: &TestApp, outcome: &Outcome) {
    let (db, op) = (&app.parts().db, app.op());
    let claimed = jobs::claim(db, &op, "test", &Room::default()).await.unwrap();
    let end = |claimed| Ended { claimed, outcome: outcome.clone(), took: Duration::ZERO };
    jobs::settle(db, &op, &claimed.into_iter().map(end).collect::<Vec<_>>()).await.unwrap();
}

async fn delete(admin: &Caller, id: &str) -> testkit::Answer {
    admin.request(http::Method::DELETE, &format!("{BASE}/jobs/{id}")).await
}

#[tokio::test]
async fn jobs_are_found_by_state_and_kind_from_either_end() {
    let (app, admin, [dead, waiting]) = with_jobs().await;
    for (query, expected) in [
        ("filter[state]=failed", vec![&dead]),
        ("filter[state]=scheduled", vec![&waiting]),
        (OPEN, vec![&dead, &waiting]),
        ("filter[state]=running&filter[state]=available", vec![]),
        ("filter[queue]=delete-device", vec![]),
        ("filter[queue]=provision-user&page[last]=1", vec![&waiting]),
        ("filter[queue]=provision-user&filter[state]=failed&page[first]=1", vec![&dead]),
        ("filter[state]=failed&filter[state]=scheduled&sort=created_at", vec![&dead, &waiting]),
        ("filter[state]=failed&filter[state]=scheduled&sort=-created_at", vec![&waiting, &dead]),
        ("filter[state]=failed&filter[state]=scheduled&sort=-created_at&page[last]=1", vec![&dead]),
    ] {
        let page = get(&admin, &format!("/jobs?{query}")).await;
        assert_eq!(ids(&page).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    assert_eq!(get(&admin, "/jobs?count=only").await.json()["meta"]["count"], 4);
    let last = get(&admin, &format!("/jobs?{OPEN}&page[last]=1")).await.json();
    assert_eq!(last["meta"]["count"], 2);
    let before = last["links"]["prev"].as_str().unwrap();
    assert_eq!(ids(&admin.get(before).await).iter().collect::<Vec<_>>(), [&dead]);
    let newest = get(&admin, &format!("/jobs?{OPEN}&sort=-created_at&page[first]=1")).await.json();
    let older = newest["links"]["next"].as_str().unwrap();
    assert_eq!(ids(&admin.get(older).await), [dead]);
    let only = get(&admin, "/jobs?filter[state]=failed&count=only").await.json();
    assert_eq!((&only["meta"]["count"], &only["data"]), (&json!(1), &Value::Null));
    let bad = get(&admin, "/jobs?filter[state]=dead").await;
    assert_eq!(failure(&bad), failed(400, "invalid_filter"));
    app.clock.advance(Duration::from_secs(60));
    app.run_jobs().await;
}

#[tokio::test]
async fn what_is_left_to_do_is_named_and_can_be_followed() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    app.user_with_password("grace", PASSWORD).await;
    crate::compat::log_in(&app, crate::compat::by_password("grace")).await;
    let session = ids(&get(&admin, "/compat-sessions").await).remove(0);
    app.run_jobs().await;
    for (action, queue) in [
        (format!("/users/{user}/lock"), "provision-user"),
        (format!("/users/{user}/unlock"), "provision-user"),
        (format!("/users/{user}/deactivate"), "deactivate-user"),
        (format!("/users/{user}/reactivate"), "provision-user"),
        (format!("/compat-sessions/{session}/finish"), "delete-device"),
    ] {
        app.clock.advance(Duration::from_secs(1));
        // Of who is erased, what was to be done is forgotten, too.
        let body = if queue == "deactivate-user" { json!({ "skip_erase": true }) } else { Value::Null };
        let answer = post(&admin, &action, body).await.ok();
        assert!(answer.header("access-control-expose-headers").contains("latchkey-job"), "{action}");
        let job = answer.header("latchkey-job").to_owned();
        let state = async || attributes(&get(&admin, &format!("/jobs/{job}")).await);
        assert_eq!(
            (&state().await["queue"], &state().await["state"]),
            (&json!(queue), &json!("available")),
            "{action}"
        );
        app.run_jobs().await;
        assert_eq!(state().await["state"], "completed", "{action}");
        let of_ada = ids(&get(&admin, &format!("/jobs?filter[user]={user}&page[last]=100")).await);
        assert_eq!(of_ada.contains(&job), action.starts_with("/users/"), "{action}");
    }
    let lock = || admin.post(&format!("{BASE}/users/{user}/lock")).header("idempotency-key", "once");
    let (first, again) = (lock().await.ok(), lock().await.ok());
    assert_eq!(first.header("latchkey-job"), again.header("latchkey-job"), "also if the answer was lost");
    assert!(again.header("access-control-expose-headers").contains("idempotency-replayed"));
    let nothing = post(&admin, &format!("/users/{user}/set-admin"), json!({ "admin": true })).await.ok();
    assert_eq!(nothing.header("latchkey-job"), "");
    app.run_jobs().await;
}

#[tokio::test]
async fn what_a_job_is_to_do_is_shown_of_a_single_one() {
    let (app, admin, [dead, _]) = with_jobs().await;
    let user = get(&admin, "/users/by-username/ada").await.json()["data"]["id"].clone();
    let shown = get(&admin, &format!("/jobs/{dead}")).await;
    let job = attributes(&shown);
    assert_eq!(
        (&job["queue"], &job["state"], &job["tries"]),
        (&json!("provision-user"), &json!("failed"), &json!(1))
    );
    assert_eq!(job["reason"], "there is no such user");
    assert_eq!(job["payload"]["user"], user);
    let listed = get(&admin, "/jobs").await.json();
    assert!(listed["data"].as_array().unwrap().iter().all(|job| job["attributes"].get("payload").is_none()));
    let unknown = get(&admin, "/jobs/01KE34VF00M9S346Q3D25VT4F5").await;
    assert_eq!(failure(&unknown), failed(404, "not_found"));
    app.clock.advance(Duration::from_secs(60));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_dead_job_is_tried_again_and_a_waiting_one_at_once() {
    let (app, admin, [dead, waiting]) = with_jobs().await;
    let seen = get(&admin, &format!("/jobs/{dead}")).await.header("etag").to_owned();
    for (job, tries) in [(&dead, 0), (&waiting, 1)] {
        let retried = post(&admin, &format!("/jobs/{job}/retry"), Value::Null).await;
        let told = attributes(&retried);
        assert_eq!((&told["state"], &told["tries"]), (&json!("available"), &json!(tries)));
        assert_eq!(retried.json()["links"]["self"], format!("{BASE}/jobs/{job}/retry"));
    }
    let stale = admin.post(&format!("{BASE}/jobs/{dead}/retry")).header("if-match", &seen).await;
    assert_eq!(failure(&stale), failed(412, "precondition_failed"), "it is not dead any more");
    assert_eq!(app.run_jobs().await, ["provision-user", "provision-user"]);
    assert!(app.homeserver.user("ada").is_some() && app.homeserver.user("bob").is_some());
    let done = post(&admin, &format!("/jobs/{dead}/retry"), Value::Null).await;
    assert_eq!(failure(&done), failed(409, "job_completed"));
}

#[tokio::test]
async fn a_job_that_a_worker_has_is_left_alone() {
    let (app, admin, [dead, _]) = with_jobs().await;
    post(&admin, &format!("/jobs/{dead}/retry"), Value::Null).await.ok();
    let claimed = jobs::claim(&app.parts().db, &app.op(), "busy", &Room::default()).await.unwrap();
    assert_eq!(claimed.len(), 1);
    let running = attributes(&get(&admin, &format!("/jobs/{dead}")).await);
    assert_eq!((&running["state"], &running["tries"]), (&json!("running"), &json!(1)));
    assert!(running["leased_by"].as_str().unwrap().contains("busy") && running["leased_until"].is_string());
    let retried = post(&admin, &format!("/jobs/{dead}/retry"), Value::Null).await;
    assert_eq!(failure(&retried), failed(409, "job_running"));
    assert_eq!(failure(&delete(&admin, &dead).await), failed(409, "job_running"));
    app.clock.advance(Duration::from_secs(61));
    app.run_jobs().await;
}

#[tokio::test]
async fn jobs_are_deleted_and_leave_a_trace() {
    let (_app, admin, [dead, waiting]) = with_jobs().await;
    assert_eq!(delete(&admin, &waiting).await.status.as_u16(), 204);
    assert_eq!(failure(&delete(&admin, &waiting).await), failed(404, "not_found"));
    let events = get(&admin, "/audit-events?filter[kind]=administered&page[last]=1").await.json();
    let told = &events["data"][0]["attributes"]["data"];
    assert_eq!(
        (&told["operation"], &told["target"]),
        (&json!("deleteJob"), &json!(format!("{BASE}/jobs/{waiting}")))
    );
    assert_eq!((&told["before"]["state"], &told["after"]), (&json!("scheduled"), &Value::Null));
    assert!(told["before"].get("payload").is_none(), "it may name people");
    assert_eq!(ids(&get(&admin, &format!("/jobs?{OPEN}")).await), [dead]);
}

#[tokio::test]
async fn all_that_have_failed_are_tried_again_or_deleted_together() {
    let (app, admin, [dead, _]) = with_jobs().await;
    let other = post(&admin, "/jobs/retry-failed", json!({ "queue": "delete-device" })).await.ok();
    assert_eq!(other.json(), json!({ "jobs": 0 }));
    assert_eq!(post(&admin, "/jobs/retry-failed", Value::Null).await.ok().json(), json!({ "jobs": 1 }));
    assert_eq!(attributes(&get(&admin, &format!("/jobs/{dead}")).await)["state"], "available");
    end(&app, &Outcome::GiveUp("still not".into())).await;
    let deleted = post(&admin, "/jobs/delete-failed", json!({ "queue": "provision-user" })).await.ok();
    assert_eq!(deleted.json(), json!({ "jobs": 1 }));
    assert_eq!(failure(&get(&admin, &format!("/jobs/{dead}")).await), failed(404, "not_found"));
    app.clock.advance(Duration::from_secs(60));
    app.run_jobs().await;
}
