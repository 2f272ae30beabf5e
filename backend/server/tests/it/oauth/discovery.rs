//! What clients learn before they begin: metadata, keys, WebFinger.

use insta::assert_snapshot;
use testkit::TestApp;

#[tokio::test]
async fn the_metadata_says_what_works() {
    let app = TestApp::new().await;
    let answer = app.anonymous().get("/.well-known/openid-configuration").await.ok();
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_snapshot!(format!("{:#}", answer.json()), @r#"
    {
      "account_management_actions_supported": [
        "org.matrix.profile",
        "org.matrix.devices_list",
        "org.matrix.device_view",
        "org.matrix.device_delete",
        "org.matrix.cross_signing_reset",
        "org.matrix.account_deactivate",
        "org.matrix.sessions_list",
        "org.matrix.session_view",
        "org.matrix.session_end"
      ],
      "account_management_uri": "https://auth.example.com/account/",
      "acr_values_supported": [
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
      ],
      "authorization_endpoint": "https://auth.example.com/authorize",
      "authorization_response_iss_parameter_supported": true,
      "claim_types_supported": [
        "normal"
      ],
      "claims_parameter_supported": true,
      "claims_supported": [
        "iss",
        "sub",
        "aud",
        "iat",
        "exp",
        "nonce",
        "auth_time",
        "acr",
        "amr",
        "sid",
        "at_hash",
        "c_hash",
        "username",
        "preferred_username",
        "name",
        "email",
        "email_verified"
      ],
      "code_challenge_methods_supported": [
        "plain",
        "S256"
      ],
      "device_authorization_endpoint": "https://auth.example.com/oauth2/device",
      "display_values_supported": [
        "page"
      ],
      "end_session_endpoint": "https://auth.example.com/oauth2/end_session",
      "grant_types_supported": [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:device_code"
      ],
      "id_token_signing_alg_values_supported": [
        "RS256",
        "RS384",
        "RS512",
        "ES256",
        "PS256",
        "PS384",
        "PS512"
      ],
      "introspection_endpoint": "https://auth.example.com/oauth2/introspect",
      "introspection_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt"
      ],
      "introspection_endpoint_auth_signing_alg_values_supported": [
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "ES256",
        "ES384",
        "ES512",
        "PS256",
        "PS384",
        "PS512",
        "EdDSA",
        "ES256K"
      ],
      "issuer": "https://auth.example.com/",
      "jwks_uri": "https://auth.example.com/oauth2/keys.json",
      "org.matrix.matrix-authentication-service.graphql_endpoint": "https://auth.example.com/graphql",
      "prompt_values_supported": [
        "none",
        "login",
        "consent",
        "select_account"
      ],
      "registration_endpoint": "https://auth.example.com/oauth2/registration",
      "request_parameter_supported": false,
      "request_uri_parameter_supported": false,
      "response_modes_supported": [
        "form_post",
        "query",
        "fragment"
      ],
      "response_types_supported": [
        "code"
      ],
      "revocation_endpoint": "https://auth.example.com/oauth2/revoke",
      "revocation_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "none"
      ],
      "revocation_endpoint_auth_signing_alg_values_supported": [
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "ES256",
        "ES384",
        "ES512",
        "PS256",
        "PS384",
        "PS512",
        "EdDSA",
        "ES256K"
      ],
      "scopes_supported": [
        "openid",
        "email",
        "profile"
      ],
      "subject_types_supported": [
        "public"
      ],
      "token_endpoint": "https://auth.example.com/oauth2/token",
      "token_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "none"
      ],
      "token_endpoint_auth_signing_alg_values_supported": [
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "ES256",
        "ES384",
        "ES512",
        "PS256",
        "PS384",
        "PS512",
        "EdDSA",
        "ES256K"
      ],
      "ui_locales_supported": [
        "ar",
        "de",
        "en",
        "es",
        "fr"
      ],
      "userinfo_endpoint": "https://auth.example.com/oauth2/userinfo",
      "userinfo_signing_alg_values_supported": [
        "RS256",
        "RS384",
        "RS512",
        "ES256",
        "PS256",
        "PS384",
        "PS512"
      ]
    }
    "#);
}

