//! Devices of sessions that ended are removed, and never one that somebody has come to use.

use domain::users;
use testkit::{ClientKind::*, Held, TestApp};

use crate::{
    oauth::seconds,
    security::{is_active, signed_in},
};

/// The device that the apps of these tests ask for.
const DEVICE: &str = "DEV1CE0001";

fn is_there(app: &TestApp) -> bool {
    app.homeserver.user("alice").unwrap().devices.contains_key(DEVICE)
}

/// The code is out, and its exchange may be under way: nothing else tells that the device is about to be used.
#[tokio::test]
async fn a_device_that_a_code_was_given_out_for_is_not_removed() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    client.revoke(&tokens.access_token).await.ok();
    let code = app.authorization(&client).through(&mut app.browser(), "alice").await;
    app.homeserver.calls();
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(app.homeserver.calls().is_empty() && is_there(&app));
    client.exchange(&code).await.ok();
    app.clock.advance(seconds(300));
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(is_there(&app));
}

#[tokio::test]
async fn a_device_whose_code_nobody_exchanges_goes_in_the_end() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    app.authorization(&client).through(&mut app.browser(), "alice").await;
    client.revoke(&tokens.access_token).await.ok();
    for _ in 0..6 {
        assert_eq!(app.run_jobs().await, ["delete-device"]);
        assert!(is_there(&app));
        app.clock.advance(seconds(300));
    }
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(!is_there(&app));
}

#[tokio::test]
async fn a_device_that_shows_a_code_is_spared_as_well() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let shower = app.device_client(Public).await;
    let scope = format!("urn:matrix:client:api:* urn:matrix:client:device:{DEVICE}");
    let codes = shower.ask_for_codes(&scope).await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    app.let_in(&mut signed_in(&app, "alice").await, "alice", &text("user_code")).await.ok();
    client.revoke(&tokens.access_token).await.ok();
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(is_there(&app));
    shower.poll(&text("device_code")).await.tokens();
    app.clock.advance(seconds(300));
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(is_there(&app));
}

/// The exchange has told the homeserver of the device and has not written its session down yet, when the homeserver comes to
/// an older wish to remove the device.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_removed_during_an_exchange_is_there_when_the_app_has_its_token() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let alice = users::by_username(&app.parts().db.read, "alice").await.unwrap().unwrap().id;
    client.revoke(&tokens.access_token).await.ok();
    app.homeserver.calls();
    app.homeserver.holds("delete_device", Held::Before);
    app.homeserver.holds("upsert_device", Held::Answer);
    let exchange = async {
        assert_eq!(app.homeserver.is_called(1).await, ["delete_device"]);
        let code = app.authorization(&client).agreed_by(alice).await;
        let meanwhile = async {
            assert_eq!(app.homeserver.is_called(1).await, ["upsert_device"]);
            app.homeserver.lets_go("delete_device");
            assert_eq!(
                app.homeserver.is_called(1).await,
                ["upsert_device"],
                "told again, for the code that is out"
            );
            app.homeserver.lets_go("upsert_device");
        };
        tokio::join!(client.exchange(&code), meanwhile).0.tokens()
    };
    let (ran, tokens) = tokio::join!(app.run_jobs(), exchange);
    assert_eq!(ran, ["delete-device"]);
    assert!(is_there(&app) && is_active(&app, &tokens.access_token).await);
    app.clock.advance(seconds(300));
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(is_there(&app));
}

/// Its worker was killed after it had the device removed, and somebody signed in with it before the next one came.
#[tokio::test]
async fn a_device_in_use_that_an_earlier_attempt_removed_is_told_again() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    client.revoke(&tokens.access_token).await.ok();
    let code = app.authorization(&client).through(&mut app.browser(), "alice").await;
    client.exchange(&code).await.ok();
    app.parts().homeserver.delete_device("alice", DEVICE).await.unwrap();
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert!(is_there(&app));
}
