//! The same for many: what is asked for, how far it has come, and what became of each.

use std::{sync::Arc, time::Duration};

use domain::jobs::{self, Outcome, Stop};
use kernel::id::UserId;
use serde_json::{Value, json};
use store::{ConnectionTrait, DbErr, Engine};
use testkit::{
    Answer, CONFIDENTIAL, Caller,
    ClientKind::{Basic, Public},
    Credentials, TestApp, engine,
};
use tokio::sync::Notify;

use super::{BASE, app, attributes, book, claim, failed, failure, get, ids, post, run_a_little, script};
use crate::faults::seeds;

pub const BULK: &str = "/bulk-operations";
/// Nobody's.
pub const NOBODY: &str = "01KE34VF00M9S346Q3D25VT4F5";
pub const LOCKED: &str = "SELECT username FROM users WHERE locked_at IS NOT NULL ORDER BY id";

pub async fn ask(caller: &Caller, body: Value) -> Answer {
    let answer = post(caller, BULK, body).await;
    assert_eq!(answer.status.as_u16(), 202, "{answer}");
    answer
}

/// What is told of it now.
pub async fn told(caller: &Caller, asked: &Answer) -> Value {
    attributes(&caller.get(asked.header("location")).await)
}

/// What has become of it: changed, unchanged, failed.
pub fn counts(told: &Value) -> (u64, u64, u64) {
    let count = |name: &str| told[name].as_u64().unwrap();
    (count("changed"), count("unchanged"), count("failed"))
}

/// Some people, made one after the other and not all in the same millisecond.
pub async fn people<const N: usize>(app: &TestApp, names: [&str; N]) -> [UserId; N] {
    let mut made = Vec::new();
    for name in names {
        made.push(app.user(name).await);
        app.clock.advance(Duration::from_millis(10));
    }
    made.try_into().unwrap()
}

#[tokio::test]
async fn a_list_of_accounts_is_locked_and_what_could_not_be_is_named() {
    let (app, admin) = app().await;
    let [ada, bob, eve] = people(&app, ["ada", "bob", "eve"]).await;
    post(&admin, &format!("/users/{bob}/lock"), Value::Null).await.ok();
    app.run_jobs().await;
    app.homeserver.calls();
    let list = json!([eve, NOBODY, bob, eve]);
    let asked = ask(&admin, json!({ "operation": "lockUser", "ids": list })).await;
    let id = asked.json()["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(asked.header("location"), format!("{BASE}{BULK}/{id}"));
    let pending = attributes(&asked);
    assert_eq!((&pending["state"], &pending["total"]), (&json!("pending"), &json!(3)), "each once");
    assert_eq!(pending["targets"], json!({ "ids": 3 }));
    assert!(pending.get("failures").is_none());
    let job = get(&admin, &format!("/jobs/{}", pending["job_id"].as_str().unwrap())).await;
    assert_eq!(attributes(&job)["queue"], "bulk-operation");

    assert_eq!(app.run_jobs().await, ["bulk-operation", "provision-user", "provision-user"]);
    let done = told(&admin, &asked).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("completed"), (1, 1, 1)));
    assert!(done["finished_at"].is_string() && done["reason"].is_null(), "{done}");
    assert_eq!(
        done["failures"],
        json!([{ "id": NOBODY, "code": "not_found", "title": "There is no user with this id" }])
    );
    assert_eq!(app.database.texts(LOCKED).await, ["bob", "eve"]);
    assert!(app.homeserver.user("eve").unwrap().locked && !app.homeserver.user("ada").unwrap().locked);

    let event = format!("/audit-events?filter[kind]=administered&filter[user]={eve}");
    let event = get(&admin, &event).await.json()["data"][0]["attributes"].clone();
    assert_eq!(event["actor"], format!("oauth2-client:{CONFIDENTIAL}"));
    assert_eq!(event["request_id"], format!("bulk-{id}"));
    let data = &event["data"];
    assert_eq!((&data["operation"], &data["bulk_operation"]), (&json!("lockUser"), &json!(id)));
    assert_eq!(data["target"], format!("{BASE}/users/{eve}"));
    assert!(data["before"]["locked_at"].is_null() && data["after"]["locked_at"].is_string(), "{data}");
    assert!(data["by_session"].is_string());
    let own = format!("/audit-events?filter[kind]=user_locked&filter[user]={eve}");
    let own = get(&admin, &own).await.json()["data"][0]["attributes"].clone();
    assert_eq!((&own["actor"], &own["request_id"]), (&event["actor"], &event["request_id"]));

    let back = ask(&admin, json!({ "operation": "unlockUser", "ids": [ada, bob, eve] })).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &back).await), (2, 1, 0));
    assert!(app.database.texts(LOCKED).await.is_empty());
}

