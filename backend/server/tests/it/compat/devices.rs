//! A device is one session's, whichever way it was signed in.

use kernel::id::Id;
use serde_json::json;
use testkit::{ClientKind::*, Mood, PASSWORD, TestApp, TestClient, Tokens};

use super::{active_sessions, attempt, by_password, endings, is_active, log_in, with};

const DEVICE: &str = "DEV1CE0001";

async fn with_device(app: &TestApp, username: &str, device: &str) -> super::Session {
    log_in(app, with(by_password(username), json!({ "device_id": device }))).await
}

/// Signs in to the app; its scope names [`DEVICE`].
async fn by_oauth(app: &TestApp, client: &TestClient) -> Tokens {
    let code = app.authorization(client).through(&mut app.browser(), "alice").await;
    client.exchange(&code).await.tokens()
}

#[tokio::test]
async fn who_signs_in_with_a_device_ends_the_session_that_had_it() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    app.user_with_password("bob", PASSWORD).await;
    let client = app.client(Public).await;
    let bob = with_device(&app, "bob", DEVICE).await;
    let elsewhere = with_device(&app, "alice", "dev1ce0001").await;
    let legacy = with_device(&app, "alice", DEVICE).await;
    let oauth = by_oauth(&app, &client).await;
    assert!(!is_active(&app, &legacy.access_token).await, "a code ends a login");
    let again = by_oauth(&app, &client).await;
    assert!(!is_active(&app, &oauth.access_token).await, "a code ends a code");
    let legacy = with_device(&app, "alice", DEVICE).await;
    assert!(!is_active(&app, &again.access_token).await, "a login ends a code");
    assert_eq!(client.refresh(&again).await.refusal().1, "invalid_grant");
    let last = with_device(&app, "alice", DEVICE).await;
    assert!(!is_active(&app, &legacy.access_token).await, "a login ends a login");

    let device_client = app.device_client(Public).await;
    let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:{DEVICE}");
    let codes = device_client.ask_for_codes(&scope).await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    app.let_in(&mut app.browser(), "alice", &text("user_code")).await.ok();
    let shown = device_client.poll(&text("device_code")).await.tokens();
    assert!(!is_active(&app, &last.access_token).await, "a device that showed a code ends a login");

    for token in [&bob.access_token, &elsewhere.access_token, &shown.access_token] {
        assert!(is_active(&app, token).await, "other people's and other devices stay");
    }
    assert_eq!(endings(&app).await, vec!["replaced"; 5]);
    let changes = app.database.texts("SELECT kind FROM changes WHERE kind = 'session'").await;
    assert_eq!(changes.len(), 5);
    assert_eq!(app.run_jobs().await, Vec::<&str>::new(), "the device is in use, and stays");
    assert!(app.homeserver.user("alice").unwrap().devices.contains_key(DEVICE));
}

/// Whoever reads the trail finds which session ended, of which app, and by whose request; the same on both engines.
#[tokio::test]
async fn the_trail_tells_what_became_of_a_session_that_was_replaced() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    by_oauth(&app, &client).await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let body = with(by_password("alice"), json!({ "device_id": DEVICE }));
    for _ in 0..2 {
        let login = app.anonymous().post("/_matrix/client/v3/login").json(&body);
        login.header("user-agent", "LegacyApp/1.0").header("x-forwarded-for", "203.0.113.7").await.ok();
    }
    by_oauth(&app, &client).await;
    let ended = "SELECT s.kind || CASE WHEN e.client_id = s.client_id THEN ' of an app' ELSE '' END || ' ended at ' \
        || CASE WHEN e.created_at = s.finished_at THEN 'its end' ELSE 'another time' END || ' by ' || e.actor \
        || COALESCE(', ' || e.address || ' ' || e.user_agent, '') \
      FROM audit_events e JOIN sessions s ON s.id = e.session_id \
      WHERE e.kind = 'session_ended' AND e.user_id = s.user_id AND e.browser_session_id IS NULL ORDER BY s.id";
    let by = |actor: String| format!("ended at its end by {actor}");
    let login = by(format!("user:{alice}, 203.0.113.7 LegacyApp/1.0"));
    let told = app.database.texts(ended).await;
    assert_eq!(told[..2], [format!("oauth of an app {login}"), format!("compat {login}")]);
    assert!(told[2].starts_with("compat ended at its end by "), "{told:?}");
    // With the login that took its place; and each as old as its id says.
    let together = "SELECT COUNT(*) || '' FROM audit_events e JOIN audit_events b ON b.request_id = e.request_id \
      WHERE e.kind = 'session_ended' AND b.kind = 'session_started' AND e.created_at = b.created_at";
    assert_eq!(app.database.texts(together).await, ["3"]);
    let events = store::sql::all(&app.parts().db.read, "SELECT id, created_at FROM audit_events", []).await;
    for event in events.unwrap() {
        let id: kernel::id::AuditEventId = event.try_get("", "id").unwrap();
        let at: kernel::Timestamp = event.try_get("", "created_at").unwrap();
        assert_eq!(id.created_at().as_millis(), at.as_millis());
    }
}

