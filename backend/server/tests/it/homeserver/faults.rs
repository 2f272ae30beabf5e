//! A homeserver that fails, hangs, comes and goes.

use std::time::Duration;

use domain::homeserver::Provisioning;
use http::Method;
use testkit::{ClientKind::*, Mood, TestApp};

use super::sign_in;
use crate::oauth::{refused, seconds};

/// What the metrics say of the circuit: 0 closed, 2 open.
async fn circuit(app: &TestApp) -> String {
    let metrics = app.anonymous().get("/metrics").await.ok().body;
    let line = metrics.lines().find_map(|line| line.strip_prefix("homeserver_circuit_state "));
    line.unwrap_or_else(|| panic!("{metrics}")).to_owned()
}

#[tokio::test]
async fn a_short_failure_is_not_noticed() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    app.homeserver.fails_next(2);
    client.exchange(&code).await.ok();
    assert_eq!(app.homeserver.called(), ["upsert_device"; 3]);
}

#[tokio::test]
async fn a_homeserver_that_is_down_is_left_alone_until_it_is_back() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    app.homeserver.feels(Mood::Failing);
    let exchange = async || client.exchange(&code).await.refusal();

    assert_eq!(exchange().await, refused(503, "temporarily_unavailable"));
    assert_eq!((app.homeserver.calls().len(), circuit(&app).await), (3, "0".into()));
    assert_eq!(exchange().await, refused(503, "temporarily_unavailable"));
    assert_eq!((app.homeserver.calls().len(), circuit(&app).await), (2, "2".into()));
    for _ in 0..10 {
        assert_eq!(exchange().await, refused(503, "temporarily_unavailable"));
    }
    assert_eq!(app.homeserver.called(), [""; 0], "nobody waits for what is known not to answer");

    // Tried once after each pause, which grows.
    for pause in [5, 10] {
        app.clock.advance(seconds(pause - 1));
        exchange().await;
        assert_eq!(app.homeserver.called(), [""; 0]);
        app.clock.advance(seconds(1));
        exchange().await;
        assert_eq!(app.homeserver.called(), ["upsert_device"]);
    }
    app.homeserver.feels(Mood::Well);
    app.clock.advance(seconds(20));
    client.exchange(&code).await.ok();
    assert_eq!((app.homeserver.calls().len(), circuit(&app).await), (1, "0".into()));
    sign_in(&app, "bob").await.ok();
}

#[tokio::test]
async fn a_homeserver_that_comes_and_goes_is_asked_on() {
    let app = TestApp::new().await;
    for _ in 0..6 {
        app.homeserver.fails_next(2);
        app.parts().homeserver.allow_cross_signing_reset("nobody").await.unwrap_err();
        assert_eq!(app.homeserver.called(), ["allow_cross_signing_reset"; 3], "404 is an answer");
    }
    assert_eq!(circuit(&app).await, "0");
}

#[tokio::test]
async fn refusals_are_answers() {
    let app = TestApp::with(|settings| settings.homeserver_secret = "another".into()).await;
    for _ in 0..6 {
        let refusal = app.parts().homeserver.upsert_device("alice", "DEV", None).await.unwrap_err();
        let told = kernel::error::chain(&refusal);
        assert!(told.contains("matrix.secret") && !told.contains("another"), "{told}");
        assert_eq!(app.homeserver.called(), ["upsert_device"], "asking again would not help");
    }
    assert_eq!(circuit(&app).await, "0");
}

#[tokio::test]
async fn a_name_that_nobody_waits_for_long_shuts_nobody_out() {
    let app = TestApp::new().await;
    app.user("alice").await;
    app.homeserver.feels(Mood::Hanging);
    for _ in 0..6 {
        app.parts().homeserver.query_user("alice", Duration::from_millis(20)).await.unwrap_err();
    }
    assert_eq!(circuit(&app).await, "0");
    app.homeserver.feels(Mood::Well);
    sign_in(&app, "bob").await.ok();
    app.homeserver.calls();
}

