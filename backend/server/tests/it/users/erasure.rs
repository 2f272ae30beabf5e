//! Erasing leaves nothing that tells of the person but the name.

use serde_json::json;
use testkit::{ClientKind::*, Mood, PASSWORD, TestApp};

use super::*;
use crate::security::{secrets::dump, signed_in};

/// What tells of alice, wherever it may be kept. Her name is left out: that is to stay.
const TRACES: [&str; 13] = [
    "192.0.2.77",
    "Netscape",
    "alice@example.com",
    "+4670174060",
    "Alice Liddell",
    "alice liddell",
    "Rabbit phone",
    "HERDEVICE",
    "subject-of-alice",
    "claims-of-alice",
    "https://example.com/terms",
    "nonce-of-alice",
    "registered-as-alice",
];

/// Somebody of whom something is kept in every table that there is for it.
async fn alice(app: &TestApp) -> UserId {
    let alice = app.user_with_password("alice", PASSWORD).await;
    let (client, device) = (app.client(Public).await, app.device_client(Public).await);
    let mut browser = signed_in(app, "alice").await;
    let request = app.authorization(&client).with("nonce", "nonce-of-alice");
    let code = request.through(&mut browser, "alice").await;
    client.exchange(&code).await.ok();
    let codes = device.ask_for_codes("openid").await.ok().json();
    app.let_in(&mut browser, "alice", codes["user_code"].as_str().unwrap()).await;
    legacy(app, alice, "HERDEVICE").await;
    let op = app.op();
    let work = async |tx: &store::Tx| {
        users::emails::add(tx, &op, alice, "alice@example.com").await?;
        let display_name = Some("Alice Liddell".to_owned());
        domain::jobs::enqueue(tx, &op, &domain::jobs::Job::ProvisionUser { user: alice, display_name }).await
    };
    app.parts().db.write(work).await.unwrap();
    app.run_jobs().await;
    // What has no endpoint yet, and what tests have no way to say.
    for sql in WHAT_ELSE {
        let id = |bytes: u8| match testkit::engine() {
            store::Engine::Sqlite => format!("x'{}'", format!("{bytes:02x}").repeat(16)),
            store::Engine::Postgres => format!("'{}'::uuid", format!("{bytes:02x}").repeat(16)),
        };
        let bytes = match testkit::engine() {
            store::Engine::Sqlite => "x'00'",
            store::Engine::Postgres => "'\\x00'::bytea",
        };
        let sql = sql.replace("{alice}", "(SELECT id FROM users WHERE username = 'alice')");
        let sql = sql.replace("{1}", &id(1)).replace("{2}", &id(2)).replace("{3}", &id(3));
        app.database.execute(&sql.replace("{bytes}", bytes)).await;
    }
    alice
}

const WHAT_ELSE: [&str; 14] = [
    "UPDATE sessions SET last_active_ip = '192.0.2.77', user_agent = 'Netscape', human_name = 'Rabbit phone'",
    "UPDATE browser_sessions SET last_active_ip = '192.0.2.77', user_agent = 'Netscape'",
    "UPDATE device_grants SET address = '192.0.2.77', user_agent = 'Netscape'",
    "UPDATE audit_events SET address = '192.0.2.77', user_agent = 'Netscape' WHERE user_id = {alice}",
    "INSERT INTO user_third_party_ids VALUES ({alice}, 'msisdn', '+4670174060', 1)",
    "INSERT INTO accepted_terms VALUES ({alice}, 'https://example.com/terms', 1)",
    "INSERT INTO upstream_providers (id, position, document, created_at) VALUES ({1}, 1, '{}', 1)",
    "INSERT INTO upstream_links (id, provider_id, user_id, subject, account_name, created_at) \
       VALUES ({2}, {1}, {alice}, 'subject-of-alice', 'Alice Liddell', 1)",
    "INSERT INTO upstream_visits (id, provider_id, link_id, state_hash, document, subject, created_at) \
       VALUES ({3}, {1}, {2}, {bytes}, '{\"claims\": \"claims-of-alice\"}', 'subject-of-alice', 1)",
    "INSERT INTO registrations (id, username, document, address, user_agent, created_at) \
       VALUES ({1}, 'alice', '{\"display_name\": \"Alice Liddell\"}', '192.0.2.77', 'Netscape', 1)",
    "INSERT INTO email_authentications (id, registration_id, email, created_at) \
       VALUES ({1}, {1}, 'registered-as-alice@example.com', 1)",
    "INSERT INTO recovery_sessions (id, email, locale, address, user_agent, created_at) \
       VALUES ({1}, 'alice@example.com', 'en', '192.0.2.77', 'Netscape', 1)",
    "INSERT INTO recovery_tickets (id, recovery_session_id, user_email_id, ticket_hash, created_at, expires_at) \
       VALUES ({1}, {1}, (SELECT id FROM user_emails WHERE email = 'alice@example.com'), {bytes}, 1, 2)",
    "INSERT INTO sign_ins (id, user_id, secret_hash, amr, address, user_agent, created_at, expires_at) \
       VALUES ({1}, {alice}, {bytes}, 'pwd', '192.0.2.77', 'Netscape', 1, 2)",
];

