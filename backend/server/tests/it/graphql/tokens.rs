//! Personal access tokens that people make for themselves.

use std::time::Duration;

use edge::app::PersonalTokens;
use serde_json::{Value, json};
use testkit::{Answer, Browser, Credentials, Mood, PASSWORD, TestApp};

use super::{call, person, tick, try_call};

const API: &str = "urn:matrix:client:api:*";
const CREATE: &str = "createPersonalSession";
const CREATED: &str = "status accessToken violations personalSession { id humanName scope state expiresAt }";
const LIST: &str = "query Q($state: SessionState, $revoked: Boolean, $device: String) { viewer { ... on User { \
  personalSessions(first: 5, state: $state, revoked: $revoked, device: $device) { totalCount nodes { id humanName state \
  expiresAt lastActiveAt } } appSessions(first: 5) { totalCount } } } }";

/// One for a day, with nothing to object to.
fn wanted() -> Value {
    json!({ "humanName": "Backup script", "scope": API, "expiresIn": 86_400, "password": PASSWORD })
}

fn with(field: &str, value: Value) -> Value {
    let mut wanted = wanted();
    wanted[field] = value;
    wanted
}

async fn status(browser: &mut Browser, input: Value) -> Value {
    call(browser, CREATE, input, "status").await["status"].take()
}

/// The token, and the session's id.
async fn create(app: &TestApp, browser: &mut Browser) -> (String, String) {
    tick(app);
    let created = call(browser, CREATE, wanted(), CREATED).await;
    assert_eq!(created["status"], "CREATED", "{created}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&created["accessToken"]), text(&created["personalSession"]["id"]))
}

async fn listed(browser: &mut Browser, variables: Value) -> Value {
    browser.ask(LIST, variables).await["viewer"]["personalSessions"].take()
}

async fn introspect(app: &TestApp, token: &str) -> Value {
    app.synapse().post("/oauth2/introspect").form([("token", token)]).await.json()
}

async fn none_is_made(app: &TestApp) {
    let made = app.database.texts("SELECT human_name FROM sessions WHERE kind = 'personal'").await;
    assert_eq!(made, Vec::<String>::new());
    assert_eq!(app.homeserver.called(), Vec::<String>::new());
}

#[tokio::test]
async fn a_token_is_told_once_and_acts_as_its_owner_until_it_is_revoked() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app.homeserver.calls();
    let created = call(&mut browser, CREATE, with("humanName", json!("  Backup script ")), CREATED).await;
    let token = created["accessToken"].as_str().unwrap().to_owned();
    assert!(token.starts_with("mpt_"));
    assert_eq!(app.homeserver.called(), ["upsert_device"], "before the answer");
    let session = &created["personalSession"];
    assert_eq!((&session["humanName"], &session["state"]), (&json!("Backup script"), &json!("ACTIVE")));

    let told = introspect(&app, &token).await;
    assert_eq!((&told["active"], &told["username"]), (&json!(true), &json!("alice")));
    let scope = session["scope"].as_str().unwrap();
    let device = scope.strip_prefix(API).unwrap().strip_prefix(" urn:matrix:client:device:").unwrap();
    assert_eq!(device.len(), 10, "a device of its own: {scope}");
    assert!(told["scope"].as_str().unwrap().contains(scope), "{told}");
    app.write_activity().await;
    let data = browser.ask(LIST, json!({ "device": device })).await;
    let list = &data["viewer"]["personalSessions"];
    assert_eq!(list["totalCount"], 1);
    assert!(list["nodes"][0]["lastActiveAt"].is_string(), "{list}");
    assert_eq!(data["viewer"]["appSessions"]["totalCount"], 0, "it is no app that was signed in");
    assert_eq!(listed(&mut browser, json!({ "device": "ANOTHER000" })).await["totalCount"], 0);

    let (_, mut bob) = person(&app, "bob").await;
    app.homeserver.calls();
    let revocation = json!({ "personalSessionId": session["id"] });
    let fields = "status personalSession { state }";
    let of_others = call(&mut bob, "revokePersonalSession", revocation.clone(), fields).await;
    assert_eq!(of_others["status"], "NOT_FOUND");
    for _ in 0..2 {
        let revoked = call(&mut browser, "revokePersonalSession", revocation.clone(), fields).await;
        assert_eq!(revoked, json!({ "status": "REVOKED", "personalSession": { "state": "FINISHED" } }));
    }
    assert_eq!(introspect(&app, &token).await["active"], false);
    app.run_jobs().await;
    assert_eq!(app.homeserver.called(), ["delete_device"]);
    assert_eq!(listed(&mut browser, json!({ "revoked": false })).await["totalCount"], 0);
    assert_eq!(listed(&mut browser, json!({})).await["totalCount"], 1);
}

