//! What is kept no longer goes, and nothing else.

use std::time::Duration;

use domain::jobs::{self, Job, Outcome, Remains, Stop};
use kernel::id::*;
use store::Engine;
use testkit::{ClientKind::*, PASSWORD, TestApp, engine};

use super::{DAY, HOUR, MINUTE, leftovers};

/// That much time passes, with a worker at work at its end.
async fn pass(app: &TestApp, time: Duration) {
    app.clock.advance(time);
    app.plan_jobs().await;
    app.run_jobs().await;
}

async fn count(app: &TestApp, table: &str) -> usize {
    app.database.texts(&format!("SELECT 'x' FROM {table}")).await.len()
}

async fn new() -> TestApp {
    let app = TestApp::new().await;
    app.plan_jobs().await;
    app
}

#[tokio::test]
async fn grants_go_after_a_week() {
    let app = new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let (client, device) = (app.client(Public).await, app.device_client(Public).await);
    app.authorization(&client).agreed_by(alice).await;
    device.ask_for_codes("openid").await.ok();
    pass(&app, 7 * DAY - HOUR).await;
    assert_eq!((count(&app, "authorization_grants").await, count(&app, "device_grants").await), (1, 1));
    app.authorization(&client).agreed_by(alice).await;
    device.ask_for_codes("openid").await.ok();
    pass(&app, 2 * HOUR).await;
    assert_eq!((count(&app, "authorization_grants").await, count(&app, "device_grants").await), (1, 1));
}

/// Anybody can make some, without an account.
#[tokio::test]
async fn requests_that_nobody_answers_go_after_a_day() {
    let app = new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let path = app.authorization(&client).path();
    let grants = async || count(&app, "authorization_grants").await;
    let mut browser = app.browser();
    let page = browser.get(&path).await.ok();
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    let page = browser.get(&path).await.ok();
    browser.submit(&page, "/consent/", &[("action", "cancel")]).await;
    browser.get(&path).await.ok();
    app.browser().get(&path).await.ok();
    pass(&app, DAY - HOUR).await;
    assert_eq!(grants().await, 4);
    app.browser().get(&path).await.ok();
    pass(&app, 2 * HOUR).await;
    assert_eq!(grants().await, 3, "what was answered stays, and what is young");
    pass(&app, 6 * DAY).await;
    assert_eq!(grants().await, 0);
}

#[tokio::test]
async fn sessions_of_clients_alone_go_a_month_after_their_only_token() {
    let app = new().await;
    app.configured(Basic).token([("grant_type", "client_credentials")]).await.ok();
    let (client, tokens) = app.signed_in("alice").await;
    pass(&app, 29 * DAY).await;
    assert_eq!(count(&app, "sessions").await, 2);
    pass(&app, 3 * DAY).await;
    assert_eq!((count(&app, "sessions").await, count(&app, "token_pairs").await), (1, 1));
    client.refresh(&tokens).await.tokens();
}

#[tokio::test]
async fn clients_that_never_had_a_session_go_after_a_quarter_and_others_stay() {
    let app = TestApp::with(|settings| settings.upkeep.unused_client_ttl = 90 * DAY).await;
    app.plan_jobs().await;
    app.client(Post).await;
    let (client, tokens) = app.signed_in("alice").await;
    let registered = count(&app, "oauth_clients").await;
    pass(&app, 89 * DAY).await;
    assert_eq!(count(&app, "oauth_clients").await, registered);
    pass(&app, 2 * DAY).await;
    assert_eq!(count(&app, "oauth_clients").await, registered - 1);
    client.refresh(&tokens).await.tokens();
}

#[tokio::test]
async fn ended_sessions_lose_their_tokens_soon_and_go_after_a_month() {
    let app = new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let (other, others) = app.signed_in("bob").await;
    client.revoke(&tokens.refresh_token).await.ok();
    pass(&app, HOUR - MINUTE).await;
    assert_eq!(count(&app, "token_pairs").await, 2);
    pass(&app, HOUR).await;
    assert_eq!((count(&app, "token_pairs").await, count(&app, "sessions").await), (1, 2));
    assert_eq!(client.refresh(&tokens).await.refusal().1, "invalid_grant");
    pass(&app, 29 * DAY).await;
    assert_eq!(count(&app, "sessions").await, 2);
    pass(&app, DAY).await;
    assert_eq!(count(&app, "sessions").await, 1);
    other.refresh(&others).await.tokens();
}