async fn traces(app: &TestApp) -> Vec<&'static str> {
    let dump = dump(&app.parts().db).await;
    TRACES.into_iter().filter(|trace| dump.contains(trace)).collect()
}

#[tokio::test]
async fn nothing_is_left_but_the_name() {
    let app = TestApp::new().await;
    let alice = alice(&app).await;
    assert_eq!(traces(&app).await, TRACES, "the test looks for what is there");
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert_eq!(traces(&app).await, [""; 0]);
    assert!(app.database.texts("SELECT kind FROM authenticators").await.is_empty());
    assert!(app.database.texts("SELECT kind FROM sessions").await.is_empty());
    assert_eq!(app.database.texts("SELECT username FROM users").await, ["alice"]);
    let there = app.homeserver.user("alice").unwrap();
    assert!(there.deactivated && there.erased, "{there:?}");
    let kept = "SELECT kind FROM audit_events WHERE data IS NOT NULL OR kind = 'user_erased' ORDER BY kind";
    let kept = app.database.texts(kept).await;
    assert_eq!(kept, ["user_deactivated", "user_erased"]);
}

#[tokio::test]
async fn an_address_that_came_after_the_deactivation_goes_as_well() {
    let app = TestApp::new().await;
    let (alice, op) = (app.user("alice").await, app.op());
    deactivate(&app, alice, false).await;
    let added = app.parts().db.write(async |tx| users::emails::add(tx, &op, alice, "a@example.com").await);
    added.await.unwrap();
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert!(app.database.texts("SELECT email FROM user_emails").await.is_empty());
}

#[tokio::test]
async fn without_erasure_what_the_person_would_need_again_stays() {
    let app = TestApp::new().await;
    let alice = alice(&app).await;
    deactivate(&app, alice, false).await;
    app.run_jobs().await;
    for table in ["authenticators", "upstream_links", "accepted_terms"] {
        let rows = app.database.texts(&format!("SELECT 'row' FROM {table}")).await;
        assert_eq!(rows, ["row"], "{table}");
    }
    for table in ["user_emails", "user_third_party_ids", "consents", "sign_ins", "recovery_sessions"] {
        assert!(app.database.texts(&format!("SELECT 'row' FROM {table}")).await.is_empty(), "{table}");
    }
    assert!(!app.homeserver.user("alice").unwrap().erased);

    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert_eq!(traces(&app).await, [""; 0], "it can be asked for later");
    assert!(app.homeserver.user("alice").unwrap().erased);
}

/// What an attempt has done stays done; the next one finds the rest.
#[tokio::test]
async fn an_erasure_waits_for_nobody_and_can_be_repeated() {
    let app = TestApp::new().await;
    let alice = alice(&app).await;
    app.homeserver.feels(Mood::Failing);
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert_eq!(traces(&app).await, ["HERDEVICE"], "the homeserver has yet to hear that it is to go");
    app.homeserver.feels(Mood::Well);
    app.clock.advance(std::time::Duration::from_secs(6));
    assert_eq!(app.run_jobs().await, ["deactivate-user"]);
    assert_eq!(traces(&app).await, [""; 0]);
    assert!(app.homeserver.user("alice").unwrap().erased);
}

#[tokio::test]
async fn what_is_kept_of_others_stays() {
    let app = TestApp::new().await;
    let alice = alice(&app).await;
    let (_, tokens) = app.signed_in("bob").await;
    let bob = named(&app, "bob").await;
    // What bob has done to alice was done by bob, from where bob was.
    let mut op = app.op().by(kernel::Actor::User(bob));
    op.address = Some("192.0.2.200".parse().unwrap());
    app.parts().db.write(async |tx| users::lock(tx, &op, alice).await).await.unwrap();
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert!(crate::security::is_active(&app, &tokens.access_token).await);
    assert_eq!(app.database.texts("SELECT kind FROM authenticators").await, ["password"]);
    assert_eq!(app.database.texts("SELECT amr FROM browser_sessions").await, ["pwd"]);
    let addresses = "SELECT address FROM audit_events WHERE kind = 'user_locked'";
    assert_eq!(app.database.texts(addresses).await, ["192.0.2.200"]);
    let told = json!({ "username": "bob" });
    let form = [("token", tokens.access_token.as_str())];
    assert_eq!(
        app.synapse().post("/oauth2/introspect").form(form).await.json()["username"],
        told["username"]
    );
}

/// Of what a person has done very much of, not all is taken at once.
#[tokio::test]
async fn much_is_erased_in_slices() {
    let app = TestApp::new().await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    for _ in 0..2 {
        let op = app.op();
        let subject = domain::audit::Subject {
            user: Some(alice),
            data: Some(json!({ "from": "192.0.2.77" })),
            ..Default::default()
        };
        let many = vec![subject; 600];
        let work = async |tx: &store::Tx| {
            domain::audit::record_all(tx, &op, domain::audit::Kind::SignInFailed, &many).await
        };
        app.parts().db.write(work).await.unwrap();
    }
    deactivate(&app, alice, true).await;
    app.run_jobs().await;
    assert_eq!(traces(&app).await, [""; 0]);
}