#[tokio::test]
async fn personal_sessions_keep_their_device() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    with_device(&app, "alice", DEVICE).await;
    app.database.execute("UPDATE sessions SET kind = 'personal'").await;
    with_device(&app, "alice", DEVICE).await;
    assert_eq!(active_sessions(&app).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_logins_at_the_same_time_with_one_device_one_remains() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let body = with(by_password("alice"), json!({ "device_id": DEVICE }));
    let answers = futures_util::future::join_all((0..12).map(|_| attempt(&app, body.clone()))).await;
    let mut active = 0;
    for answer in answers {
        let token = answer.ok().json()["access_token"].as_str().unwrap().to_owned();
        active += usize::from(is_active(&app, &token).await);
    }
    assert_eq!((active, active_sessions(&app).await.len()), (1, 1));
    assert_eq!(endings(&app).await.len(), 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_exchanges_and_logins_at_the_same_time_with_one_device_one_remains() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut codes = Vec::new();
    for _ in 0..8 {
        codes.push(app.authorization(&client).agreed_by(alice).await);
    }
    let body = with(by_password("alice"), json!({ "device_id": DEVICE }));
    let exchanges = futures_util::future::join_all(codes.iter().map(|code| client.exchange(code)));
    let logins = futures_util::future::join_all((0..4).map(|_| attempt(&app, body.clone())));
    let (exchanges, logins) = tokio::join!(exchanges, logins);
    assert!(exchanges.iter().chain(&logins).all(|answer| answer.status.is_success()));
    assert_eq!(active_sessions(&app).await.len(), 1);
}

#[tokio::test]
async fn a_device_that_is_used_again_at_once_survives_the_clean_up_of_its_former_session() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let former = with_device(&app, "alice", DEVICE).await;
    super::log_out(&app, &former.access_token).await.ok();
    with_device(&app, "alice", DEVICE).await;
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(app.homeserver.user("alice").unwrap().devices.contains_key(DEVICE));
}

/// The login tells the homeserver of the device while the job has it deleted: whichever comes last, the device is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_used_again_while_it_is_deleted_is_there_in_the_end() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let former = with_device(&app, "alice", DEVICE).await;
    super::log_out(&app, &former.access_token).await.ok();
    app.homeserver.feels(Mood::Hanging);
    let login = async {
        assert_eq!(app.homeserver.is_called(1).await, ["delete_device"]);
        let body = with(by_password("alice"), json!({ "device_id": DEVICE }));
        let told = async {
            assert_eq!(app.homeserver.is_called(1).await, ["upsert_device"]);
            app.homeserver.feels(Mood::Well);
        };
        tokio::join!(attempt(&app, body), told).0
    };
    let (ran, answer) = tokio::join!(app.run_jobs(), login);
    assert_eq!((ran, answer.status.as_u16()), (vec!["delete-device"], 200));
    assert!(app.homeserver.user("alice").unwrap().devices.contains_key(DEVICE));
}
