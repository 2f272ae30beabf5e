//! The service removes the devices that it had made, all of them, and no others.

use domain::{
    sessions::{device, end::Reason, end_all::Which},
    users,
};
use http::Method;
use serde_json::json;
use testkit::{ClientKind::*, Held, PASSWORD, TestApp, TestClient};

use crate::{
    admin,
    compat::{by_password, log_in, log_out, with},
    oauth::{refused, seconds},
    security::signed_in,
};

/// The device that the apps of these tests ask for.
const DEVICE: &str = "DEV1CE0001";

fn devices(app: &TestApp) -> Vec<String> {
    app.homeserver.user("alice").unwrap().devices.into_keys().collect()
}

/// One that a bridge has made, or the person's other software.
async fn made_by_somebody_else(app: &TestApp, device: &str) {
    let homeserver = &app.parts().homeserver;
    app.user_with_password("alice", PASSWORD).await;
    device::announce(homeserver, "alice", device, None).await.unwrap();
}

async fn by_code(app: &TestApp, client: &TestClient) -> testkit::Tokens {
    let code = app.authorization(client).through(&mut app.browser(), "alice").await;
    client.exchange(&code).await.tokens()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_loses_leaves_no_device_behind() {
    for ending in [
        "UPDATE browser_sessions SET finished_at = 1",
        "UPDATE users SET locked_at = 1",
        "UPDATE authorization_grants SET cancelled_at = 1",
    ] {
        let app = TestApp::new().await;
        let (user, client) = (app.user("alice").await, app.client(Public).await);
        let code = app.authorization(&client).agreed_by(user).await;
        app.homeserver.holds("upsert_device", Held::Answer);
        let exchange = tokio::spawn({
            let client = client.clone();
            async move { client.exchange(&code).await }
        });
        while !app.homeserver.user("alice").is_some_and(|alice| alice.devices.contains_key(DEVICE)) {
            tokio::task::yield_now().await;
        }
        app.database.execute(ending).await;
        app.homeserver.lets_go("upsert_device");
        assert_eq!(exchange.await.unwrap().refusal(), refused(400, "invalid_grant"), "{ending}");
        // As long as the code might still be exchanged, the job comes back.
        for _ in 0..=6 {
            app.run_jobs().await;
            app.clock.advance(seconds(300));
        }
        app.run_jobs().await;
        assert_eq!(devices(&app), [""; 0], "{ending}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_person_is_stopped_while_it_polls_is_not_left_behind() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.device_client(Public).await;
    let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:{DEVICE}");
    let codes = client.ask_for_codes(&scope).await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    app.let_in(&mut app.browser(), "alice", &text("user_code")).await.ok();
    app.homeserver.holds("upsert_device", Held::Answer);
    let poll = tokio::spawn({
        let (client, code) = (client.clone(), text("device_code"));
        async move { client.poll(&code).await }
    });
    while !app.homeserver.user("alice").is_some_and(|alice| alice.devices.contains_key(DEVICE)) {
        tokio::task::yield_now().await;
    }
    app.database.execute("UPDATE users SET locked_at = 1").await;
    app.homeserver.lets_go("upsert_device");
    assert_eq!(poll.await.unwrap().refusal(), refused(400, "invalid_grant"));
    for _ in 0..=6 {
        app.run_jobs().await;
        app.clock.advance(seconds(300));
    }
    app.run_jobs().await;
    assert_eq!(devices(&app), [""; 0]);
}

/// The one that loses may have made the device, which the one that wins has found: it is the winner's all the same.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_exchanges_the_winners_device_stays_and_goes_with_its_session() {
    for _ in 0..8 {
        let app = TestApp::new().await;
        let (user, client) = (app.user("alice").await, app.client(Public).await);
        let code = app.authorization(&client).agreed_by(user).await;
        app.homeserver.holds("upsert_device", Held::Answer);
        let told = async {
            // The user is unknown at first, so that each asks twice and provisions in between.
            app.homeserver.is_called(2).await;
            app.homeserver.lets_go("upsert_device");
        };
        let (one, other, ()) = tokio::join!(client.exchange(&code), client.exchange(&code), told);
        let won = [one, other].into_iter().filter(|answer| answer.status.is_success()).collect::<Vec<_>>();
        assert_eq!(won.len(), 1);
        app.run_jobs().await;
        assert_eq!(devices(&app), [DEVICE]);
        let tokens = won.into_iter().next().unwrap().tokens();
        client.revoke(&tokens.access_token).await.ok();
        app.run_jobs().await;
        assert_eq!(devices(&app), [""; 0]);
    }
}

#[tokio::test]
async fn a_device_that_was_there_before_outlives_the_sessions_that_used_it() {
    let app = TestApp::new().await;
    made_by_somebody_else(&app, DEVICE).await;
    let client = app.client(Public).await;
    let tokens = by_code(&app, &client).await;
    client.revoke(&tokens.access_token).await.ok();
    assert_eq!(app.run_jobs().await, [""; 0], "a code");

    let login = || log_in(&app, with(by_password("alice"), json!({ "device_id": DEVICE })));
    for what in ["a login", "another one"] {
        let session = login().await;
        log_out(&app, &session.access_token).await.ok();
        assert_eq!(app.run_jobs().await, [""; 0], "{what}");
    }
    // In place of each other.
    login().await;
    let tokens = by_code(&app, &client).await;
    login().await;
    assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));

    let shower = app.device_client(Public).await;
    let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:{DEVICE}");
    let codes = shower.ask_for_codes(&scope).await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    app.let_in(&mut signed_in(&app, "alice").await, "alice", &text("user_code")).await.ok();
    let shown = shower.poll(&text("device_code")).await.tokens();
    shower.revoke(&shown.access_token).await.ok();
    assert_eq!(app.run_jobs().await, [""; 0], "a device that showed a code");
    assert_eq!(devices(&app), [DEVICE]);
}