#[tokio::test]
async fn all_that_a_filter_finds_and_nothing_that_came_later() {
    let (app, admin) = app().await;
    let [_, _, two, late] = people(&app, ["ada", "spam1", "spam2", "spam-late"]).await;
    post(&admin, &format!("/users/{late}/lock"), Value::Null).await.ok();
    app.run_jobs().await;
    let filter = json!({ "operation": "deactivateUser", "filter": { "search": "SPAM", "status": "active" } });
    let mut preview = filter.clone();
    preview["dry_run"] = json!(true);
    let preview = post(&admin, BULK, preview).await;
    assert_eq!((preview.status.as_u16(), preview.json()), (200, json!({ "total": 2 })));
    assert!(ids(&get(&admin, BULK).await).is_empty(), "nothing was asked for");

    let asked = ask(&admin, filter.clone()).await;
    assert_eq!(attributes(&asked)["targets"]["filter"], filter["filter"]);
    let [first] = claim(&app, "one").await.try_into().unwrap();
    assert_eq!(run_a_little(&app, &first).await, Outcome::Done);
    book(&app, first, Outcome::Done).await;
    // It is active from now on, and would be found.
    post(&admin, &format!("/users/{late}/unlock"), Value::Null).await.ok();
    app.clock.advance(Duration::from_secs(1));
    people(&app, ["spam3"]).await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["total"], &done["state"], counts(&done)), (&json!(2), &json!("completed"), (2, 0, 0)));
    let shut = "SELECT username FROM users WHERE deactivated_at IS NOT NULL ORDER BY id";
    assert_eq!(app.database.texts(shut).await, ["spam1", "spam2"]);
    app.run_jobs().await;
    assert!(app.homeserver.user("spam1").is_none_or(|user| user.deactivated));
    let kinds = format!("/audit-events?filter[user]={two}&page[first]=100");
    let kinds = get(&admin, &kinds).await.json();
    let kinds: Vec<_> =
        kinds["data"].as_array().unwrap().iter().map(|one| one["attributes"]["kind"].clone()).collect();
    assert!(kinds.contains(&json!("user_erased")), "it was not asked to skip that: {kinds:?}");

    let asked = ask(&admin, filter).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (2, 0, 0), "those that came later");
    let none = ask(&admin, json!({ "operation": "lockUser", "filter": { "search": "nobody" } })).await;
    app.run_jobs().await;
    let none = told(&admin, &none).await;
    assert_eq!((&none["state"], &none["total"], counts(&none)), (&json!("completed"), &json!(0), (0, 0, 0)));
}