#[tokio::test]
async fn a_browser_session_stays_as_long_as_an_app_session_that_came_from_it() {
    let app = new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    browser.submit(&page, "/logout", &[]).await.ok();
    app.database.execute(&format!("UPDATE browser_sessions SET finished_at = {}", app.now().0)).await;
    assert_eq!(count(&app, "browser_sessions").await, 2);
    pass(&app, 31 * DAY).await;
    assert_eq!(count(&app, "browser_sessions").await, 1);
    client.revoke(&client.refresh(&tokens).await.tokens().access_token).await.ok();
    pass(&app, 31 * DAY).await;
    pass(&app, HOUR).await;
    assert_eq!((count(&app, "sessions").await, count(&app, "browser_sessions").await), (0, 0));
}

#[tokio::test]
async fn addresses_go_after_a_month_without_use() {
    let app = new().await;
    app.signed_in("alice").await;
    app.write_activity().await;
    pass(&app, 20 * DAY).await;
    app.signed_in("bob").await;
    app.write_activity().await;
    pass(&app, 12 * DAY).await;
    for table in ["sessions", "browser_sessions"] {
        let known = format!("SELECT last_active_ip FROM {table} WHERE last_active_ip IS NOT NULL");
        assert_eq!((app.database.texts(&known).await.len(), count(&app, table).await), (1, 2), "{table}");
    }
}

async fn events(app: &TestApp, which: &str) -> usize {
    app.database.texts(&format!("SELECT kind FROM audit_events WHERE {which}")).await.len()
}

#[tokio::test]
async fn the_audit_trail_stays_and_its_addresses_and_failed_sign_ins_go() {
    let app = new().await;
    app.signed_in("alice").await;
    let wrong = [("username", "nobody"), ("password", "wrong")];
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    browser.submit(&page, "/login", &wrong).await;
    app.database.execute("UPDATE audit_events SET address = '192.0.2.1', user_agent = 'Netscape'").await;
    let (all, failed) = (events(&app, "TRUE").await, events(&app, "kind = 'sign_in_failed'").await);
    assert!(failed > 0 && all > failed);
    pass(&app, 29 * DAY).await;
    assert_eq!(events(&app, "address IS NOT NULL AND user_agent IS NOT NULL").await, all);
    pass(&app, 2 * DAY).await;
    assert_eq!(events(&app, "address IS NOT NULL OR user_agent IS NOT NULL").await, 0);
    assert_eq!(events(&app, "TRUE").await, all);
    pass(&app, 60 * DAY).await;
    assert_eq!(events(&app, "TRUE").await, all - failed);
    pass(&app, 3650 * DAY).await;
    assert_eq!(events(&app, "TRUE").await, all - failed, "nobody has said that it is to go");
}

#[tokio::test]
async fn the_audit_trail_goes_if_the_operator_says_so() {
    let app = TestApp::with(|settings| settings.upkeep.retention.audit_events = 365 * DAY).await;
    app.plan_jobs().await;
    app.signed_in("alice").await;
    pass(&app, 366 * DAY).await;
    assert_eq!(events(&app, "kind = 'signed_in'").await, 0);
}

#[tokio::test]
async fn jobs_and_changes_go_too() {
    let app = new().await;
    let (client, tokens) = app.signed_in("alice").await;
    client.revoke(&tokens.refresh_token).await.ok();
    pass(&app, MINUTE).await;
    assert!(count(&app, "changes").await > 0);
    let old = "SELECT queue FROM jobs WHERE queue IN ('provision-user', 'delete-device')";
    assert_eq!(app.database.texts(old).await.len(), 2);
    pass(&app, 8 * DAY).await;
    assert_eq!((count(&app, "changes").await, app.database.texts(old).await.len()), (0, 2));
    pass(&app, 30 * DAY).await;
    assert_eq!(app.database.texts(old).await.len(), 0);
}

