//! Closing many accounts, which cannot be taken back: nobody is closed, or erased, who was not meant.

use std::time::Duration;

use domain::jobs::Outcome;
use kernel::id::UserId;
use serde_json::{Value, json};
use testkit::{Caller, TestApp};

use super::{
    app, attributes, book,
    bulk::{BULK, ask, counts, people, told},
    bulk_interrupted::dies_when,
    claim, failed, failure, get, post, run_a_little,
};
use crate::faults::seeds;

/// How many events of this kind there are about somebody.
async fn events(admin: &Caller, kind: &str, user: UserId) -> u64 {
    let count = format!("/audit-events?filter[kind]={kind}&filter[user]={user}&count=only");
    get(admin, &count).await.json()["meta"]["count"].as_u64().unwrap()
}

/// The homeserver was asked to hide what the person has written.
fn is_erased(app: &TestApp, name: &str) -> bool {
    app.homeserver.user(name).is_some_and(|user| user.erased)
}

#[tokio::test]
async fn who_was_kept_on_purpose_is_erased_by_name_only() {
    let (app, admin) = app().await;
    let [kept, gone] = people(&app, ["spam-kept", "spam-gone"]).await;
    let keep = ask(&admin, json!({ "operation": "deactivateUser", "ids": [kept], "skip_erase": true })).await;
    assert_eq!(attributes(&keep)["skip_erase"], true);
    app.run_jobs().await;

    let asked = ask(&admin, json!({ "operation": "deactivateUser", "filter": { "search": "spam" } })).await;
    assert_eq!(attributes(&asked)["skip_erase"], false);
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (1, 1, 0));
    assert!(is_erased(&app, "spam-gone") && !is_erased(&app, "spam-kept"));
    assert_eq!(events(&admin, "user_erased", kept).await, 0);
    assert_eq!(events(&admin, "administered", kept).await, 1, "of this operation, none");

    let by_name = json!({ "operation": "deactivateUser", "ids": [kept, gone] });
    let asked = ask(&admin, by_name.clone()).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (1, 1, 0), "the other one is erased already");
    assert!(is_erased(&app, "spam-kept"));
    assert_eq!(events(&admin, "user_erased", kept).await, 1);
    assert_eq!(events(&admin, "administered", kept).await, 2);
    let again = ask(&admin, by_name).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &again).await), (0, 2, 0));
}

#[tokio::test]
async fn how_it_was_meant_is_told_and_written_down() {
    let (app, admin) = app().await;
    let [ada] = people(&app, ["ada"]).await;
    for (operation, skip_erase, include_self) in
        [("deactivateUser", true, true), ("deactivateUser", false, false), ("unlockUser", false, true)]
    {
        let mut body = json!({ "operation": operation, "ids": [ada], "include_self": include_self });
        if operation == "deactivateUser" {
            body["skip_erase"] = json!(skip_erase);
        }
        let asked = ask(&admin, body).await;
        let meant = |told: &Value| (told["skip_erase"].clone(), told["include_self"].clone());
        let expected = (json!(skip_erase), json!(include_self));
        assert_eq!(meant(&told(&admin, &asked).await), expected, "{operation}");
        let event = "/audit-events?filter[kind]=administered&page[last]=100";
        let events = get(&admin, event).await.json();
        let id = &asked.json()["data"]["id"];
        let event = events["data"].as_array().unwrap().iter().find(|event| {
            let target = event["attributes"]["data"]["target"].as_str().unwrap_or_default();
            target.ends_with(&format!("{BULK}/{}", id.as_str().unwrap()))
        });
        assert_eq!(meant(&event.unwrap()["attributes"]["data"]["after"]), expected, "{operation}");
    }
    post(&admin, &format!("/users/{ada}/unlock"), Value::Null).await.ok();
    app.run_jobs().await;
}

const SHUT: &str = "SELECT username FROM users WHERE deactivated_at IS NOT NULL ORDER BY id";

#[tokio::test]
async fn who_does_not_match_any_more_is_left_alone() {
    let (app, admin) = app().await;
    let [one, _] = people(&app, ["spam1", "spam2"]).await;
    let filter = json!({ "search": "spam", "status": "active" });
    let asked = ask(&admin, json!({ "operation": "deactivateUser", "filter": filter })).await;
    let [first] = claim(&app, "one").await.try_into().unwrap();
    assert_eq!(run_a_little(&app, &first).await, Outcome::Done);
    book(&app, first, Outcome::Done).await;
    assert_eq!(told(&admin, &asked).await["state"], "pending", "nothing was done so far");
    post(&admin, &format!("/users/{one}/lock"), Value::Null).await.ok();
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["total"], &done["state"], counts(&done)), (&json!(2), &json!("completed"), (1, 0, 0)));
    assert_eq!(app.database.texts(SHUT).await, ["spam2"]);
    assert!(app.database.texts("SELECT 'x' FROM bulk_targets").await.is_empty());
}

#[tokio::test]
async fn nothing_is_done_if_they_are_not_as_many_as_expected() {
    let (app, admin) = app().await;
    let [_, _, late] = people(&app, ["spam1", "spam2", "spam3"]).await;
    post(&admin, &format!("/users/{late}/lock"), Value::Null).await.ok();
    app.run_jobs().await;
    let asking = |operation: &str, total: u64| {
        let filter = json!({ "search": "spam", "status": "active" });
        json!({ "operation": operation, "filter": filter, "expected_total": total })
    };
    for operation in ["deactivateUser", "lockUser"] {
        let refused = post(&admin, BULK, asking(operation, 3)).await;
        assert_eq!(failure(&refused), failed(409, "total_differs"));
        assert_eq!(refused.json()["errors"][0]["source"]["pointer"], "/expected_total");
    }
    let asked = ask(&admin, asking("deactivateUser", 2)).await;
    post(&admin, &format!("/users/{late}/unlock"), Value::Null).await.ok();
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("cancelled"), (0, 0, 0)));
    assert_eq!(done["reason"], "there are 3, and not 2: nothing was done");
    assert!(app.database.texts(SHUT).await.is_empty());

    let asked = ask(&admin, asking("deactivateUser", 3)).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (3, 0, 0));
}

#[tokio::test]
async fn very_many_are_settled_slice_by_slice_also_if_a_worker_dies() {
    let (app, admin) = app().await;
    let (db, op) = (&app.parts().db, app.op());
    for at in 0..510 {
        seeds::user(db, &op, &format!("spam{at}")).await;
    }
    app.clock.advance(Duration::from_secs(1));
    let filter = json!({ "search": "spam", "status": "active" });
    let asked = ask(&admin, json!({ "operation": "deactivateUser", "filter": filter })).await;
    let doomed = claim(&app, "doomed").await;
    let settled = async || app.database.texts("SELECT 'x' FROM bulk_targets").await.len();
    dies_when(&app, &doomed[0], async || settled().await > 0).await;
    assert!(settled().await >= 500, "slice by slice");
    app.clock.advance(Duration::from_secs(61));
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["total"], counts(&done)), (&json!(510), (510, 0, 0)));
    assert_eq!(settled().await, 0);
}