#[tokio::test]
async fn what_is_not_clear_is_refused_and_nothing_is_passed_over() {
    let (app, admin) = app().await;
    people(&app, ["ada"]).await;
    let many: Vec<_> = (0..10_001).map(|_| NOBODY).collect();
    for (body, status, code, pointer) in [
        (json!({ "operation": "lockUser" }), 400, "unclear_targets", ""),
        (json!({ "operation": "lockUser", "ids": [NOBODY], "all": true }), 400, "unclear_targets", ""),
        (
            json!({ "operation": "lockUser", "ids": [NOBODY], "filter": { "status": "active" } }),
            400,
            "unclear_targets",
            "",
        ),
        (json!({ "operation": "lockUser", "filter": {} }), 400, "empty_filter", "/filter"),
        (
            json!({ "operation": "lockUser", "filter": { "stauts": "active" } }),
            400,
            "invalid_filter",
            "/filter/stauts",
        ),
        (
            json!({ "operation": "lockUser", "filter": { "status": "Active" } }),
            400,
            "invalid_filter",
            "/filter/status",
        ),
        (
            json!({ "operation": "lockUser", "filter": { "search": "" } }),
            400,
            "invalid_filter",
            "/filter/search",
        ),
        (
            json!({ "operation": "lockUser", "filter": { "active-oauth2-client": ["x"] } }),
            400,
            "invalid_filter",
            "/filter/active-oauth2-client",
        ),
        (
            json!({ "operation": "finishUserSession", "filter": { "search": "spam" } }),
            400,
            "invalid_filter",
            "/filter/search",
        ),
        (
            json!({ "operation": "lockUser", "filter": { "active-oauth2-client": [NOBODY] } }),
            404,
            "not_found",
            "/filter",
        ),
        (json!({ "operation": "lockUser", "ids": many }), 400, "too_many_ids", "/ids"),
        (
            json!({ "operation": "lockUser", "ids": [NOBODY], "skip_erase": true }),
            400,
            "unfit_member",
            "/skip_erase",
        ),
        (json!({ "operation": "lockUser", "ids": ["ada"] }), 422, "invalid_body", "/ids/0"),
        (json!({ "operation": "eraseUser", "all": true }), 422, "invalid_body", "/operation"),
        (json!({ "operation": "lockUser", "all": true, "dry-run": true }), 422, "invalid_body", "/dry-run"),
    ] {
        let answer = post(&admin, BULK, body).await;
        assert_eq!(failure(&answer), failed(status, code), "{answer}");
        let source = &answer.json()["errors"][0]["source"]["pointer"];
        assert_eq!(source.as_str().unwrap_or_default(), pointer, "{answer}");
    }
    assert!(ids(&get(&admin, BULK).await).is_empty());
    assert_eq!(failure(&get(&admin, &format!("{BULK}/{NOBODY}")).await), failed(404, "not_found"));
}

#[tokio::test]
async fn whoever_asks_is_left_alone_unless_asked_to_be_included() {
    let (app, script) = app().await;
    let [ada, _] = people(&app, ["ada", "bob"]).await;
    post(&script, &format!("/users/{ada}/set-admin"), json!({ "admin": true })).await.ok();
    let body = json!({ "actor_user_id": ada, "human_name": "", "scope": "urn:mas:admin" });
    let token = attributes(&post(&script, "/personal-sessions", body).await)["access_token"].clone();
    let admin = app.caller(Credentials::Bearer(token.as_str().unwrap().into()));

    let listed = post(&admin, BULK, json!({ "operation": "lockUser", "ids": [ada] })).await;
    assert_eq!(failure(&listed), failed(400, "includes_caller"));
    let asked = ask(&admin, json!({ "operation": "lockUser", "all": true })).await;
    assert_eq!(attributes(&asked)["total"], 1);
    app.run_jobs().await;
    assert_eq!(app.database.texts(LOCKED).await, ["bob"]);
    let asked = ask(&admin, json!({ "operation": "revokePersonalSession", "all": true })).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (0, 0, 0), "its own token is the only one");

    let asked = ask(&admin, json!({ "operation": "lockUser", "ids": [ada], "include_self": true })).await;
    app.run_jobs().await;
    assert_eq!(failure(&get(&admin, "/version").await), failed(401, "user_locked"));
    assert_eq!(counts(&told(&script, &asked).await), (1, 0, 0));
}

/// A token may act for one account and belong to another, who would find themselves locked out as well.
#[tokio::test]
async fn who_the_token_belongs_to_is_left_alone_too() {
    let (app, _) = app().await;
    let (ada, bot) = (app.administrator("ada").await, app.administrator("bot").await);
    people(&app, ["eve"]).await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).with("scope", "urn:mas:admin").agreed_by(ada).await;
    let by_ada = app.caller(Credentials::Bearer(client.exchange(&code).await.tokens().access_token));
    let body = json!({ "actor_user_id": bot, "human_name": "", "scope": "urn:mas:admin" });
    let token = attributes(&post(&by_ada, "/personal-sessions", body).await)["access_token"].clone();
    let admin = app.caller(Credentials::Bearer(token.as_str().unwrap().into()));
    for own in [ada, bot] {
        let listed = post(&admin, BULK, json!({ "operation": "killUserSessions", "ids": [own] })).await;
        assert_eq!(failure(&listed), failed(400, "includes_caller"));
    }
    let asked = ask(&admin, json!({ "operation": "lockUser", "all": true })).await;
    assert_eq!(attributes(&asked)["total"], 1);
    app.run_jobs().await;
    assert_eq!(app.database.texts(LOCKED).await, ["eve"]);
    ask(&admin, json!({ "operation": "lockUser", "all": true, "include_self": true })).await;
    app.run_jobs().await;
    assert_eq!(app.database.texts(LOCKED).await, ["ada", "bot", "eve"]);
}

