//! `oidcc-basic-certification-test-plan`: the code flow. What is about `prompt`, `max_age`, hints and `claims` is in
//! `oauth/demands.rs`.

use std::time::Duration;

use testkit::{ClientKind::*, Credentials};
use url::Url;

use super::Plan;
use crate::oauth::refused;

/// `oidcc-server`, `oidcc-server-client-secret-post`
#[tokio::test]
async fn the_code_flow_gives_an_id_token_for_this_client() {
    for kind in [Basic, Post, Public] {
        let mut plan = Plan::new(kind).await;
        let tokens = if kind == Public {
            let request = plan.app.authorization(&plan.client).with("scope", "openid");
            let code = request.through(&mut plan.browser, "alice").await;
            plan.client.exchange(&code).await.tokens()
        } else {
            plan.tokens(&[]).await
        };
        let claims = plan.claims(&tokens);
        let now = plan.app.now().as_secs();
        assert_eq!(claims["iss"], "https://auth.example.com/");
        assert_eq!(claims["aud"], plan.client.id);
        assert_eq!(claims["nonce"], "a-nonce");
        assert!(claims["sub"].as_str().is_some_and(|sub| (1..=255).contains(&sub.len())), "{claims}");
        assert_eq!(claims["iat"], now);
        assert!(claims["exp"].as_i64().is_some_and(|exp| exp > now), "{claims}");
        assert!(claims["at_hash"].is_string(), "{claims}");
        assert_eq!(tokens.token_type.to_lowercase(), "bearer");
    }
}

/// `oidcc-response-type-missing`
#[tokio::test]
async fn without_a_response_type_the_client_is_told() {
    let mut plan = Plan::new(Basic).await;
    assert_eq!(plan.error(&[("response_type", "")]).await, "invalid_request");
    for unknown in ["token", "id_token", "code id_token", "code token", "none", "nonsense"] {
        assert_eq!(plan.error(&[("response_type", unknown)]).await, "unsupported_response_type", "{unknown}");
    }
}

/// `oidcc-ensure-request-without-nonce-succeeds-for-code-flow`
#[tokio::test]
async fn a_nonce_comes_back_and_is_not_needed() {
    let mut plan = Plan::new(Basic).await;
    let without = plan.tokens(&[("nonce", "")]).await;
    assert_eq!(plan.claims(&without).get("nonce"), None);
    let odd = "n-0S6_WzA2Mj \"<&é";
    let with = plan.tokens(&[("nonce", odd)]).await;
    assert_eq!(plan.claims(&with)["nonce"], odd);
}

/// `oidcc-userinfo-get`, `oidcc-userinfo-post-header`, `oidcc-userinfo-post-body`
#[tokio::test]
async fn userinfo_is_given_in_all_three_ways() {
    let mut plan = Plan::new(Basic).await;
    let tokens = plan.tokens(&[]).await;
    let sub = plan.claims(&tokens)["sub"].clone();
    let bearer = plan.app.caller(Credentials::Bearer(tokens.access_token.clone()));
    let path = "/oauth2/userinfo";
    let in_body = [("access_token", tokens.access_token.as_str())];
    for answer in
        [bearer.get(path).await, bearer.post(path).await, plan.app.anonymous().post(path).form(in_body).await]
    {
        assert_eq!(answer.ok().json()["sub"], sub);
    }
}

/// `oidcc-scope-profile`, `oidcc-scope-email`, `oidcc-ensure-other-scope-order-succeeds`; `address` and `phone` are not
/// in `scopes_supported`.
#[tokio::test]
async fn scopes_are_granted_in_any_order_and_tell_what_they_stand_for() {
    let mut plan = Plan::new(Basic).await;
    let metadata = plan.app.anonymous().get("/.well-known/openid-configuration").await.json();
    for scope in ["openid", "email", "profile"] {
        assert!(metadata["scopes_supported"].as_array().unwrap().contains(&scope.into()), "{scope}");
    }
    for scope in ["openid email profile", "profile openid email", "email profile openid"] {
        let tokens = plan.tokens(&[("scope", scope)]).await;
        assert_eq!(tokens.scope.as_deref(), Some("email openid profile"));
        let told = plan.client.userinfo(&tokens).await.ok().json();
        assert_eq!(told["preferred_username"], "alice", "{told}");
        assert_eq!(told["sub"], plan.claims(&tokens)["sub"]);
    }
    let little = plan.tokens(&[]).await;
    let told = plan.client.userinfo(&little).await.ok().json();
    assert_eq!(told.get("preferred_username"), None, "{told}");
}