#[tokio::test]
async fn nothing_at_rest_is_a_token() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (token, _) = create(&app, &mut browser).await;
    let events =
        app.database.texts("SELECT CAST(data AS text) FROM audit_events WHERE data IS NOT NULL").await;
    assert!(events.iter().all(|event| !event.contains(&token[4..])), "{events:?}");
    let seen = browser.ask(
        "{ viewer { ... on User { personalSessions(first: 1) { nodes { id humanName scope } } } } }",
        json!({}),
    );
    assert!(!seen.await.to_string().contains(&token[4..]));
}

#[tokio::test]
async fn people_are_told_of_tokens_in_their_security_activity() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (_, id) = create(&app, &mut browser).await;
    tick(&app);
    call(&mut browser, "revokePersonalSession", json!({ "personalSessionId": id }), "status").await;
    let query = "{ viewer { ... on User { securityEvents(first: 2, kinds: [PERSONAL_TOKEN_CREATED, PERSONAL_TOKEN_REVOKED]) { \
      nodes { kind detail fromThisBrowser } } } } }";
    let event = |kind: &str| json!({ "kind": kind, "detail": "Backup script", "fromThisBrowser": true });
    assert_eq!(
        browser.ask(query, json!({})).await["viewer"]["securityEvents"]["nodes"],
        json!([event("PERSONAL_TOKEN_REVOKED"), event("PERSONAL_TOKEN_CREATED")])
    );
    app.run_jobs().await;
}

#[tokio::test]
async fn an_expired_token_is_good_for_nothing_and_waits_to_be_removed() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (token, id) = create(&app, &mut browser).await;
    app.clock.advance(Duration::from_secs(86_399));
    assert_eq!(introspect(&app, &token).await["active"], true);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(introspect(&app, &token).await["active"], false);
    assert_eq!(listed(&mut browser, json!({ "state": "ACTIVE" })).await["totalCount"], 0);
    let expired = listed(&mut browser, json!({ "revoked": false })).await;
    assert_eq!((&expired["nodes"][0]["id"], &expired["nodes"][0]["state"]), (&json!(id), &json!("FINISHED")));
    app.homeserver.calls();
    call(&mut browser, "revokePersonalSession", json!({ "personalSessionId": id }), "status").await;
    app.run_jobs().await;
    assert_eq!(app.homeserver.called(), ["delete_device"]);
}

#[tokio::test]
async fn what_makes_no_sense_or_is_not_offered_is_refused() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app.homeserver.calls();
    for name in ["", " \t ", &"ä".repeat(101), "two\nlines"] {
        assert_eq!(status(&mut browser, with("humanName", json!(name))).await, "INVALID_NAME", "{name}");
    }
    let device = format!("{API} urn:matrix:client:device:ABCDEFGHIJ");
    for scope in [
        "",
        " ",
        "openid",
        "urn:nonsense",
        "urn:mas:admin",
        "urn:synapse:admin:*",
        "urn:mas:admin:users",
        &device,
    ] {
        assert_eq!(status(&mut browser, with("scope", json!(scope))).await, "INVALID_SCOPE", "{scope}");
    }
    for life in [json!(-1), json!(0), json!(59), json!(365 * 86_400 + 1), Value::Null] {
        assert_eq!(status(&mut browser, with("expiresIn", life.clone())).await, "INVALID_EXPIRY", "{life}");
    }
    for password in [Value::Null, json!(""), json!("a guess")] {
        assert_eq!(status(&mut browser, with("password", password)).await, "INCORRECT_PASSWORD");
    }
    none_is_made(&app).await;
    assert_eq!(status(&mut browser, with("humanName", json!("ä".repeat(100)))).await, "CREATED");
}

