use serde_json::json;

use super::*;

fn read(document: Value) -> Result<ClientMetadata, String> {
    parse(document.to_string().as_bytes()).map_err(|error| error.to_string())
}

fn refusal(document: Value) -> String {
    read(document).unwrap_err()
}

#[test]
fn every_member_survives_a_round_trip_and_the_rest_is_dropped() {
    let mut document = json!({
        "redirect_uris": ["https://app.example.com/cb"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "application_type": "web",
        "contacts": ["admin@example.com"],
        "jwks_uri": "https://example.com/jwks",
        "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]},
        "software_id": "id",
        "software_version": "1",
        "sector_identifier_uri": "https://example.com/sector",
        "subject_type": "public",
        "token_endpoint_auth_method": "none",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "RS256",
        "id_token_encrypted_response_alg": "RSA-OAEP",
        "id_token_encrypted_response_enc": "A128GCM",
        "userinfo_signed_response_alg": "RS256",
        "userinfo_encrypted_response_alg": "RSA-OAEP",
        "userinfo_encrypted_response_enc": "A128GCM",
        "request_object_signing_alg": "RS256",
        "request_object_encryption_alg": "RSA-OAEP",
        "request_object_encryption_enc": "A128GCM",
        "default_max_age": 3600,
        "require_auth_time": true,
        "default_acr_values": ["1"],
        "initiate_login_uri": "https://example.com/login",
        "request_uris": ["https://example.com/request"],
        "require_signed_request_object": false,
        "require_pushed_authorization_requests": false,
        "introspection_signed_response_alg": "RS256",
        "introspection_encrypted_response_alg": "RSA-OAEP",
        "introspection_encrypted_response_enc": "A128GCM",
        "post_logout_redirect_uris": ["https://example.com/bye"],
        "client_name": "Example",
        "client_name#fr": "Exemple",
        "logo_uri": "https://example.com/logo",
        "client_uri": "https://example.com/",
        "client_uri#pt-BR": "https://example.com/br",
        "policy_uri": "https://example.com/policy",
        "tos_uri": "https://example.com/tos"
    });
    let known = document.clone();
    document["client_secret"] = json!("nice try");
    document["scope"] = json!("openid");
    document["client_namesake#fr"] = json!(7);

    let metadata = read(document).unwrap();
    let stored = serde_json::to_value(&metadata).unwrap();
    assert_eq!(stored, known);
    assert_eq!(serde_json::from_value::<ClientMetadata>(stored).unwrap(), metadata);
}

#[test]
fn the_canonical_form_is_sorted_compact_and_normalised() {
    let metadata = read(json!({
        "tos_uri": "https://example.com",
        "client_name#FR-ca": "Truc", "client_name": "Thing", "client_name#de": "Ding",
        "grant_types": ["x:y", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token", "implicit", "authorization_code"],
        "response_types": ["token id_token code", "code"],
        "redirect_uris": ["https://B.example.com:443", "https://a.example.com/"],
        "contacts": null,
    }))
    .unwrap();
    assert_eq!(
        serde_json::to_string(&metadata).unwrap(),
        concat!(
            r#"{"redirect_uris":["https://a.example.com/","https://b.example.com/"],"#,
            r#""response_types":["code","code id_token token"],"#,
            r#""grant_types":["authorization_code","refresh_token","implicit","#,
            r#""urn:ietf:params:oauth:grant-type:device_code","x:y"],"#,
            r#""client_name":"Thing","client_name#de":"Ding","client_name#fr-CA":"Truc","#,
            r#""tos_uri":"https://example.com/"}"#
        )
    );
}

#[test]
fn the_digest_is_the_hash_of_the_canonical_form() {
    // printf '%s' '{"redirect_uris":["https://a.example/cb"],"token_endpoint_auth_method":"none"}' | sha256sum
    let expected = "2c48285bc1aa388d99a3ae37f39e7c747747d517a2daeb5dc9bc8d42db67c04b";
    let one = json!({"redirect_uris": ["https://a.example/cb"], "token_endpoint_auth_method": "none"});
    let same = json!({"scope": "x", "token_endpoint_auth_method": "none", "redirect_uris": ["HTTPS://A.example/cb"]});
    let other = json!({"redirect_uris": ["https://a.example/cb"], "token_endpoint_auth_method": "none", "contacts": []});
    assert_eq!(read(one).unwrap().digest(), expected);
    assert_eq!(read(same).unwrap().digest(), expected);
    assert_ne!(read(other).unwrap().digest(), expected);
}

#[test]
fn the_order_of_members_in_a_key_does_not_change_the_digest() {
    let digest =
        |keys: &str| parse(format!(r#"{{"jwks":{{"keys":[{keys}]}}}}"#).as_bytes()).unwrap().digest();
    assert_eq!(digest(r#"{"kty":"EC","crv":"P-256"}"#), digest(r#"{"crv":"P-256","kty":"EC"}"#));
}

#[test]
fn a_body_that_is_not_json_is_no_request() {
    for body in ["", "{", "redirect_uris=x", "{\"a\":1} trailing"] {
        assert_eq!(parse(body.as_bytes()).unwrap_err().code, Code::InvalidRequest, "{body}");
    }
    assert_eq!(parse(b"[]").unwrap_err().code, Code::InvalidClientMetadata);
}

#[test]
fn a_wrong_member_is_named_with_its_value_and_a_remedy() {
    assert_eq!(
        refusal(json!({"redirect_uris": ["https://a.example/", "callback"]})),
        "invalid_client_metadata: `redirect_uris` must be a list of absolute URIs, such as \
         [`https://app.example.com/callback`]: relative URL without a base: \"callback\"",
    );
    assert!(
        refusal(json!({"redirect_uris": "https://a.example/"})).contains("must be a list of absolute URIs")
    );
    assert!(refusal(json!({"client_name": 1})).contains("`client_name` must be a string"));
    assert!(refusal(json!({"client_name": "x", "client_name#fr": 1})).contains("`client_name#fr` must be"));
    assert!(refusal(json!({"default_max_age": -1})).contains("`default_max_age` must be a whole number"));
    assert!(
        refusal(json!({"require_auth_time": "yes"})).contains("`require_auth_time` must be true or false")
    );
    assert!(refusal(json!({"response_types": [" "]})).contains("a response type is empty"));
    assert!(refusal(json!({"jwks": {"kty": "EC"}})).contains("`keys` is missing"));
    assert!(refusal(json!({"jwks": {"keys": [{"crv": "P-256"}]}})).contains("a key has no `kty`"));
}

#[test]
fn translations_need_a_language_and_an_original() {
    assert!(refusal(json!({"client_name": "x", "client_name#f r": "y"})).contains("BCP 47"));
    assert!(refusal(json!({"client_name#fr": "y"})).contains("add `client_name` without a language"));
}

#[test]
fn a_client_without_a_method_gets_a_secret_and_a_public_one_does_not() {
    let needs_secret =
        |method: Value| read(json!({"token_endpoint_auth_method": method})).unwrap().needs_secret();
    for method in
        [json!(null), json!("client_secret_basic"), json!("client_secret_post"), json!("client_secret_jwt")]
    {
        assert!(needs_secret(method.clone()), "{method}");
    }
    for method in ["none", "private_key_jwt"] {
        assert!(!needs_secret(json!(method)), "{method}");
    }
}

#[test]
fn only_offered_grants_are_remembered() {
    let granted = |grants: Value| {
        serde_json::to_value(read(json!({"grant_types": grants})).unwrap().granted()).unwrap()
    };
    assert_eq!(granted(json!(null)), json!(["authorization_code"]));
    assert_eq!(granted(json!([])), json!([]));
    assert_eq!(
        granted(json!(["password", "implicit", "client_credentials", "refresh_token", "a:b"])),
        json!(["refresh_token", "client_credentials"]),
    );
}

#[test]
fn the_device_grant_can_be_switched_off() {
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let metadata = read(json!({"grant_types": [device]})).unwrap();
    assert_eq!(metadata.granted(), [GrantType::DeviceCode]);
    assert_eq!(metadata.clone().without_device_grant().grant_types, Some(vec![]));
    assert_eq!(read(json!({})).unwrap().without_device_grant().grant_types, None);
}
