//! Keys that clients publish: fetched with care, kept for a while, asked for again when they may have changed.

use std::sync::Arc;

use domain::oauth::{clients::StaticClient, registration};
use kernel::jose::{Algorithm, KeyKind};
use serde_json::json;
use testkit::{Answer, FakeSite, REDIRECT_URI, Signer, TestApp};

use super::{refused, seconds};

/// A client of the configuration that has its keys at this address.
fn configured(id: &str, jwks_uri: &str) -> StaticClient {
    let metadata = json!({
        "jwks_uri": jwks_uri, "token_endpoint_auth_method": "private_key_jwt", "grant_types": ["client_credentials"],
    });
    let metadata = registration::parse(metadata.to_string().as_bytes()).unwrap();
    StaticClient {
        id: id.parse().unwrap(),
        skip_consent: false,
        is_resource_server: true,
        auth_method: metadata.auth_method().clone(),
        secret: None,
        metadata,
    }
}

async fn with_fetching() -> TestApp {
    TestApp::with(|settings| settings.fetch_networks = vec!["127.0.0.0/8".parse().unwrap()]).await
}

async fn register(app: &TestApp, jwks_uri: &str) -> String {
    let document = json!({
        "client_uri": "https://app.example.org/", "redirect_uris": [REDIRECT_URI], "jwks_uri": jwks_uri,
        "grant_types": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
    });
    let answer = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    answer["client_id"].as_str().unwrap().to_owned()
}

async fn present(app: &TestApp, client: &str, signer: &Signer) -> Answer {
    let now = app.now().as_secs();
    let jti: String = app.op().alphanumeric(20);
    let claims = json!({
        "iss": client, "sub": client, "aud": "https://auth.example.com/", "exp": now + 60, "jti": jti,
    });
    let assertion = signer.sign(Algorithm::Es256, &claims);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ];
    app.anonymous().post("/oauth2/token").form(form).await
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_when_they_are_old() {
    let (app, site) = (with_fetching().await, FakeSite::start().await);
    let signer = Signer::new(KeyKind::P256, "a");
    site.serve_json("/jwks", &signer.jwks());
    let client = register(&app, site.url("/jwks").as_str()).await;
    assert_eq!(site.hits("/jwks"), 0, "registering asks for nothing");
    for _ in 0..3 {
        present(&app, &client, &signer).await.ok();
    }
    assert_eq!(site.hits("/jwks"), 1);
    app.clock.advance(seconds(299));
    present(&app, &client, &signer).await.ok();
    assert_eq!(site.hits("/jwks"), 1);
    app.clock.advance(seconds(1));
    let longer = [("content-type", "application/jwk-set+json"), ("cache-control", "public, max-age=3600")];
    site.serve("/jwks", 200, &longer, signer.jwks().to_string());
    present(&app, &client, &signer).await.ok();
    assert_eq!(site.hits("/jwks"), 2);
    app.clock.advance(seconds(3599));
    present(&app, &client, &signer).await.ok();
    assert_eq!(site.hits("/jwks"), 2);
    app.clock.advance(seconds(1));
    present(&app, &client, &signer).await.ok();
    assert_eq!(site.hits("/jwks"), 3);
}

