//! `POST /login` with a password.

use insta::assert_snapshot;
use serde_json::json;
use store::Engine;
use testkit::{Mood, PASSWORD, TestApp, engine};

use super::{attempt, by_password, endings, is_active, log_in, problem, refused, with};

#[tokio::test]
async fn a_password_gives_a_device_and_a_token_that_does_not_expire() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let body = with(
        by_password("alice"),
        json!({ "device_id": "MYDEVICE01", "initial_device_display_name": "My phone", "unknown": [1] }),
    );
    let answer = attempt(&app, body).await;
    assert_snapshot!(answer, @r#"200 {"access_token":"mct_zX1c1aXAljhq2xQ10ZzHEXt6WN0pZM_hzi5K1","device_id":"MYDEVICE01","user_id":"@alice:example.com"}"#);
    assert_eq!(answer.header("cache-control"), "no-store");
    let session: super::Session = serde_json::from_value(answer.json()).unwrap();
    app.clock.advance(std::time::Duration::from_secs(400 * 86_400));
    assert!(is_active(&app, &session.access_token).await);
    let devices = app.homeserver.user("alice").unwrap().devices;
    assert_eq!(devices.into_iter().collect::<Vec<_>>(), [("MYDEVICE01".into(), Some("My phone".into()))]);
    assert_eq!(app.homeserver.called(), ["upsert_device"]);
}

#[tokio::test]
async fn who_can_refresh_gets_a_token_that_expires() {
    let app = TestApp::with(|settings| {
        settings.lifetimes.compat_access_token = std::time::Duration::from_secs(90);
    })
    .await;
    app.user_with_password("alice", PASSWORD).await;
    let session = log_in(&app, with(by_password("alice"), json!({ "refresh_token": true }))).await;
    assert_eq!(session.expires_in_ms, Some(90_000));
    assert!(session.access_token.starts_with("mct_") && session.access_token.len() == 41);
    assert!(session.refresh_token.unwrap().starts_with("mcr_"));
    assert!(session.device_id.len() == 10 && session.device_id.bytes().all(|c| c.is_ascii_alphanumeric()));
    app.clock.advance(std::time::Duration::from_secs(89));
    assert!(is_active(&app, &session.access_token).await);
    app.clock.advance(std::time::Duration::from_secs(1));
    assert!(!is_active(&app, &session.access_token).await, "good until, not at, its expiry");
}

#[tokio::test]
async fn people_are_known_by_name_id_and_address() {
    let app = TestApp::new().await;
    app.user_with_password("Alice", PASSWORD).await;
    app.database
        .execute(
            "INSERT INTO user_emails (id, user_id, email, email_norm, created_at) \
             SELECT id, id, 'Alice@example.org', 'alice@example.org', created_at FROM users",
        )
        .await;
    let named =
        |identifier| json!({ "type": "m.login.password", "identifier": identifier, "password": PASSWORD });
    let user = |user: &str| named(json!({ "type": "m.id.user", "user": user }));
    let email =
        |address: &str| named(json!({ "type": "m.id.thirdparty", "medium": "email", "address": address }));
    let deprecated = |user: &str| json!({ "type": "m.login.password", "user": user, "password": PASSWORD });
    for body in [
        user("alice"),
        user("ALICE"),
        user("@alice:example.com"),
        deprecated("alice"),
        deprecated("@Alice:example.com"),
        with(user("nobody"), json!({ "user": "alice" })),
        email("alice@EXAMPLE.org"),
    ] {
        assert_eq!(log_in(&app, body.clone()).await.user_id, "@Alice:example.com", "{body}");
    }
    for body in [
        user("@alice:elsewhere.org"),
        user("alice@example.org"),
        user(""),
        email("bob@example.org"),
        email("alice"),
    ] {
        assert_eq!(problem(&attempt(&app, body.clone()).await), refused(403, "M_FORBIDDEN"), "{body}");
    }
}

