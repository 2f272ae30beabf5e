//! The admin API, as scripts and consoles meet it.

mod audit_events;
mod authentication;
mod budgets;
mod bulk;
mod bulk_deactivation;
mod bulk_interrupted;
mod bulk_jobs;
mod clients;
mod command_line;
mod consoles;
mod demotion;
mod display_names;
mod document;
mod every_change;
mod idempotency;
mod if_match;
mod jobs;
mod lent_tokens;
mod lists;
mod personal_sessions;
mod policy_data;
mod power;
mod registration_tokens;
mod searches;
mod sessions;
mod upstream;
mod user_emails;
mod users;
mod ways;

use std::time::Duration;

use domain::jobs::{self as queue, Claimed, Ended, Outcome, Room, Stop};
use serde_json::{Value, json};
use testkit::{Answer, CONFIDENTIAL, Caller, ClientKind::Basic, Credentials, TestApp};

const BASE: &str = "/api/admin/v1";

/// The service, and a script that may administer it: a client of the configuration, by client credentials.
pub async fn app() -> (TestApp, Caller) {
    let app = TestApp::with(|settings| settings.policy = json!({ "admin_clients": [CONFIDENTIAL] })).await;
    let admin = script(&app, "urn:mas:admin").await;
    (app, admin)
}

/// The same client, with a token of this scope.
async fn script(app: &TestApp, scope: &str) -> Caller {
    let form = [("grant_type", "client_credentials"), ("scope", scope)];
    let body = app.configured(Basic).token(form).await.ok().json();
    app.caller(Credentials::Bearer(body["access_token"].as_str().unwrap().into()))
}

async fn get(caller: &Caller, path: &str) -> Answer {
    caller.get(&format!("{BASE}{path}")).await
}

/// Sends a body, or none if it is null.
pub async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    let request = caller.post(&format!("{BASE}{path}"));
    if body.is_null() { request.await } else { request.json(&body).await }
}

/// Status and code of a failure, which must be a document as all of them are.
#[track_caller]
fn failure(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    let first = &body["errors"][0];
    assert!(first["title"].is_string(), "{answer}");
    assert_eq!(first["status"], answer.status.as_u16().to_string(), "{answer}");
    assert_eq!(answer.header("access-control-allow-origin"), "*", "{answer}");
    (answer.status.as_u16(), first["code"].as_str().unwrap_or_default().to_owned())
}

fn failed(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// The ids of a page.
#[track_caller]
fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let rows = body["data"].as_array().unwrap_or_else(|| panic!("no page: {answer}"));
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// The attributes of a single resource.
#[track_caller]
fn attributes(answer: &Answer) -> Value {
    assert!(answer.status.is_success(), "{answer}");
    answer.json()["data"]["attributes"].clone()
}

/// What a worker takes of what is due.
async fn claim(app: &TestApp, worker: &str) -> Vec<Claimed> {
    queue::claim(&app.parts().db, &app.op(), worker, &Room::default()).await.unwrap()
}

/// Runs a job as a worker does that is about to stop: it does the least that it can.
async fn run_a_little(app: &TestApp, claimed: &Claimed) -> Outcome {
    let stop = Stop::new();
    stop.cancel();
    let op = app.op().by(kernel::Actor::Worker);
    queue::run_claimed(app.parts().job_parts(&stop), &op, claimed).await
}

async fn book(app: &TestApp, claimed: Claimed, outcome: Outcome) {
    let ended = [Ended { claimed, outcome, took: Duration::ZERO }];
    queue::settle(&app.parts().db, &app.op(), &ended).await.unwrap();
}