#[tokio::test]
async fn a_new_key_is_noticed_and_made_up_ones_are_no_hammer() {
    let (app, site) = (with_fetching().await, FakeSite::start().await);
    let (old, new) = (Signer::new(KeyKind::P256, "old"), Signer::new(KeyKind::P256, "new"));
    site.serve_json("/jwks", &old.jwks());
    let client = register(&app, site.url("/jwks").as_str()).await;
    present(&app, &client, &old).await.ok();
    app.clock.advance(seconds(30));
    site.serve_json("/jwks", &json!({ "keys": [{ "kty": "AKP" }, old.jwk(), new.jwk()] }));
    present(&app, &client, &new).await.ok();
    present(&app, &client, &old).await.ok();
    assert_eq!(site.hits("/jwks"), 2);
    for _ in 0..20 {
        let forged = present(&app, &client, &Signer::new(KeyKind::P256, "made up")).await;
        assert_eq!(forged.refusal(), refused(401, "invalid_client"));
    }
    assert_eq!(site.hits("/jwks"), 2, "asked less than half a minute ago");
    app.clock.advance(seconds(30));
    for _ in 0..20 {
        present(&app, &client, &Signer::new(KeyKind::P256, "made up")).await;
    }
    assert_eq!(site.hits("/jwks"), 3);
    // A signature that the named key did not make is no reason to ask.
    app.clock.advance(seconds(30));
    let forged = present(&app, &client, &Signer::new(KeyKind::P256, "old")).await;
    assert_eq!(forged.refusal(), refused(401, "invalid_client"));
    assert_eq!(site.hits("/jwks"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_ask_once() {
    let (app, site) = (Arc::new(with_fetching().await), FakeSite::start().await);
    let signer = Arc::new(Signer::new(KeyKind::P256, "a"));
    site.serve_json("/jwks", &signer.jwks());
    let client = register(&app, site.url("/jwks").as_str()).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (app, signer, client) = (app.clone(), signer.clone(), client.clone());
            tokio::spawn(async move { present(&app, &client, &signer).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().ok();
    }
    assert_eq!(site.hits("/jwks"), 1);
}

#[tokio::test]
async fn what_cannot_be_fetched_is_said_and_is_no_fault_of_ours() {
    let (app, site) = (with_fetching().await, FakeSite::start().await);
    let signer = Signer::new(KeyKind::P256, "a");
    let json = [("content-type", "application/json")];
    site.serve("/fails", 500, &json, "");
    site.serve("/text", 200, &json, "no JSON");
    site.serve("/empty", 200, &json, r#"{"keys":[]}"#);
    site.serve("/other", 200, &json, "[]");
    site.serve("/long", 200, &json, format!("{}{}", signer.jwks(), " ".repeat(70_000)));
    site.serve("/moved", 302, &[("location", "/jwks")], "");
    site.serve_json("/jwks", &signer.jwks());
    for (path, naming) in [
        ("/fails", "answered 500"),
        ("/missing", "answered 404"),
        ("/text", "is not JSON"),
        ("/empty", "not a JWK set"),
        ("/other", "not a JWK set"),
        ("/long", "longer than"),
        ("/moved", "answered 302"),
    ] {
        let client = register(&app, site.url(path).as_str()).await;
        for _ in 0..3 {
            let answer = present(&app, &client, &signer).await;
            assert_eq!(answer.refusal(), refused(401, "invalid_client"), "{path}");
            assert!(answer.body.contains(naming), "{path}: {answer}");
        }
        assert_eq!(site.hits(path), 1, "{path}: failures are remembered, too");
    }
    assert_eq!(site.hits("/jwks"), 0, "redirects are not followed");
    let nobody = register(&app, "http://127.0.0.1:1/jwks").await;
    assert!(present(&app, &nobody, &signer).await.body.contains("could not be fetched"));
}

#[tokio::test]
async fn keys_outlast_a_site_that_is_away_but_not_for_ever() {
    let (app, site) = (with_fetching().await, FakeSite::start().await);
    let signer = Signer::new(KeyKind::P256, "a");
    site.serve_json("/jwks", &signer.jwks());
    let client = register(&app, site.url("/jwks").as_str()).await;
    present(&app, &client, &signer).await.ok();
    site.serve("/jwks", 503, &[], "");
    app.clock.advance(seconds(3600));
    present(&app, &client, &signer).await.ok();
    app.clock.advance(seconds(24 * 3600));
    let answer = present(&app, &client, &signer).await;
    assert!(answer.body.contains("answered 503"), "{answer}");
}

/// Anybody can register clients, and have them name addresses that never answer.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_with_slow_addresses_keep_no_client_of_the_operator_waiting() {
    const CONFIGURED: &str = "0000000000000000000000KEYS";
    let site = FakeSite::start().await;
    let signer = Arc::new(Signer::new(KeyKind::P256, "a"));
    site.serve_json("/jwks", &signer.jwks());
    let client = configured(CONFIGURED, site.url("/jwks").as_str());
    let app = TestApp::with(|settings| {
        settings.fetch_networks = vec!["127.0.0.0/8".parse().unwrap()];
        settings.clients.push(client);
    });
    let app = Arc::new(app.await);
    let silent = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut waiting = tokio::task::JoinSet::new();
    let mut ask = async |host: usize, path: usize| {
        let client = register(&app, &format!("http://127.0.0.{host}:{port}/{path}")).await;
        let (app, signer) = (Arc::clone(&app), Arc::clone(&signer));
        waiting.spawn(async move { present(&app, &client, &signer).await });
    };
    for host in 1..=10 {
        for path in 1..=4 {
            ask(host, path).await;
        }
    }
    // Thirty-two are waited for; the others are sent away at once.
    for _ in 0..8 {
        let refused = waiting.join_next().await.unwrap().unwrap();
        assert!(refused.body.contains("too much else is being fetched"), "{refused}");
    }
    present(&app, CONFIGURED, &signer).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_host_takes_few_of_the_turns_that_there_are() {
    let (app, site) = (Arc::new(with_fetching().await), FakeSite::start().await);
    let signer = Arc::new(Signer::new(KeyKind::P256, "a"));
    site.serve_json("/jwks", &signer.jwks());
    let silent = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut waiting = tokio::task::JoinSet::new();
    for path in 0..40 {
        let client = register(&app, &format!("http://127.0.0.2:{port}/{path}")).await;
        let (app, signer) = (Arc::clone(&app), Arc::clone(&signer));
        waiting.spawn(async move { present(&app, &client, &signer).await });
    }
    for _ in 0..36 {
        let refused = waiting.join_next().await.unwrap().unwrap();
        assert!(refused.body.contains("too much else is being fetched"), "{refused}");
    }
    let other = register(&app, site.url("/jwks").as_str()).await;
    present(&app, &other, &signer).await.ok();
}

/// Keycloak's RHSA-2026:6477, Zitadel's CVE-2026-27945.
#[tokio::test]
async fn nothing_beside_us_is_ever_asked() {
    let app = TestApp::new().await;
    let site = FakeSite::start().await;
    let signer = Signer::new(KeyKind::P256, "a");
    site.serve_json("/jwks", &signer.jwks());
    let port = site.url("/").port().unwrap();
    for host in
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "169.254.169.254"]
    {
        for scheme in ["https", "http"] {
            let uri = format!("{scheme}://{host}:{port}/jwks");
            let client = register(&app, &uri).await;
            let answer = present(&app, &client, &signer).await;
            assert_eq!(answer.refusal(), refused(401, "invalid_client"), "{uri}");
            assert!(
                answer.body.contains("public address") || answer.body.contains("https address"),
                "{uri}: {answer}"
            );
        }
    }
    assert_eq!(site.hits("/jwks"), 0);
}
