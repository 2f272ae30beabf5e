//! No address that a client supplies is ever asked for anything (Keycloak's RHSA-2026:6477, Zitadel's CVE-2026-27945).

use std::{
    io::ErrorKind,
    net::{TcpListener, TcpStream},
};

use kernel::jose::{Algorithm, KeyKind};
use serde_json::json;
use testkit::{ClientKind::*, PASSWORD, Signer, TestApp};

use super::{is_active, signed_in};

/// The one reason for which a client's address is asked: and this one is not public.
async fn prove_by_key(app: &TestApp, document: &serde_json::Value) {
    let mut document = document.clone();
    document["token_endpoint_auth_method"] = "private_key_jwt".into();
    let id = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    let id = id["client_id"].as_str().unwrap();
    let claims = json!({
        "iss": id, "sub": id, "aud": "https://auth.example.com/", "exp": app.now().as_secs() + 60, "jti": "1",
    });
    let assertion = Signer::new(KeyKind::P256, "a").sign(Algorithm::Es256, &claims);
    let form = [
        ("grant_type", "refresh_token"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ];
    let answer = app.anonymous().post("/oauth2/token").form(form).await;
    assert_eq!(answer.refusal(), crate::oauth::refused(401, "invalid_client"));
    assert!(answer.body.contains("does not lead to a public address"), "{answer}");
}

#[tokio::test]
async fn addresses_in_a_clients_metadata_are_not_fetched() {
    let bait = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    bait.set_nonblocking(true).unwrap();
    let at = bait.local_addr().unwrap();
    // The policy keeps such addresses out; this operator has switched that off.
    let app = TestApp::with(|settings| {
        settings.policy =
            json!({ "client_registration": { "allow_insecure_uris": true, "allow_host_mismatch": true } });
    })
    .await;
    app.user_with_password("alice", PASSWORD).await;
    let address = |name: &str| format!("https://{at}/{name}");
    let document = json!({
        "client_name": "App", "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none",
        "client_uri": address("home"), "logo_uri": address("logo"), "tos_uri": address("tos"),
        "policy_uri": address("policy"), "jwks_uri": address("jwks"), "sector_identifier_uri": address("sector"),
        "initiate_login_uri": address("login"), "redirect_uris": [testkit::REDIRECT_URI, address("callback")],
        "request_uris": [address("request")], "backchannel_logout_uri": address("logout"),
        "post_logout_redirect_uris": [address("post")],
    });
    let registered = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    let id = registered["client_id"].as_str().unwrap();
    let client = app.client_as(Public, id, "");

    let mut browser = signed_in(&app, "alice").await;
    let code = app.authorization(&client).through(&mut browser, "alice").await;
    let tokens = client.exchange(&code).await.tokens();
    let tokens = client.refresh(&tokens).await.tokens();
    client.userinfo(&tokens).await.ok();
    assert!(is_active(&app, &tokens.access_token).await);
    let by_reference = app.authorization(&client).with("request_uri", &address("request"));
    assert_eq!(browser.get(&by_reference.path()).await.parameters()["error"], "request_uri_not_supported");
    prove_by_key(&app, &document).await;
    client.revoke(&tokens.access_token).await.ok();
    app.run_jobs().await;

    let nobody = bait.accept().expect_err("nobody came");
    assert_eq!(nobody.kind(), ErrorKind::WouldBlock);
    let _visitor = TcpStream::connect(at).unwrap();
    bait.accept().expect("who comes is noticed");
}