#[tokio::test]
async fn ending_everything_spares_what_others_made() {
    let app = TestApp::new().await;
    made_by_somebody_else(&app, "BRIDGE").await;
    for device in ["BRIDGE", "OURS"] {
        log_in(&app, with(by_password("alice"), json!({ "device_id": device }))).await;
    }
    log_in(&app, by_password("alice")).await;
    let alice = users::by_username(&app.parts().db.read, "alice").await.unwrap().unwrap().id;
    let op = app.op();
    users::end_sessions(&app.parts().db, &op, alice, Which::Apps, Reason::Killed).await.unwrap();
    assert_eq!(app.run_jobs().await, ["delete-devices"]);
    assert_eq!(devices(&app), ["BRIDGE"]);
}

#[tokio::test]
async fn shutting_a_client_spares_what_others_made() {
    for shut in [Method::POST, Method::DELETE] {
        let (app, admin) = admin::app().await;
        made_by_somebody_else(&app, DEVICE).await;
        app.user_with_password("bob", PASSWORD).await;
        let client = app.client(Public).await;
        by_code(&app, &client).await;
        let code = app.authorization(&client).through(&mut app.browser(), "bob").await;
        client.exchange(&code).await.tokens();
        let bobs = || app.homeserver.user("bob").unwrap().devices;
        assert_eq!((devices(&app), bobs().len()), (vec![DEVICE.to_owned()], 1));

        let path = format!("/api/admin/v1/oauth2-clients/{}", client.id);
        let path = if shut == Method::POST { format!("{path}/disable") } else { path };
        admin.request(shut.clone(), &path).await.ok();
        assert_eq!(app.run_jobs().await, ["end-client-sessions", "delete-devices"], "{shut}");
        assert_eq!(devices(&app), [DEVICE], "{shut}: it was there before");
        assert!(bobs().is_empty(), "{shut}: the service had made it");
    }
}

/// Its answer was lost, and it was asked again: that the device is there by then makes it nobody else's.
#[tokio::test]
async fn a_device_whose_answer_was_lost_is_ours() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    app.homeserver.loses_next(1);
    let session = log_in(&app, with(by_password("alice"), json!({ "device_id": "OURS" }))).await;
    log_out(&app, &session.access_token).await.ok();
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(devices(&app), [""; 0]);
}
