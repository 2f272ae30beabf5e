//! Rotating signing keys without anybody noticing.

use domain::oauth::signing_keys;
use kernel::{
    Timestamp,
    jose::{KeyKind, KeySource, Keystore, generate_pem},
};
use testkit::TestApp;

use super::seconds;

fn key(kid: &str, use_from: Option<Timestamp>) -> KeySource {
    let pem = generate_pem(KeyKind::P256).unwrap().expose().clone().into_bytes();
    KeySource { kid: Some(kid.into()), use_from, bytes: pem.into(), password: None, origin: kid.into() }
}

/// What a start with these keys warns of.
async fn start(app: &TestApp, keys: Vec<KeySource>) -> Vec<String> {
    let (op, keys) = (app.op(), Keystore::load(keys).unwrap());
    signing_keys::note(&app.parts().db, &op, &keys).await.unwrap()
}

#[tokio::test]
async fn a_key_that_goes_an_hour_after_its_successor_took_over_is_not_missed() {
    let app = TestApp::new().await;
    assert!(start(&app, vec![key("a", None)]).await.is_empty());
    app.clock.advance(seconds(86_400));
    let from = app.now() + seconds(600);
    assert!(start(&app, vec![key("a", None), key("b", Some(from))]).await.is_empty());
    app.clock.advance(seconds(600 + 3600));
    assert!(start(&app, vec![key("b", Some(from))]).await.is_empty());
}

#[tokio::test]
async fn a_key_that_goes_too_early_is_named_once() {
    let app = TestApp::new().await;
    start(&app, vec![key("a", None)]).await;
    app.clock.advance(seconds(86_400));
    assert_eq!(start(&app, vec![key("b", None)]).await, ["a"], "it signed until now");
    assert!(start(&app, vec![key("b", None)]).await.is_empty());

    let from = app.now() + seconds(600);
    start(&app, vec![key("b", None), key("c", Some(from))]).await;
    app.clock.advance(seconds(600 + 3599));
    assert_eq!(start(&app, vec![key("c", None)]).await, ["b"], "a token of its last second is still good");
}

#[tokio::test]
async fn a_successor_without_a_time_takes_over_at_the_start_that_brings_it() {
    let app = TestApp::new().await;
    start(&app, vec![key("a", None)]).await;
    app.clock.advance(seconds(86_400));
    for _ in 0..3 {
        assert!(start(&app, vec![key("a", None), key("b", None)]).await.is_empty());
        app.clock.advance(seconds(1200));
    }
    assert!(start(&app, vec![key("b", None)]).await.is_empty(), "restarts do not begin the hour anew");
}
