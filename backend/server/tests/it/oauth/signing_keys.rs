//! Rotating signing keys without anybody noticing.

use domain::oauth::signing_keys;
use kernel::{
    Timestamp,
    jose::{Algorithm, Jws, KeyKind, KeySource, Keystore, PublicKeys, Verdict, generate_pem},
};
use serde_json::json;
use testkit::{ClientKind::*, TestApp};

use super::seconds;

fn key(kid: &str, use_from: Option<Timestamp>) -> KeySource {
    let pem = generate_pem(KeyKind::P256).unwrap().expose().clone().into_bytes();
    KeySource { kid: Some(kid.into()), use_from, bytes: pem.into(), password: None, origin: kid.into() }
}

/// Which keys a start with these ones goes on publishing.
async fn start(app: &TestApp, keys: Vec<KeySource>) -> Vec<String> {
    let (op, keys) = (app.op(), Keystore::load(keys).unwrap());
    let noted = signing_keys::note(&app.parts().db, &op, &keys).await.unwrap();
    assert_eq!(noted.missed, [""; 0]);
    noted.retired.into_iter().map(|key| key.kid).collect()
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
async fn a_key_that_goes_too_early_is_kept_for_the_hour_that_its_tokens_last() {
    let app = TestApp::new().await;
    start(&app, vec![key("a", None)]).await;
    app.clock.advance(seconds(86_400));
    for _ in 0..3 {
        assert_eq!(
            start(&app, vec![key("b", None)]).await,
            ["a"],
            "it signed until the first of these starts"
        );
        app.clock.advance(seconds(1200));
    }
    assert!(start(&app, vec![key("b", None)]).await.is_empty());

    let from = app.now() + seconds(600);
    start(&app, vec![key("b", None), key("c", Some(from))]).await;
    app.clock.advance(seconds(600 + 3599));
    assert_eq!(start(&app, vec![key("c", None)]).await, ["b"], "a token of its last second is still good");
    app.clock.advance(seconds(1));
    assert!(start(&app, vec![key("c", None)]).await.is_empty());
}

/// Noted by a version that kept no keys.
#[tokio::test]
async fn a_key_that_was_not_kept_is_named_once() {
    let app = TestApp::new().await;
    start(&app, vec![key("a", None)]).await;
    app.database.execute("UPDATE signing_keys SET jwk = NULL").await;
    let (op, keys) = (app.op(), Keystore::load(vec![key("b", None)]).unwrap());
    for missed in [vec!["a".to_owned()], vec![]] {
        let noted = signing_keys::note(&app.parts().db, &op, &keys).await.unwrap();
        assert_eq!((noted.missed, noted.retired), (missed, vec![]));
    }
}

/// As relying parties see it: by the published keys, from the sign-in to the token's end.
#[tokio::test]
async fn a_token_can_be_verified_until_it_expires_whatever_becomes_of_its_key() {
    let app = TestApp::new().await;
    let former = Keystore::load(vec![key("former", None)]).unwrap();
    let (op, keys) = (app.op(), &app.parts().keys);
    signing_keys::note(&app.parts().db, &op, &former).await.unwrap();
    let client = app.client(Public).await;
    let claims = json!({
        "iss": "https://auth.example.com/", "sub": "01JD8Z0V5M3T6W8Y2A4C6E8G0J", "aud": client.id, "exp": op.now.as_secs() + 3600,
    });
    let token = former.sign(op.now, Algorithm::Es256, &claims).unwrap();
    let verdict = async || {
        let published = app.anonymous().get("/oauth2/keys.json").await.ok().json();
        PublicKeys::read(&published).judge(&Jws::parse(&token).unwrap())
    };
    assert_eq!(verdict().await, Verdict::NoSuchKey);

    // The start without it.
    let noted = signing_keys::note(&app.parts().db, &op, keys).await.unwrap();
    keys.retire(noted.retired);
    app.clock.advance(seconds(3599));
    assert_eq!(verdict().await, Verdict::Good);
    let hinted = domain::oauth::id_token_hint::read(keys, "https://auth.example.com/", &token);
    assert_eq!(hinted.expect("an ID token of ours").aud, client.id);
    assert_ne!(
        keys.sign(op.now, Algorithm::Es256, &claims).unwrap().split('.').next(),
        token.split('.').next()
    );
    app.clock.advance(seconds(1));
    assert_eq!(verdict().await, Verdict::NoSuchKey);
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