/// RFC 8414 §3: the same under its own name.
#[tokio::test]
async fn both_well_known_names_give_the_same_document() {
    let app = TestApp::new().await;
    let openid = app.anonymous().get("/.well-known/openid-configuration").await.ok();
    let oauth = app.anonymous().get("/.well-known/oauth-authorization-server").await.ok();
    assert_eq!(openid.body, oauth.body);
    assert_eq!(oauth.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn who_has_the_document_is_told_so() {
    let app = TestApp::new().await;
    for path in
        ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth2/keys.json"]
    {
        let ask = async |tag: &str| app.anonymous().get(path).header("if-none-match", tag).await;
        let first = ask("\"other\"").await.ok();
        assert_eq!(first.header("cache-control"), "public, max-age=300", "{path}");
        assert_eq!(first.header("content-type"), "application/json", "{path}");
        let tag = first.header("etag");
        assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
        for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let again = ask(&known).await;
            assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""), "{path} {known}");
            assert_eq!(again.header("etag"), tag);
        }
    }
}

#[tokio::test]
async fn addresses_come_from_the_configuration_and_never_from_the_request() {
    let app = TestApp::new().await;
    let plain = app.anonymous().get("/.well-known/openid-configuration").await;
    let request = app.anonymous().get("/.well-known/openid-configuration");
    let spoofed =
        request.header("x-forwarded-host", "evil.example").header("forwarded", "host=evil.example").await;
    assert_eq!(spoofed.body, plain.body);
}

#[tokio::test]
async fn the_keys_are_public_and_nothing_else() {
    let app = TestApp::new().await;
    let mut keys = app.anonymous().get("/oauth2/keys.json").await.ok().json();
    for key in keys["keys"].as_array_mut().unwrap() {
        for number in ["n", "x", "y"] {
            if let Some(value) = key.get_mut(number) {
                *value = "…".into(); // each test process makes its own
            }
        }
    }
    assert_snapshot!(format!("{keys:#}"), @r#"
    {
      "keys": [
        {
          "e": "AQAB",
          "kid": "rsa",
          "kty": "RSA",
          "n": "…",
          "use": "sig"
        },
        {
          "crv": "P-256",
          "kid": "p256",
          "kty": "EC",
          "use": "sig",
          "x": "…",
          "y": "…"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn webfinger_names_the_issuer() {
    let app = TestApp::new().await;
    let ask = async |query: &str| app.anonymous().get(&format!("/.well-known/webfinger{query}")).await;
    let relation = "http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer";
    let found = ask(&format!("?resource=acct%3Aalice%40example.com&rel={relation}")).await;
    assert_eq!(found.header("content-type"), "application/jrd+json");
    assert_snapshot!(found, @r#"200 {"links":[{"href":"https://auth.example.com/","rel":"http://openid.net/specs/connect/1.0/issuer"}],"subject":"acct:alice@example.com"}"#);
    assert_snapshot!(ask("?resource=acct%3Aalice%40example.com&rel=other").await, @r#"200 {"links":[],"subject":"acct:alice@example.com"}"#);
    assert_eq!(ask("").await.status.as_u16(), 400);
}

#[tokio::test]
async fn any_origin_may_call_and_preflights_are_answered() {
    let app = TestApp::new().await;
    for path in
        ["/.well-known/openid-configuration", "/oauth2/token", "/oauth2/registration", "/oauth2/userinfo"]
    {
        let preflight = app.anonymous().request(http::Method::OPTIONS, path);
        let preflight = preflight
            .header("origin", "https://app.example.org")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type")
            .await;
        assert_eq!(preflight.status.as_u16(), 200, "{path}");
        assert_eq!(preflight.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(preflight.header("access-control-allow-credentials"), "", "{path}");
        assert!(preflight.header("access-control-allow-headers").contains("authorization"), "{path}");
    }
}