#[tokio::test]
async fn nobody_learns_what_was_wrong() {
    let app = TestApp::new().await;
    for name in ["alice", "locked", "deactivated"] {
        app.user_with_password(name, PASSWORD).await;
    }
    app.user("passwordless").await;
    app.database.execute("UPDATE users SET locked_at = 1 WHERE username = 'locked'").await;
    app.database.execute("UPDATE users SET deactivated_at = 1 WHERE username = 'deactivated'").await;
    let wrong = async |name: &str, password: &str| {
        app.cost(attempt(&app, with(by_password(name), json!({ "password": password })))).await
    };
    // The first use of a statement on a connection prepares it.
    attempt(&app, with(by_password("alice"), json!({ "password": "wrong" }))).await;
    let (known, cost) = wrong("alice", "wrong").await;
    assert_eq!(problem(&known), refused(403, "M_FORBIDDEN"));
    for (name, password) in
        [("nobody", "wrong"), ("passwordless", "wrong"), ("locked", "wrong"), ("deactivated", "wrong")]
    {
        let (answer, other) = wrong(name, password).await;
        assert_eq!((answer.body, other), (known.body.clone(), cost), "{name}");
    }
    // Only who knows the password is told of the lock, and nobody of the deactivation.
    let (answer, _) = wrong("locked", PASSWORD).await;
    assert_eq!(problem(&answer), refused(401, "M_USER_LOCKED"));
    let (answer, _) = wrong("deactivated", PASSWORD).await;
    assert_eq!(answer.body, known.body);
    assert_eq!(app.homeserver.called(), Vec::<String>::new());
    let failed = app.database.texts("SELECT kind FROM audit_events WHERE kind = 'sign_in_failed'").await;
    assert_eq!(failed.len(), 6, "the two of alice, and of four others");
}

#[tokio::test]
async fn guesses_are_counted_with_those_at_the_page() {
    let app = TestApp::with(|settings| settings.attempts = (3, 0.1)).await;
    app.user_with_password("alice", PASSWORD).await;
    let wrong = with(by_password("@ALICE:example.com"), json!({ "password": "wrong" }));
    for _ in 0..2 {
        assert_eq!(problem(&attempt(&app, wrong.clone()).await), refused(403, "M_FORBIDDEN"));
    }
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    browser.submit(&page, "/login", &[("username", "alice"), ("password", "wrong")]).await;
    let throttled = attempt(&app, by_password("alice")).await;
    assert_eq!(problem(&throttled), refused(429, "M_LIMIT_EXCEEDED"));
    assert_eq!(throttled.json()["retry_after_ms"], 10_000);
    assert_eq!(throttled.header("retry-after"), "11");
    app.clock.advance(std::time::Duration::from_secs(11));
    log_in(&app, by_password("alice")).await;
}

#[tokio::test]
async fn names_of_devices_are_cut_to_what_the_homeserver_takes() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let name = |name: String| {
        with(by_password("alice"), json!({ "device_id": "D", "initial_device_display_name": name }))
    };
    log_in(&app, name("é".repeat(101))).await;
    let device = async || app.homeserver.user("alice").unwrap().devices["D"].clone();
    assert_eq!(device().await, Some("é".repeat(100)));
    log_in(&app, name("a\nb\0c".into())).await;
    assert_eq!(device().await, Some("a b c".into()));
    log_in(&app, with(by_password("alice"), json!({ "device_id": "D" }))).await;
    assert_eq!(device().await, Some("a b c".into()), "without a name it keeps the one it has");
    let names = app.database.texts("SELECT human_name FROM sessions WHERE human_name IS NOT NULL").await;
    assert_eq!(names.len(), 2);
}

#[tokio::test]
async fn a_user_whom_the_homeserver_does_not_know_is_provisioned_first() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    app.homeserver.forget("alice");
    attempt(&app, by_password("alice")).await.ok();
    assert_eq!(app.homeserver.called(), ["upsert_device", "provision_user", "upsert_device"]);
}

#[tokio::test]
async fn a_homeserver_that_fails_leaves_no_session() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    app.homeserver.feels(Mood::Failing);
    let answer = attempt(&app, by_password("alice")).await;
    assert_eq!(problem(&answer).1, "M_UNKNOWN");
    assert!(answer.status.is_server_error(), "{answer}");
    assert_eq!(
        (super::active_sessions(&app).await.len(), endings(&app).await),
        (0, vec!["no_device".into()])
    );
    app.homeserver.feels(Mood::Well);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    log_in(&app, by_password("alice")).await;
}