/// The circuit is open, its pause is over, and the homeserver is well again.
async fn is_back(app: &TestApp) {
    app.user("alice").await;
    app.homeserver.feels(Mood::Failing);
    for _ in 0..2 {
        app.parts().homeserver.upsert_device("alice", "DEVICE", None).await.unwrap_err();
    }
    assert_eq!(circuit(app).await, "2");
    app.clock.advance(seconds(5));
    app.homeserver.feels(Mood::Well);
    app.homeserver.calls();
}

#[tokio::test]
async fn whether_the_homeserver_is_back_is_not_tried_with_what_is_waited_for_but_a_moment() {
    let app = TestApp::new().await;
    is_back(&app).await;
    let link = &app.parts().homeserver;
    app.homeserver.feels(Mood::Hanging);
    link.query_user("alice", Duration::from_millis(20)).await.unwrap_err();
    assert_eq!((app.homeserver.called(), circuit(&app).await), (vec![], "2".into()));
    app.homeserver.feels(Mood::Well);
    link.query_user("alice", Duration::from_secs(10)).await.unwrap().unwrap();
    assert_eq!(circuit(&app).await, "0");
}

/// While it leaves room after room, others would be refused for minutes. But it may be that nobody else has anything to say
/// to the homeserver.
#[tokio::test]
async fn whether_the_homeserver_is_back_is_tried_with_something_harmless_before_a_deactivation() {
    let app = TestApp::new().await;
    is_back(&app).await;
    let link = &app.parts().homeserver;
    let asked = || app.homeserver.calls().into_iter().map(|call| call.method).collect::<Vec<_>>();
    app.homeserver.feels(Mood::Failing);
    link.delete_user("alice", false).await.unwrap_err();
    assert_eq!((asked(), circuit(&app).await), (vec![Method::GET], "2".into()));
    link.delete_user("alice", false).await.unwrap_err();
    assert_eq!(asked(), Vec::<Method>::new(), "its pause has begun anew");
    app.homeserver.feels(Mood::Well);
    app.clock.advance(seconds(10));
    link.delete_user("alice", false).await.unwrap();
    assert_eq!((asked(), circuit(&app).await), (vec![Method::GET, Method::POST], "0".into()));
    assert!(app.homeserver.user("alice").unwrap().deactivated);
}

#[tokio::test]
async fn jobs_outlast_a_failure_whatever_it_is() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    app.homeserver.feels(Mood::Failing);
    client.revoke(&tokens.access_token).await.ok();
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 1);
    app.homeserver.feels(Mood::Well);
    app.clock.advance(seconds(60));
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 0);
}

/// However long it is away, they only wait.
#[tokio::test]
async fn jobs_that_ask_nobody_because_the_homeserver_is_away_use_no_attempt_up() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    app.homeserver.feels(Mood::Failing);
    for _ in 0..2 {
        app.parts().homeserver.upsert_device("alice", "DEVICE", None).await.unwrap_err();
    }
    client.revoke(&tokens.access_token).await.ok();
    let attempts = async || {
        let attempts = "SELECT CAST(attempt AS text) FROM jobs WHERE queue = 'delete-device'";
        app.database.texts(attempts).await[0].clone()
    };
    app.run_jobs().await;
    assert_eq!(attempts().await, "0");
    app.clock.advance(seconds(3600));
    app.run_jobs().await;
    assert_eq!(attempts().await, "1", "that one was the probe");
    app.clock.advance(seconds(1));
    app.homeserver.feels(Mood::Well);
    app.clock.advance(seconds(400));
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 0);
}

/// A name of a hundred characters at most is what Synapse takes.
#[tokio::test]
async fn long_names_are_cut_and_unknown_things_are_no_failure() {
    let app = TestApp::new().await;
    let link = &app.parts().homeserver;
    link.provision_user("alice", &Provisioning::default()).await.unwrap();
    link.upsert_device("alice", "DEV", Some(&"é".repeat(300))).await.unwrap();
    let devices = app.homeserver.user("alice").unwrap().devices;
    assert_eq!(devices["DEV"].as_ref().unwrap().chars().count(), 100);
    link.rename_device("alice", "OTHER", "a name").await.unwrap();
    link.delete_device("alice", "OTHER").await.unwrap();
    link.delete_device("nobody", "OTHER").await.unwrap();
    assert_eq!(link.devices("alice").await.unwrap(), None, "that cannot be asked");
}
