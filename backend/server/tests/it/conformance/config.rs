//! `oidcc-config-certification-test-plan`: what the provider says about itself (OpenID Connect Discovery §3, §4). That it is so
//! is shown in `advertised.rs`.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use testkit::TestApp;
use url::Url;

async fn metadata(app: &TestApp) -> Value {
    let answer = app.anonymous().get("/.well-known/openid-configuration").await.ok();
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

fn list<'a>(metadata: &'a Value, name: &str) -> Vec<&'a str> {
    let list = metadata[name].as_array().unwrap_or_else(|| panic!("{name} is no list"));
    list.iter().map(|value| value.as_str().unwrap()).collect()
}

/// `oidcc-discovery-endpoint-verification`
#[tokio::test]
async fn everything_that_is_required_is_said() {
    let app = TestApp::new().await;
    let metadata = metadata(&app).await;
    let issuer = metadata["issuer"].as_str().unwrap();
    let parsed = Url::parse(issuer).unwrap();
    assert_eq!((parsed.scheme(), parsed.query(), parsed.fragment()), ("https", None, None));
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "registration_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "end_session_endpoint",
    ] {
        let url = metadata[endpoint].as_str().unwrap_or_else(|| panic!("{endpoint} is missing"));
        assert!(url.starts_with(issuer), "{endpoint}: {url}");
        assert_eq!(Url::parse(url).unwrap().fragment(), None, "{endpoint}");
    }
    assert!(list(&metadata, "scopes_supported").contains(&"openid"));
    assert!(list(&metadata, "response_types_supported").contains(&"code"));
    assert!(list(&metadata, "id_token_signing_alg_values_supported").contains(&"RS256"));
    assert!(!list(&metadata, "id_token_signing_alg_values_supported").contains(&"none"));
    assert_eq!(list(&metadata, "subject_types_supported"), ["public"]);
    assert!(list(&metadata, "claims_supported").contains(&"sub"));
    assert!(list(&metadata, "code_challenge_methods_supported").contains(&"S256"), "RFC 8414 §2");
    for flag in ["claims_parameter_supported", "request_parameter_supported"] {
        assert!(metadata[flag].is_boolean(), "{flag}");
    }
    assert_eq!(metadata["request_uri_parameter_supported"], false, "it counts as true when it is missing");
    assert!(metadata.as_object().unwrap().values().all(|value| !value.is_null()), "{metadata}");
}

/// `oidcc-discovery-endpoint-verification`: the keys (RFC 7517 §4).
#[tokio::test]
async fn the_keys_are_distinct_complete_and_public() {
    let app = TestApp::new().await;
    let keys = app.anonymous().get("/oauth2/keys.json").await.ok().json();
    let keys = keys["keys"].as_array().unwrap();
    let mut names = BTreeSet::new();
    for key in keys {
        assert!(names.insert(key["kid"].as_str().unwrap()), "two keys of one name: {key}");
        assert_eq!(key["use"], "sig", "{key}");
        let length = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap().len();
        match key["kty"].as_str().unwrap() {
            "RSA" => assert!(length("n") >= 256 && length("e") >= 1, "{key}"),
            "EC" => assert_eq!((length("x"), length("y")), (32, 32), "{key}"),
            "OKP" => assert_eq!(length("x"), 32, "{key}"),
            other => panic!("{other}"),
        }
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert_eq!(key.get(private), None, "{private} is nobody else's");
        }
    }
    assert!(keys.iter().any(|key| key["kty"] == "RSA"), "RS256 has a key");
}