#[tokio::test]
async fn sessions_of_each_kind_end_by_the_filters_of_their_lists() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    let user = get(&admin, "/users/by-username/ada").await.json()["data"]["id"].as_str().unwrap().to_owned();
    let other = app.client(Basic).await;
    let spared = app.signed_in_to(&other, "bob").await;
    let personal = json!({ "actor_user_id": user, "human_name": "", "scope": "urn:matrix:client:api:*" });
    post(&admin, "/personal-sessions", personal).await.ok();
    crate::compat::log_in(&app, crate::compat::by_password("ada")).await;
    app.run_jobs().await;
    app.clock.advance(Duration::from_secs(1));
    let after = "2026-08-01T12:00:00.500Z";
    for (operation, filter, expected) in [
        ("finishOAuth2Session", json!({ "client": [client.id], "status": "active" }), 1),
        ("finishOAuth2Session", json!({ "created-after": after }), 0),
        ("finishCompatSession", json!({ "user": user, "created-before": after }), 1),
        ("finishUserSession", json!({ "user": user }), 1),
        ("revokePersonalSession", json!({ "actor_user": user, "expires": false }), 1),
    ] {
        let asked = ask(&admin, json!({ "operation": operation, "filter": filter })).await;
        assert_eq!(attributes(&asked)["total"], expected, "{operation}");
        app.run_jobs().await;
        let done = told(&admin, &asked).await;
        assert_eq!(counts(&done), (expected, 0, 0), "{operation}: {done}");
    }
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400);
    other.refresh(&spared).await.tokens();
    for list in ["/compat-sessions", "/personal-sessions"] {
        assert!(ids(&get(&admin, &format!("{list}?filter[status]=active")).await).is_empty(), "{list}");
    }

    let bob = get(&admin, "/users/by-username/bob").await.json()["data"]["id"].clone();
    let asked = ask(&admin, json!({ "operation": "killUserSessions", "ids": [user, bob, NOBODY] })).await;
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (1, 1, 1));
    assert_eq!(other.refresh(&spared).await.status.as_u16(), 400);
    let event = format!("/audit-events?filter[kind]=administered&filter[user]={}", bob.as_str().unwrap());
    let event = get(&admin, &event).await.json()["data"][0]["attributes"]["data"].clone();
    assert_eq!(event["operation"], "killUserSessions");
    assert_eq!(
        (&event["after"]["oauth2_sessions"], &event["after"]["user_sessions"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn many_are_done_by_several_jobs_that_keep_nobody_elses_waiting() {
    let (app, admin) = app().await;
    let (db, op) = (&app.parts().db, app.op());
    for at in 0..510 {
        seeds::user(db, &op, &format!("user{at}")).await;
    }
    app.clock.advance(Duration::from_secs(1));
    let asked = ask(&admin, json!({ "operation": "lockUser", "filter": { "search": "user" } })).await;
    let [first] = claim(&app, "one").await.try_into().unwrap();
    let stop = Stop::new();
    let worker = app.op().by(kernel::Actor::Worker);
    let outcome = jobs::run_claimed(app.parts().job_parts(&stop), &worker, &first).await;
    book(&app, first, outcome).await;
    let half = told(&admin, &asked).await;
    assert_eq!((&half["state"], counts(&half)), (&json!("running"), (500, 0, 0)));

    // Somebody locks one account while the homeserver has five hundred to hear of.
    let single = seeds::user(db, &app.op(), "single").await;
    post(&admin, &format!("/users/{single}/lock"), Value::Null).await.ok();
    let next = claim(&app, "two").await;
    let queues: Vec<_> = next.iter().map(|claimed| claimed.queue.as_str()).collect();
    assert!(queues.contains(&"provision-user") && queues.contains(&"bulk-operation"), "{queues:?}");
    assert!(queues.contains(&"provision-user-in-bulk"), "{queues:?}");
    app.clock.advance(Duration::from_secs(61));
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (510, 0, 0));
    assert!(app.homeserver.user("user509").unwrap().locked);
}

#[tokio::test]
async fn what_is_cancelled_stops_where_it_is() {
    let (app, admin) = app().await;
    people(&app, ["a", "b", "c"]).await;
    let asked = ask(&admin, json!({ "operation": "lockUser", "all": true })).await;
    let [first] = claim(&app, "stops").await.try_into().unwrap();
    run_a_little(&app, &first).await;
    book(&app, first, Outcome::Done).await;
    let path = asked.header("location").trim_start_matches(BASE).to_owned();
    let cancelled = post(&admin, &format!("{path}/cancel"), Value::Null).await.ok();
    assert_eq!(cancelled.json()["links"]["self"], format!("{BASE}{path}/cancel"));
    assert_eq!(attributes(&cancelled)["state"], "cancelled");
    post(&admin, &format!("{path}/cancel"), Value::Null).await.ok();
    app.run_jobs().await;
    assert_eq!(app.database.texts(LOCKED).await, ["a"], "what was done stays");
    let after = told(&admin, &asked).await;
    assert_eq!((&after["state"], counts(&after)), (&json!("cancelled"), (1, 0, 0)));

    let other = ask(&admin, json!({ "operation": "unlockUser", "all": true })).await;
    app.run_jobs().await;
    let path = other.header("location").trim_start_matches(BASE);
    let late = post(&admin, &format!("{path}/cancel"), Value::Null).await;
    assert_eq!(failure(&late), failed(409, "bulk_operation_completed"));
    for (query, expected) in [
        ("filter[status]=finished", 2),
        ("filter[status]=active", 0),
        ("filter[operation]=unlockUser", 1),
        ("filter[operation]=deactivateUser", 0),
    ] {
        assert_eq!(ids(&get(&admin, &format!("{BULK}?{query}")).await).len(), expected, "{query}");
    }
}

#[tokio::test]
async fn it_takes_the_right_to_what_is_done_to_each() {
    let (app, admin) = app().await;
    people(&app, ["ada"]).await;
    let users = script(&app, "urn:mas:admin:users").await;
    let asked = ask(&users, json!({ "operation": "lockUser", "all": true })).await;
    told(&users, &asked).await;
    let cancel = format!("{}/cancel", asked.header("location").trim_start_matches(BASE));
    for (scope, look, list) in [
        ("urn:mas:admin:read", 200, 1),
        ("urn:mas:admin:users:read", 200, 1),
        ("urn:mas:admin:oauth2-sessions", 403, 0),
    ] {
        let caller = script(&app, scope).await;
        assert_eq!(caller.get(asked.header("location")).await.status.as_u16(), look, "{scope}");
        assert_eq!(ids(&get(&caller, BULK).await).len(), list, "{scope}");
        for refused in [
            post(&caller, BULK, json!({ "operation": "lockUser", "all": true })).await,
            post(&caller, BULK, json!({ "operation": "lockUser", "all": true, "dry_run": true })).await,
            post(&caller, &cancel, Value::Null).await,
        ] {
            assert_eq!(failure(&refused), failed(403, "insufficient_scope"), "{scope}");
        }
    }
    let wrong = post(&users, BULK, json!({ "operation": "finishOAuth2Session", "all": true })).await;
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"urn:mas:admin:oauth2-sessions\"";
    assert_eq!(wrong.header("www-authenticate"), challenge);
    let emails = script(&app, "urn:mas:admin:user-emails").await;
    assert_eq!(failure(&get(&emails, BULK).await), failed(403, "insufficient_scope"));
    app.run_jobs().await;
    assert_eq!(counts(&told(&admin, &asked).await), (1, 0, 0));
}

#[tokio::test]
async fn asking_again_with_the_same_key_is_the_same_operation() {
    let (app, admin) = app().await;
    people(&app, ["ada"]).await;
    let body = json!({ "operation": "lockUser", "all": true });
    let send =
        async || admin.post(&format!("{BASE}{BULK}")).header("idempotency-key", "once").json(&body).await;
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (202, 202));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(ids(&get(&admin, BULK).await).len(), 1);
    assert_eq!(app.run_jobs().await, ["bulk-operation", "provision-user"]);
}

#[tokio::test]
async fn one_whose_job_has_died_says_so_and_goes_on_when_that_is_tried_again() {
    let (app, admin) = app().await;
    people(&app, ["a", "b"]).await;
    let asked = ask(&admin, json!({ "operation": "lockUser", "all": true })).await;
    let [first] = claim(&app, "one").await.try_into().unwrap();
    run_a_little(&app, &first).await;
    book(&app, first, Outcome::Done).await;
    for claimed in claim(&app, "two").await {
        book(&app, claimed, Outcome::GiveUp("the disk is full".into())).await;
    }
    let stuck = told(&admin, &asked).await;
    assert_eq!((&stuck["state"], &stuck["reason"]), (&json!("failed"), &json!("the disk is full")));
    let job = stuck["job_id"].as_str().unwrap();
    let jobs_only = script(&app, "urn:mas:admin:jobs").await;
    for retry in [format!("/jobs/{job}/retry"), "/jobs/retry-failed".to_owned()] {
        let refused = post(&jobs_only, &retry, Value::Null).await;
        assert_eq!(failure(&refused), failed(403, "insufficient_scope"));
        assert!(refused.header("www-authenticate").contains("urn:mas:admin:users"), "{refused}");
    }
    let others = post(&jobs_only, "/jobs/retry-failed", json!({ "queue": "provision-user" })).await;
    assert_eq!(others.ok().json()["jobs"], 0);
    let both = script(&app, "urn:mas:admin:jobs urn:mas:admin:users").await;
    post(&both, &format!("/jobs/{job}/retry"), Value::Null).await.ok();
    app.run_jobs().await;
    let done = told(&admin, &asked).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("completed"), (2, 0, 0)));
}