#[tokio::test]
async fn what_the_operator_says_is_how_long_things_stay() {
    let app = TestApp::with(|settings| settings.upkeep.retention.device_grants = HOUR).await;
    app.plan_jobs().await;
    app.device_client(Public).await.ask_for_codes("openid").await.ok();
    pass(&app, 2 * HOUR).await;
    assert_eq!(count(&app, "device_grants").await, 0);
}

#[tokio::test]
async fn a_crowd_goes_in_slices_and_jobs_that_wait_stay() {
    let app = new().await;
    app.parts()
        .db
        .write(async |tx| {
            let op = app.op();
            for done in 0..1300 {
                let insert = "INSERT INTO jobs (id, queue, payload, created_at, run_at, completed_at) \
                              VALUES ($1, 'old', '{}', $2, $3, $4)";
                let id: JobId = op.id();
                let completed = (done >= 100).then_some(op.now);
                let values = [id.into(), op.now.into(), (op.now + 400 * DAY).into(), completed.into()];
                store::sql::execute(tx, insert, values).await?;
            }
            Ok::<_, store::DbErr>(())
        })
        .await
        .unwrap();
    pass(&app, 31 * DAY).await;
    assert_eq!(app.database.texts("SELECT queue FROM jobs WHERE queue = 'old'").await.len(), 100);
}