/// One that an application service has made for the person, for example.
#[tokio::test]
async fn a_login_that_fails_takes_no_device_away_that_was_there_before() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let homeserver = &app.parts().homeserver;
    homeserver.upsert_device("alice", "BRIDGE", None).await.unwrap();
    let body = with(by_password("alice"), json!({ "device_id": "BRIDGE" }));
    app.homeserver.fails_next(3);
    assert!(attempt(&app, body).await.status.is_server_error());
    assert_eq!(app.run_jobs().await, [""; 0]);
    assert!(app.homeserver.user("alice").unwrap().devices.contains_key("BRIDGE"));

    // A session of ours had this one, and ended for the login.
    let body = with(by_password("alice"), json!({ "device_id": "OURS" }));
    log_in(&app, body.clone()).await;
    app.homeserver.fails_next(3);
    assert!(attempt(&app, body).await.status.is_server_error());
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    let devices: Vec<_> = app.homeserver.user("alice").unwrap().devices.into_keys().collect();
    assert_eq!(devices, ["BRIDGE"]);
}

#[tokio::test]
async fn logins_are_written_down() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let agent = "LegacyApp/1.0 (Android 16)";
    let request = app.anonymous().post("/_matrix/client/v3/login").json(&by_password("alice"));
    request.header("user-agent", agent).header("x-forwarded-for", "203.0.113.7").await.ok();
    let started = "SELECT actor || ' ' || address || ' ' || user_agent FROM audit_events WHERE kind = 'session_started'";
    assert_eq!(app.database.texts(started).await, [format!("user:{alice} 203.0.113.7 {agent}")]);
    let seen = "SELECT last_active_ip || ' ' || user_agent FROM sessions WHERE last_active_at = created_at";
    assert_eq!(app.database.texts(seen).await, [format!("203.0.113.7 {agent}")]);
    assert_eq!(app.write_activity().await, 1);
}

/// Between the password, which takes a while to verify, and the session.
#[tokio::test]
async fn an_account_that_is_locked_meanwhile_gets_nothing() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let lock = match engine() {
        Engine::Sqlite => {
            "CREATE TRIGGER late AFTER UPDATE ON authenticators BEGIN UPDATE users SET locked_at = 1; END"
        }
        Engine::Postgres => {
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS \
               'BEGIN UPDATE users SET locked_at = 1; RETURN NULL; END'; \
             CREATE TRIGGER late AFTER UPDATE ON authenticators FOR EACH ROW EXECUTE FUNCTION late()"
        }
    };
    app.database.execute(lock).await;
    let answer = attempt(&app, by_password("alice")).await;
    assert_eq!(problem(&answer), refused(403, "M_FORBIDDEN"));
    let written = "SELECT COUNT(*) || '' FROM sessions UNION ALL SELECT COUNT(*) || '' FROM token_pairs \
      UNION ALL SELECT COUNT(*) || '' FROM audit_events WHERE kind = 'session_started'";
    assert_eq!(app.database.texts(written).await, ["0"; 3]);
    assert_eq!(app.homeserver.called(), [""; 0]);
}

/// The policy is asked before anything is written.
#[tokio::test]
async fn the_policy_may_refuse() {
    let app = TestApp::with(|settings| {
        settings.policy = json!({ "requester": { "banned_ips": ["203.0.113.0/24"] } });
    })
    .await;
    app.user_with_password("alice", PASSWORD).await;
    let request = app.anonymous().post("/_matrix/client/v3/login").json(&by_password("alice"));
    let answer = request.header("x-forwarded-for", "203.0.113.7").await;
    assert_eq!(problem(&answer), refused(403, "M_FORBIDDEN"));
    assert_eq!(super::active_sessions(&app).await.len(), 0);
    assert_eq!(app.homeserver.called(), Vec::<String>::new());
    log_in(&app, by_password("alice")).await;
}