#[tokio::test]
async fn administrators_may_have_tokens_that_administer() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "ada").await;
    let offered = "{ siteConfig { personalTokens { scopes maxTtl } } }";
    let config = browser.ask(offered, json!({})).await["siteConfig"]["personalTokens"].take();
    assert_eq!(config, json!({ "scopes": [API], "maxTtl": 365 * 86_400 }));
    let op = app.op();
    let id: kernel::id::UserId = user.trim_start_matches("user:").parse().unwrap();
    app.parts().db.write(async |tx| domain::users::set_admin(tx, &op, id, true).await).await.unwrap();
    let config = browser.ask(offered, json!({})).await["siteConfig"]["personalTokens"].take();
    assert_eq!(config["scopes"], json!([API, "urn:synapse:admin:*", "urn:mas:admin"]));
    app.homeserver.calls();
    let made = call(&mut browser, CREATE, with("scope", json!("urn:mas:admin")), CREATED).await;
    assert_eq!(app.homeserver.called(), Vec::<String>::new(), "the homeserver has nothing to do with it");
    let caller = app.caller(Credentials::Bearer(made["accessToken"].as_str().unwrap().to_owned()));
    caller.get("/api/admin/v1/version").await.ok();
}

#[tokio::test]
async fn operators_decide_whether_people_make_tokens_and_for_how_long() {
    let none = TestApp::with(|settings| settings.site.personal_tokens = None).await;
    let (_, mut browser) = person(&none, "alice").await;
    let asked = "{ siteConfig { personalTokens { scopes maxTtl } } }";
    assert_eq!(browser.ask(asked, json!({})).await["siteConfig"]["personalTokens"], Value::Null);
    assert_eq!(try_call(&mut browser, CREATE, wanted(), "status").await.fault().0, "DISABLED");

    let for_ever =
        TestApp::with(|settings| settings.site.personal_tokens = Some(PersonalTokens { max_ttl: None }))
            .await;
    let (_, mut browser) = person(&for_ever, "alice").await;
    assert_eq!(browser.ask(asked, json!({})).await["siteConfig"]["personalTokens"]["maxTtl"], Value::Null);
    let made = call(&mut browser, CREATE, with("expiresIn", Value::Null), CREATED).await;
    assert_eq!(made["personalSession"]["expiresAt"], Value::Null);
    for_ever.clock.advance(Duration::from_secs(50 * 365 * 86_400));
    assert_eq!(introspect(&for_ever, made["accessToken"].as_str().unwrap()).await["active"], true);
}

#[tokio::test]
async fn only_people_in_a_browser_make_tokens() {
    let app = super::with_tokens().await;
    let query = super::mutation(CREATE, "status");
    for scope in ["openid urn:mas:graphql:*", "openid urn:mas:graphql:* urn:mas:admin"] {
        let caller = super::token(&app, "alice", scope).await;
        let refused = caller.graphql(&query, json!({ "input": wanted() })).await;
        assert_eq!(refused.fault().0, "FORBIDDEN", "{scope}");
    }
    let (_, mut browser) = person(&app, "bob").await;
    let (token, _) = create(&app, &mut browser).await;
    let with_it = app.caller(Credentials::Bearer(token)).graphql(&query, json!({ "input": wanted() })).await;
    assert_eq!(with_it.status, 401, "and none comes of another");
}

