//! Devices that application services make for people (MSC4190) are nobody's business here: whatever becomes of sessions and
//! accounts, they stay, under the names that they have.

use std::time::Duration;

use domain::{
    jobs::Inactivity,
    sessions::{end::Reason, end_all::Which},
    users,
};
use kernel::id::UserId;
use serde_json::json;
use testkit::{Call, ClientKind::*, Mood, PASSWORD, TestApp};

use crate::{
    compat::{self, by_password, with},
    oauth::seconds,
};

const DAY: Duration = Duration::from_secs(86_400);

/// Alice, who talks through a bridge as well.
async fn with_bridge() -> (TestApp, UserId) {
    let app = TestApp::with(|settings| {
        let inactivity = Inactivity { ttl: 50 * DAY, oauth: true, compat: true, browser: true };
        settings.upkeep.inactivity = Some(inactivity);
        settings.upkeep.unused_client_ttl = 90 * DAY;
    })
    .await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    app.parts().homeserver.upsert_device("alice", "BR1DGE", Some("Bridge")).await.unwrap();
    app.homeserver.calls();
    (app, alice)
}

/// What of alice's is at the homeserver, without the bridge's device, which has to be there. Nobody has touched it.
#[track_caller]
fn own_devices(app: &TestApp) -> Vec<String> {
    let touched = |call: &Call| {
        call.name == "sync_devices" || call.body["device_id"] == "BR1DGE" || call.name == "delete_user"
    };
    let calls: Vec<_> = app.homeserver.calls().into_iter().filter(touched).collect();
    assert!(calls.is_empty(), "{calls:?}");
    let mut devices = app.homeserver.user("alice").unwrap().devices;
    assert_eq!(devices.remove("BR1DGE"), Some(Some("Bridge".to_owned())));
    devices.into_keys().collect()
}

/// An app, a device that showed a code, and two older clients sign alice in; their tokens.
async fn sign_in_everywhere(app: &TestApp) -> [String; 2] {
    let client = app.client(Public).await;
    let code = app.authorization(&client).through(&mut app.browser(), "alice").await;
    client.exchange(&code).await.tokens();
    let shower = app.device_client(Public).await;
    let scope = "urn:matrix:client:api:* urn:matrix:client:device:SHOWED0001";
    let codes = shower.ask_for_codes(scope).await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    app.let_in(&mut app.browser(), "alice", &text("user_code")).await.ok();
    shower.poll(&text("device_code")).await.tokens();
    let mut tokens = Vec::new();
    for device in ["OLDER1", "OLDER2"] {
        let body = with(by_password("alice"), json!({ "device_id": device }));
        let login = compat::attempt(app, body).await.ok().json();
        tokens.push(login["access_token"].as_str().unwrap().to_owned());
    }
    assert_eq!(own_devices(app), ["DEV1CE0001", "OLDER1", "OLDER2", "SHOWED0001"]);
    tokens.try_into().unwrap()
}

#[tokio::test]
async fn a_bridges_device_survives_that_its_person_signs_in_and_out_everywhere() {
    let (app, _) = with_bridge().await;
    let [one, other] = sign_in_everywhere(&app).await;
    compat::log_out(&app, &one).await.ok();
    app.run_jobs().await;
    assert_eq!(own_devices(&app), ["DEV1CE0001", "OLDER2", "SHOWED0001"]);
    let flag = json!({ "io.element.only_compat_is_fine": true });
    compat::bearer(&app, &other).post("/_matrix/client/v3/logout/all").json(&flag).await.ok();
    app.run_jobs().await;
    assert_eq!(own_devices(&app), ["DEV1CE0001", "SHOWED0001"]);
}

#[tokio::test]
async fn it_survives_what_operators_do() {
    let (app, alice) = with_bridge().await;
    sign_in_everywhere(&app).await;
    let (op, db) = (app.op(), &app.parts().db);
    db.write(async |tx| users::lock(tx, &op, alice).await).await.unwrap();
    app.run_jobs().await;
    assert_eq!(own_devices(&app).len(), 4);
    db.write(async |tx| users::unlock(tx, &op, alice).await).await.unwrap();
    app.run_jobs().await;
    assert_eq!(own_devices(&app).len(), 4);
    users::end_sessions(db, &op, alice, Which::Apps, Reason::Killed).await.unwrap();
    app.run_jobs().await;
    assert_eq!(own_devices(&app), [""; 0]);
}

/// Everything that has to end by itself ends, everything that is kept no longer goes.
#[tokio::test]
async fn it_survives_inactivity_and_every_clean_up() {
    let (app, _) = with_bridge().await;
    app.plan_jobs().await;
    sign_in_everywhere(&app).await;
    app.write_activity().await;
    for _ in 0..100 {
        app.clock.advance(DAY);
        app.plan_jobs().await;
        app.run_jobs().await;
    }
    assert_eq!(own_devices(&app), [""; 0]);
    assert_eq!(app.database.texts("SELECT kind FROM sessions").await, [""; 0], "they were cleaned up");
}

/// The homeserver had not heard of the deactivation, so the devices of ended sessions are still there when the account opens.
#[tokio::test]
async fn it_survives_a_deactivation_that_was_taken_back() {
    let (app, alice) = with_bridge().await;
    sign_in_everywhere(&app).await;
    let op = app.op();
    app.homeserver.feels(Mood::Failing);
    app.parts().db.write(async |tx| users::deactivate(tx, &op, alice, false).await).await.unwrap();
    app.homeserver.feels(Mood::Well);
    users::reactivate(&app.parts().db, &app.parts().homeserver, &op, alice).await.unwrap();
    app.run_jobs().await;
    app.clock.advance(seconds(3600));
    app.run_jobs().await;
    assert_eq!(own_devices(&app), [""; 0]);
}