/// `oidcc-display-page`, `oidcc-display-popup`, `oidcc-ui-locales`, `oidcc-claims-locales`,
/// `oidcc-ensure-request-with-acr-values-succeeds`, `oidcc-ensure-request-with-unknown-parameter-succeeds`
#[tokio::test]
async fn wishes_that_cannot_be_met_harm_nobody() {
    let mut plan = Plan::new(Basic).await;
    for wish in [
        ("display", "page"),
        ("display", "popup"),
        ("ui_locales", "se tlh"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("extra", "foobar"),
    ] {
        let tokens = plan.tokens(&[wish]).await;
        assert_eq!(plan.claims(&tokens)["aud"], plan.client.id, "{wish:?}");
    }
}

/// `oidcc-ensure-post-request-succeeds`
#[tokio::test]
async fn the_request_may_be_a_form() {
    let mut plan = Plan::new(Basic).await;
    let path = plan.path(&[("state", "a b&c=d<é")]);
    let url = Url::parse("https://auth.example.com/").unwrap().join(&path).unwrap();
    let fields: Vec<_> = url.query_pairs().into_owned().collect();
    let form = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let answer = plan.app.anonymous().post("/authorize").form(form).await;
    // Another site's form comes without our cookies, so nothing may be decided before the browser asks again by itself.
    assert_eq!(answer.status.as_u16(), 303);
    let told = plan.through(answer.header("location")).await.parameters();
    assert_eq!(told["state"], "a b&c=d<é");
    assert!(told.contains_key("code"), "{told:?}");

    let twice = plan.app.anonymous().post("/authorize").form([("state", "a"), ("state", "b")]).await;
    let page = plan.browser.get(twice.header("location")).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (400, ""));
}

/// `oidcc-codereuse`, `oidcc-codereuse-30seconds`
#[tokio::test]
async fn a_code_is_good_once_and_later_reuse_takes_back_what_it_gave() {
    let mut plan = Plan::new(Basic).await;
    let code = plan.code(&[]).await;
    let tokens = plan.client.exchange(&code).await.tokens();
    assert_eq!(plan.client.exchange(&code).await.refusal(), refused(400, "invalid_grant"));
    plan.app.clock.advance(Duration::from_secs(30));
    assert_eq!(plan.client.exchange(&code).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(plan.client.userinfo(&tokens).await.status.as_u16(), 401);
    assert_eq!(plan.client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));
}

/// `oidcc-ensure-registered-redirect-uri`: the person is told, and nobody is sent there.
#[tokio::test]
async fn an_address_that_is_not_registered_is_never_gone_to() {
    let mut plan = Plan::new(Basic).await;
    for other in ["https://app.example.org/callback/other", "https://evil.example/callback"] {
        let page = plan.answer(&[("redirect_uri", other)]).await;
        assert_eq!((page.status.as_u16(), page.header("location")), (400, ""), "{other}");
        assert!(page.header("content-type").starts_with("text/html"), "{other}");
    }
}

/// `oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported`,
/// `oidcc-ensure-request-object-with-redirect-uri`
#[tokio::test]
async fn request_objects_are_refused_as_unsupported() {
    let mut plan = Plan::new(Basic).await;
    let unsigned = "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZS8ifQ.";
    assert_eq!(plan.error(&[("request", unsigned)]).await, "request_not_supported");
    let uri = "https://app.example.org/request.jwt";
    assert_eq!(plan.error(&[("request_uri", uri)]).await, "request_uri_not_supported");
}

/// `oidcc-refresh-token`
#[tokio::test]
async fn a_refresh_gives_new_tokens_for_the_same_person_and_client_only() {
    let mut plan = Plan::new(Basic).await;
    let first = plan.tokens(&[]).await;
    let second = plan.client.refresh(&first).await.tokens();
    assert_ne!(second.access_token, first.access_token);
    let told = plan.client.userinfo(&second).await.ok().json();
    assert_eq!(told["sub"], plan.claims(&first)["sub"]);
    let other = plan.app.client(Basic).await;
    assert_eq!(other.refresh(&second).await.refusal(), refused(400, "invalid_grant"));
}

/// `oidcc-ensure-request-with-valid-pkce-succeeds`
#[tokio::test]
async fn clients_with_a_secret_may_use_pkce_too() {
    let mut plan = Plan::new(Basic).await;
    let request = plan.app.authorization(&plan.client).with("scope", "openid");
    let code = request.through(&mut plan.browser, "alice").await;
    assert!(code.verifier.is_some());
    plan.client.exchange(&code).await.ok();
}