#[tokio::test]
async fn what_was_begun_goes_after_a_day_a_week_or_a_month() {
    let app = new().await;
    leftovers::seed(&app).await;
    let counts = async || {
        let mut counts = Vec::new();
        for table in
            ["registrations", "email_authentications", "email_codes", "recovery_sessions", "sign_ins"]
        {
            counts.push(count(&app, table).await);
        }
        counts
    };
    pass(&app, DAY - HOUR).await;
    assert_eq!(counts().await, [2, 2, 1, 1, 1]);
    pass(&app, 2 * HOUR).await;
    assert_eq!(counts().await, [1, 1, 0, 1, 1], "nobody finished one of the registrations");
    pass(&app, 6 * DAY - 2 * HOUR).await;
    assert_eq!(counts().await, [1, 1, 0, 1, 1]);
    pass(&app, 2 * HOUR).await;
    assert_eq!(counts().await, [1, 0, 0, 0, 0]);
    pass(&app, 23 * DAY).await;
    assert_eq!(counts().await, [0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn visits_to_providers_go_after_a_week_and_links_without_user_when_nobody_comes_any_more() {
    let app = new().await;
    leftovers::seed(&app).await;
    pass(&app, 6 * DAY).await;
    leftovers::visit_again(&app).await;
    pass(&app, 2 * DAY).await;
    assert_eq!((count(&app, "upstream_visits").await, count(&app, "upstream_links").await), (1, 1));
    pass(&app, 6 * DAY).await;
    assert_eq!((count(&app, "upstream_visits").await, count(&app, "upstream_links").await), (0, 0));
}

#[tokio::test]
async fn links_and_visits_of_people_with_an_account_stay() {
    let app = new().await;
    let user = app.user("alice").await;
    leftovers::seed(&app).await;
    leftovers::own(&app, user).await;
    pass(&app, 60 * DAY).await;
    assert_eq!((count(&app, "upstream_visits").await, count(&app, "upstream_links").await), (1, 1));
}

#[tokio::test]
async fn of_policy_data_the_ten_newest_stay() {
    let app = new().await;
    leftovers::seed(&app).await;
    pass(&app, DAY).await;
    assert_eq!(count(&app, "policy_data").await, 10);
}

/// Sessions that ended at the same instant, and browser sessions, each of which such a session came from; save that of every
/// hundredth there are tokens and an address, and nothing came from its browser session.
async fn crowd(app: &TestApp, count: usize) {
    const BROWSER: &str = "INSERT INTO browser_sessions (id, user_id, created_at, finished_at, auth_time, amr, \
      last_active_at, last_active_ip) VALUES ($1, $2, $3, $3, $3, 'pwd', $3, $4)";
    const SESSION: &str = "INSERT INTO sessions (id, kind, user_id, browser_session_id, scope, created_at, \
      finished_at, last_active_at, last_active_ip) VALUES ($1, 'compat', $2, $3, '', $4, $4, $4, $5)";
    const TOKENS: &str = "INSERT INTO token_pairs (id, session_id, created_at, access_id, access_hash) \
      VALUES ($1, $1, $2, $1, $3)";
    let (db, op) = (&app.parts().db, app.op());
    let user = app.user("crowd").await;
    let done = db.write(async |tx| {
        for at in 0..count {
            let (browser, session) = (op.id::<BrowserSessionId>(), op.id::<SessionId>());
            let is_left = at % 100 == 99;
            let address = is_left.then(|| "192.0.2.1".to_owned());
            let values = [browser.into(), user.into(), op.now.into(), address.clone().into()];
            store::sql::execute(tx, BROWSER, values).await?;
            let from = (!is_left).then_some(browser);
            let values = [session.into(), user.into(), from.into(), op.now.into(), address.into()];
            store::sql::execute(tx, SESSION, values).await?;
            if is_left {
                let values = [session.into(), op.now.into(), vec![0u8; 32].into()];
                store::sql::execute(tx, TOKENS, values).await?;
            }
        }
        Ok::<_, store::DbErr>(())
    });
    done.await.unwrap();
}

const LOOKED_FOR: [Remains; 4] = [
    Remains::TokensOfEndedSessions,
    Remains::EndedBrowserSessions,
    Remains::InactiveAddresses,
    Remains::InactiveBrowserAddresses,
];

async fn clean_up(app: &TestApp, remains: Remains, stop: &Stop) {
    let job = Job::CleanUp { remains, after: None };
    assert_eq!(jobs::run(app.parts().job_parts(stop), &app.op(), &job).await, Outcome::Done, "{remains:?}");
}

/// Few of many, and of more than are looked at in one go.
#[tokio::test]
async fn what_is_looked_for_is_found_also_when_it_is_interrupted() {
    let app = new().await;
    crowd(&app, 4100).await;
    // So that it is three o'clock: then those are looked at, too, that ended before the last day.
    app.clock.advance(40 * DAY + 15 * HOUR);
    for remains in LOOKED_FOR {
        let stop = Stop::new();
        stop.cancel();
        clean_up(&app, remains, &stop).await;
    }
    let tokens = count(&app, "token_pairs").await;
    assert!(tokens > 0 && tokens < 41, "{tokens}");
    let mut ran = app.run_jobs().await;
    ran.sort_unstable();
    ran.dedup();
    assert_eq!(
        ran,
        [
            "cleanup-finished-user-sessions",
            "cleanup-inactive-session-ips",
            "cleanup-inactive-user-session-ips",
            "cleanup-revoked-oauth-tokens"
        ]
    );
    assert_eq!((count(&app, "token_pairs").await, count(&app, "browser_sessions").await), (0, 4100 - 41));
    for table in ["sessions", "browser_sessions"] {
        let known = format!("SELECT last_active_ip FROM {table} WHERE last_active_ip IS NOT NULL");
        assert_eq!(app.database.texts(&known).await.len(), 0, "{table}");
    }
    clean_up(&app, Remains::EndedSessions, &Stop::new()).await;
    clean_up(&app, Remains::EndedBrowserSessions, &Stop::new()).await;
    assert_eq!((count(&app, "sessions").await, count(&app, "browser_sessions").await), (0, 0));
}

/// On SQLite one transaction writes at a time: who only looks must not be it.
#[tokio::test]
async fn looking_for_what_is_to_go_keeps_nobody_from_writing() {
    if engine() != Engine::Sqlite {
        return;
    }
    let app = new().await;
    crowd(&app, 10).await;
    app.clock.advance(40 * DAY);
    let _others = app.database.gone().await;
    for remains in LOOKED_FOR {
        clean_up(&app, remains, &Stop::new()).await;
    }
}