#[tokio::test]
async fn a_stolen_cookie_gives_no_more_guesses_here_either() {
    let app = TestApp::with(|settings| settings.attempts = (5, 1.0 / 3600.0)).await;
    let (_, mut thief) = person(&app, "alice").await;
    app.homeserver.calls();
    for _ in 0..4 {
        assert_eq!(status(&mut thief, with("password", json!("a guess"))).await, "INCORRECT_PASSWORD");
    }
    let held_up = try_call(&mut thief, CREATE, wanted(), "status").await;
    assert_eq!(held_up.fault().0, "RATE_LIMITED", "the right one as well; the sign-in was the first of five");
    none_is_made(&app).await;
}

#[tokio::test]
async fn tokens_count_among_the_sessions_that_somebody_may_have() {
    let limit = domain::policy::SessionLimit {
        soft_limit: 2,
        hard_limit: 3,
        max_session_threshold: None,
        dangerous_hard_limit_eviction: false,
    };
    let app = TestApp::with(|settings| settings.session_limit = Some(limit)).await;
    let (_, mut browser) = person(&app, "alice").await;
    let (_, first) = create(&app, &mut browser).await;
    create(&app, &mut browser).await;
    assert_eq!(status(&mut browser, wanted()).await, "TOO_MANY");
    call(&mut browser, "revokePersonalSession", json!({ "personalSessionId": first }), "status").await;
    assert_eq!(status(&mut browser, wanted()).await, "CREATED");
    app.run_jobs().await;
}

#[tokio::test]
async fn nobody_has_more_than_a_hundred() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    have(&app, &user, 100).await;
    assert_eq!(status(&mut browser, wanted()).await, "TOO_MANY");
}

/// As many tokens as that, which nobody asked for.
async fn have(app: &TestApp, user: &str, count: usize) {
    const INSERT: &str = "INSERT INTO sessions (id, kind, user_id, owner_user_id, scope, human_name, created_at) \
      VALUES ($1, 'personal', $2, $2, 'openid', 'one', $3)";
    let (op, id) = (app.op(), id_of(user));
    for _ in 0..count {
        let session: kernel::id::SessionId = op.id();
        store::sql::execute(&app.parts().db.single, INSERT, [session.into(), id.into(), op.now.into()])
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_policy_is_asked() {
    let banned = json!({ "requester": { "banned_ips": ["203.0.113.0/24"] } });
    let app = TestApp::with(|settings| settings.policy = banned).await;
    let (_, mut browser) = person(&app, "alice").await;
    app.homeserver.calls();
    browser.address = Some("203.0.113.7".into());
    let refused = call(&mut browser, CREATE, wanted(), CREATED).await;
    assert_eq!(refused["status"], "DENIED");
    assert_eq!(refused["violations"].as_array().unwrap().len(), 1, "{refused}");
    none_is_made(&app).await;
}

#[tokio::test]
async fn without_the_homeserver_there_is_no_token() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app.homeserver.feels(Mood::Failing);
    let failed: Answer = try_call(&mut browser, CREATE, wanted(), "status").await;
    assert_eq!(failed.fault().0, "HOMESERVER_UNAVAILABLE");
    app.homeserver.feels(Mood::Well);
    app.homeserver.calls();
    none_is_made(&app).await;
}

#[tokio::test]
async fn tokens_end_with_the_account() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let (token, _) = create(&app, &mut browser).await;
    let end = json!({ "hsErase": false, "password": PASSWORD });
    call(&mut browser, "deactivateUser", end, "status").await;
    assert_eq!(introspect(&app, &token).await["active"], false, "at once");
    app.run_jobs().await;
    let told = "SELECT data ->> 'name' FROM audit_events WHERE kind = 'personal_token_revoked'";
    assert_eq!(app.database.texts(told).await, ["Backup script"]);
}