/// Of lists and counts, four run at once. On SQLite nothing holds them up, so it cannot be seen there.
#[tokio::test(flavor = "multi_thread")]
async fn counting_waits_for_its_turn_as_lists_do() {
    if engine() != Engine::Postgres {
        return;
    }
    let (app, admin) = app().await;
    let [ada] = people(&app, ["ada"]).await;
    let (held, let_go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let holding = tokio::spawn({
        let (db, held, let_go) = (app.parts().db.clone(), held.clone(), let_go.clone());
        async move {
            db.write(async |tx| {
                tx.execute_unprepared("LOCK TABLE user_emails IN ACCESS EXCLUSIVE MODE").await?;
                held.notify_one();
                let_go.notified().await;
                Ok::<_, DbErr>(())
            })
            .await
        }
    });
    held.notified().await;
    let lists: Vec<_> =
        (0..4).map(|_| tokio::spawn(admin.get(&format!("{BASE}/user-emails")).into_future())).collect();
    let waiting =
        "SELECT 'x' FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while app.database.texts(waiting).await.len() < 4 {
        tokio::task::yield_now().await;
    }
    get(&admin, &format!("/users/{ada}")).await.ok();
    let body = json!({ "operation": "lockUser", "all": true, "dry_run": true });
    let mut counting = tokio::spawn(admin.post(&format!("{BASE}{BULK}")).json(&body).into_future());
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut counting).await.is_err(), "it has no turn");
    let_go.notify_one();
    holding.await.unwrap().unwrap();
    for list in lists {
        list.await.unwrap().ok();
    }
    assert_eq!(counting.await.unwrap().json(), json!({ "total": 1 }));
}

#[tokio::test]
async fn results_stay_as_long_as_jobs_do() {
    let (app, admin) = app().await;
    app.plan_jobs().await;
    people(&app, ["ada"]).await;
    let asked = ask(&admin, json!({ "operation": "lockUser", "ids": [NOBODY] })).await;
    app.run_jobs().await;
    let kept = async || {
        let tables = ["bulk_operations", "bulk_failures"];
        let count = tables.map(|table| format!("(SELECT count(*) FROM {table})")).join(" + ");
        app.database.texts(&format!("SELECT CAST({count} AS text)")).await.remove(0)
    };
    let day = Duration::from_secs(86_400);
    for (days, expected) in [(29, "2"), (2, "0")] {
        app.clock.advance(day * days);
        app.plan_jobs().await;
        app.run_jobs().await;
        assert_eq!(kept().await, expected);
    }
    let later = script(&app, "urn:mas:admin").await;
    assert_eq!(failure(&later.get(asked.header("location")).await), failed(404, "not_found"));
}
