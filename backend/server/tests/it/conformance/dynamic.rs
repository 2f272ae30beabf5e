//! `oidcc-dynamic-certification-test-plan`: clients that introduce themselves (OpenID Connect Dynamic Client
//! Registration). Keys that change are in `oauth/jwks_uri.rs` and `oauth/signing_keys.rs`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::jose::{Jws, KeyKind, PublicKeys, Verdict};
use serde_json::{Value, json};
use testkit::{ClientKind, PASSWORD, Signer, TestApp};

use super::{Plan, register};
use crate::oauth::refused;

/// `oidcc-redirect-uri-query-OK`, `-mismatch`, `-added`
#[tokio::test]
async fn the_query_is_part_of_a_redirect_uri() {
    let with_query = "https://app.example.org/callback?foo=bar";
    let mut plan = Plan::registered(json!({ "redirect_uris": [with_query] })).await;
    let answer = plan.answer(&[("redirect_uri", with_query)]).await;
    let told = answer.parameters();
    assert_eq!(told["foo"], "bar", "it is kept: {told:?}");
    plan.tokens(&[("redirect_uri", with_query)]).await;
    for other in [
        "https://app.example.org/callback",
        "https://app.example.org/callback?foo=other",
        "https://app.example.org/callback?foo=bar&more=1",
    ] {
        let page = plan.answer(&[("redirect_uri", other)]).await;
        assert_eq!((page.status.as_u16(), page.header("location")), (400, ""), "{other}");
    }
    let mut plain = Plan::registered(json!({})).await;
    let page = plain.answer(&[("redirect_uri", with_query)]).await;
    assert_eq!(page.status.as_u16(), 400, "a query that was added");
}

/// `oidcc-redirect-uri-regfrag`
#[tokio::test]
async fn a_redirect_uri_has_no_fragment() {
    let app = TestApp::new().await;
    let answer =
        register(&app, json!({ "redirect_uris": ["https://app.example.org/callback#foo=bar"] })).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_redirect_uri"));
}

/// `oidcc-ensure-redirect-uri-in-authorization-request`
#[tokio::test]
async fn who_has_several_addresses_says_which() {
    let both = json!({ "redirect_uris": ["https://app.example.org/a", "https://app.example.org/b"] });
    let mut plan = Plan::registered(both).await;
    assert_eq!(plan.answer(&[("redirect_uri", "")]).await.status.as_u16(), 400);
    plan.tokens(&[("redirect_uri", "https://app.example.org/b")]).await;
}

/// `oidcc-registration-logo-uri`, `-policy-uri`, `-tos-uri`: they are kept, and nothing is loaded from them into a page.
#[tokio::test]
async fn the_clients_links_are_kept_and_shown_and_not_loaded() {
    let links = json!({
        "policy_uri": "https://app.example.org/privacy",
        "tos_uri": "https://app.example.org/terms",
        "logo_uri": "https://app.example.org/logo.png",
    });
    let mut plan = Plan::new(ClientKind::Basic).await;
    let answer = register(&plan.app, links.clone()).await.ok().json();
    for (name, value) in links.as_object().unwrap() {
        assert_eq!(&answer[name], value);
    }
    let id = answer["client_id"].as_str().unwrap();
    let page = plan.browser.get(&plan.path(&[("client_id", id)])).await;
    let typed = [("username", "alice"), ("password", PASSWORD)];
    let page = plan.browser.submit(&page, "/login", &typed).await;
    assert!(page.has_form("/consent/"), "{page}");
    for shown in ["privacy", "terms"] {
        // Slashes are escaped in attributes.
        let link = format!("href=\"https:&#x2f;&#x2f;app.example.org&#x2f;{shown}\" rel=\"noreferrer\"");
        assert!(page.body.contains(&link), "{page}");
    }
    assert!(!page.body.contains("src=\"https://app.example.org"), "{page}");
}

/// `oidcc-idtoken-rs256` and its like, `oidcc-idtoken-unsigned`
#[tokio::test]
async fn the_client_chooses_how_its_id_tokens_are_signed() {
    for alg in ["RS256", "PS256", "ES256"] {
        let mut plan = Plan::registered(json!({ "id_token_signed_response_alg": alg })).await;
        let tokens = plan.tokens(&[]).await;
        let jws = tokens.id_token.unwrap();
        let keys = plan.app.anonymous().get("/oauth2/keys.json").await.ok().json();
        let read = Jws::parse(&jws).unwrap();
        assert_eq!(read.claimed.as_str(), alg);
        assert_eq!(PublicKeys::read(&keys).judge(&read), Verdict::Good, "{alg}");
    }
    let app = TestApp::new().await;
    for alg in ["none", "HS256", "XX999"] {
        let answer = register(&app, json!({ "id_token_signed_response_alg": alg })).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_client_metadata"), "{alg}");
    }
}

/// `oidcc-userinfo-rs256`
#[tokio::test]
async fn userinfo_is_signed_for_who_wants_it() {
    let mut plan = Plan::registered(json!({ "userinfo_signed_response_alg": "RS256" })).await;
    let tokens = plan.tokens(&[]).await;
    let answer = plan.client.userinfo(&tokens).await.ok();
    assert_eq!(answer.header("content-type"), "application/jwt");
    let told: Value = plan.app.parts().keys.verify(&answer.body).expect("it is signed by our key");
    assert_eq!(told["sub"], plan.claims(&tokens)["sub"]);
    assert_eq!((&told["iss"], &told["aud"]), (&json!("https://auth.example.com/"), &json!(plan.client.id)));
    let header = URL_SAFE_NO_PAD.decode(answer.body.split('.').next().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&header).unwrap()["alg"], "RS256");
}

/// `oidcc-registration-jwks`, `-jwks-uri`: one or the other.
#[tokio::test]
async fn keys_are_registered_by_value_or_by_address() {
    let app = TestApp::new().await;
    let jwks = Signer::new(KeyKind::P256, "a").jwks();
    let uri = "https://app.example.org/jwks.json";
    register(&app, json!({ "jwks": jwks })).await.ok();
    register(&app, json!({ "jwks_uri": uri })).await.ok();
    let both = register(&app, json!({ "jwks": jwks, "jwks_uri": uri })).await;
    assert_eq!(both.refusal(), refused(400, "invalid_client_metadata"));
}

/// `oidcc-registration-sector-uri`, `-sector-bad`: subjects are public here, and who asks for others is told.
#[tokio::test]
async fn pairwise_subjects_are_refused_and_public_ones_granted() {
    let app = TestApp::new().await;
    register(&app, json!({ "subject_type": "public" })).await.ok();
    let sector =
        json!({ "subject_type": "pairwise", "sector_identifier_uri": "https://app.example.org/sector" });
    assert_eq!(register(&app, sector).await.refusal(), refused(400, "invalid_client_metadata"));
    let bad = json!({ "sector_identifier_uri": "http://app.example.org/sector" });
    assert_eq!(register(&app, bad).await.refusal(), refused(400, "invalid_client_metadata"));
}

/// RFC 7591 §2: what is not understood is ignored, and what was made of the rest is said.
#[tokio::test]
async fn unknown_metadata_is_ignored() {
    let app = TestApp::new().await;
    let answer = register(&app, json!({ "frobnicate": { "deep": [1] }, "client_secret": "mine" })).await.ok();
    let told = answer.json();
    assert_eq!(told.get("frobnicate"), None);
    assert_ne!(told["client_secret"], "mine");
    assert_eq!(told["client_secret_expires_at"], 0);
    assert_eq!(answer.status.as_u16(), 201);
}