/// Whoever sends many requests at once gets no more than one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_for_many_requests_at_once() {
    let limit = domain::policy::SessionLimit {
        soft_limit: 3,
        hard_limit: 4,
        max_session_threshold: None,
        dangerous_hard_limit_eviction: false,
    };
    for (limit, before, room) in [(None, 97, 3), (Some(limit), 0, 3)] {
        let app = TestApp::with(|settings| settings.session_limit = limit).await;
        let (user, browser) = person(&app, "alice").await;
        have(&app, &user, before).await;
        let query = super::mutation(CREATE, "status");
        let asked = (0..8).map(|_| {
            let (mut browser, query) = (browser.clone(), query.clone());
            async move {
                browser.graphql(&query, json!({ "input": wanted() })).await.data()[CREATE]["status"].take()
            }
        });
        let told = futures_util::future::join_all(asked).await;
        let count = |status: &str| told.iter().filter(|one| **one == status).count();
        assert_eq!((count("CREATED"), count("TOO_MANY")), (room, 8 - room), "{told:?}");
        app.run_jobs().await;
        assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), room, "others were taken back");
    }
}

/// Asks for a token, and does something while the homeserver is told of its device.
async fn create_meanwhile<T>(
    app: &TestApp,
    (browser, scope): (&mut Browser, &str),
    meanwhile: impl Future<Output = T>,
) -> Answer {
    app.homeserver.calls();
    app.homeserver.feels(Mood::Hanging);
    let other = async {
        assert_eq!(app.homeserver.is_called(1).await, ["upsert_device"]);
        meanwhile.await;
        app.homeserver.feels(Mood::Well);
    };
    tokio::join!(try_call(browser, CREATE, with("scope", json!(scope)), "status"), other).0
}

#[tokio::test]
async fn without_a_token_no_device_stays_at_the_homeserver() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "ada").await;
    let (op, id) = (app.op(), id_of(&user));
    let set = async |admin: bool| {
        app.parts().db.write(async |tx| domain::users::set_admin(tx, &op, id, admin).await).await.unwrap()
    };
    set(true).await;
    let scope = format!("{API} urn:synapse:admin:*");
    let refused = create_meanwhile(&app, (&mut browser, &scope), set(false)).await;
    assert_eq!(refused.data()[CREATE]["status"], "DENIED", "what may not be had any more");
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("ada").unwrap().devices.len(), 0);

    app.homeserver.forget("ada");
    let shut = async {
        app.parts().db.write(async |tx| domain::users::deactivate(tx, &op, id, false).await).await.unwrap()
    };
    let refused = create_meanwhile(&app, (&mut browser, API), shut).await;
    assert_eq!(refused.fault().0, "UNAUTHENTICATED");
    app.run_jobs().await;
    assert!(app.homeserver.user("ada").is_none(), "and nobody is made there who is gone");
    assert_eq!(app.database.texts("SELECT kind FROM sessions").await.len(), 0);
}

fn id_of(user: &str) -> kernel::id::UserId {
    user.trim_start_matches("user:").parse().unwrap()
}

#[tokio::test]
async fn people_see_and_revoke_what_administrators_let_act_as_them() {
    const SEEN: &str = "query Q($device: String) { viewer { ... on User { personalSessions(first: 5, revoked: false, device: $device) { \
      nodes { id humanName madeByAdministrator lastActiveIp } } } } }";
    let settings = json!({ "admin_clients": [testkit::CONFIDENTIAL] });
    let app = TestApp::with(|all| all.policy = settings).await;
    let (user, mut browser) = person(&app, "alice").await;
    let (_, mut bob) = person(&app, "bob").await;
    let (_, own) = create(&app, &mut browser).await;
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin")];
    let script = app.configured(testkit::ClientKind::Basic).token(form).await.ok().json();
    let script = app.caller(Credentials::Bearer(script["access_token"].as_str().unwrap().into()));
    let post = async |path: &str, body: Value| {
        let path = format!("/api/admin/v1/personal-sessions{path}");
        script.post(&path).json(&body).await.ok().json()["data"].take()
    };
    tick(&app);
    let scope = format!("{API} urn:matrix:client:device:STAFF");
    let body = json!({ "actor_user_id": id_of(&user), "human_name": "watcher", "scope": scope });
    let made = post("", body).await;
    tick(&app);
    let renewed = post(&format!("/{}/regenerate", made["id"].as_str().unwrap()), json!({})).await;
    let token = renewed["attributes"]["access_token"].as_str().unwrap();
    assert_eq!(introspect(&app, token).await["active"], true);
    app.write_activity().await;
    app.database.execute("UPDATE sessions SET last_active_ip = '192.0.2.1' WHERE kind = 'personal'").await;

    let nodes = async |browser: &mut Browser, device: Value| {
        browser.ask(SEEN, json!({ "device": device })).await["viewer"]["personalSessions"]["nodes"].take()
    };
    let id = format!("personal_session:{}", made["id"].as_str().unwrap());
    let of_staff =
        json!({ "id": id, "humanName": "watcher", "madeByAdministrator": true, "lastActiveIp": null });
    let of_alice = json!({ "id": own, "humanName": "Backup script", "madeByAdministrator": false, "lastActiveIp": "192.0.2.1" });
    assert_eq!(nodes(&mut browser, Value::Null).await, json!([of_staff, of_alice]));
    assert_eq!(nodes(&mut browser, json!("STAFF")).await, json!([of_staff]), "its device leads to it");
    let events = "{ viewer { ... on User { securityEvents(first: 2, kinds: [PERSONAL_TOKEN_CREATED, PERSONAL_TOKEN_REGENERATED]) { \
      nodes { kind detail byAdministrator } } } } }";
    let event = |kind: &str| json!({ "kind": kind, "detail": "watcher", "byAdministrator": true });
    assert_eq!(
        browser.ask(events, json!({})).await["viewer"]["securityEvents"]["nodes"],
        json!([event("PERSONAL_TOKEN_REGENERATED"), event("PERSONAL_TOKEN_CREATED")])
    );

    let revocation = json!({ "personalSessionId": id });
    let of_others = call(&mut bob, "revokePersonalSession", revocation.clone(), "status").await;
    assert_eq!(of_others["status"], "NOT_FOUND");
    let revoked = call(&mut browser, "revokePersonalSession", revocation, "status").await;
    assert_eq!(revoked["status"], "REVOKED");
    assert_eq!(introspect(&app, token).await["active"], false);
    assert_eq!(nodes(&mut browser, Value::Null).await, json!([of_alice]));
    let noted =
        "SELECT actor || ' ' || (data ->> 'reason') FROM audit_events WHERE kind = 'personal_token_revoked'";
    assert_eq!(app.database.texts(noted).await, [format!("{user} by_owner")]);
    app.run_jobs().await;
    assert!(!app.homeserver.user("alice").unwrap().devices.contains_key("STAFF"));
}

/// What SQLite knows of its tables is gathered when a connection closes: a new service has nothing of it.
#[tokio::test]
async fn the_list_of_a_persons_tokens_is_found_by_the_person_also_without_statistics() {
    if testkit::engine() != store::Engine::Sqlite {
        return;
    }
    let app = TestApp::new().await;
    for more in ["", "AND s.finished_at IS NULL", "AND s.finished_at IS NOT NULL", "AND s.id > x'00'"] {
        let plan = format!(
            "EXPLAIN QUERY PLAN SELECT s.id FROM sessions s LEFT JOIN token_pairs t ON t.session_id = s.id \
             AND t.revoked_at IS NULL WHERE s.user_id = x'00' AND s.kind = 'personal' {more} ORDER BY s.id LIMIT 21"
        );
        let steps = store::sql::all(&app.parts().db.read, plan.leak(), []).await.unwrap();
        let first: String = steps[0].try_get("", "detail").unwrap();
        assert!(first.contains("sessions_personal (user_id=?"), "{more}: {first}");
    }
}
