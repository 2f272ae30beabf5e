use serde_json::{Value, json};

use super::super::{Code, parse};

/// The verdict on a public web client with these members added or, with `null`, taken away.
fn verdict(changes: Value) -> Result<(), super::RegistrationError> {
    let mut document = json!({
        "redirect_uris": ["https://app.example.com/cb"],
        "client_uri": "https://example.com/",
        "token_endpoint_auth_method": "none",
    });
    document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    parse(document.to_string().as_bytes()).unwrap().validate()
}

#[track_caller]
fn refused(code: Code, naming: &str, changes: Value) {
    let error = verdict(changes).unwrap_err();
    assert_eq!(error.code, code, "{error}");
    assert!(error.description.contains(naming), "{error}");
}

#[track_caller]
fn bad_metadata(naming: &str, changes: Value) {
    refused(Code::InvalidClientMetadata, naming, changes);
}

#[track_caller]
fn bad_redirect(naming: &str, changes: Value) {
    refused(Code::InvalidRedirectUri, naming, changes);
}

#[track_caller]
fn fine(changes: Value) {
    assert_eq!(verdict(changes), Ok(()));
}

#[test]
fn redirect_uris_have_no_fragment() {
    bad_redirect(
        "https://a.example/#x",
        json!({"redirect_uris": ["https://b.example/", "https://a.example/#x"]}),
    );
    bad_redirect("https://a.example/#", json!({"redirect_uris": ["https://a.example/#"]}));
}

#[test]
fn redirect_uris_are_there_when_people_come_back() {
    bad_redirect("`redirect_uris` is missing", json!({"redirect_uris": null}));
    bad_redirect("`redirect_uris` is missing", json!({"redirect_uris": null, "grant_types": ["implicit"]}));
    fine(json!({"redirect_uris": null, "grant_types": ["client_credentials"]}));
    fine(json!({"redirect_uris": null, "grant_types": []}));
}

#[test]
fn response_types_fit_the_grants() {
    fine(json!({}));
    fine(json!({"response_types": ["none", "anything"], "grant_types": []}));
    fine(json!({"response_types": ["code id_token"], "grant_types": ["authorization_code", "implicit"]}));
    bad_metadata("`code`", json!({"response_types": ["code"], "grant_types": ["refresh_token"]}));
    bad_metadata("`code`", json!({"grant_types": ["implicit"]})); // code is the default
    bad_metadata("`implicit`", json!({"response_types": ["id_token"]}));
    bad_metadata("`implicit`", json!({"response_types": ["id_token token"]}));
    bad_metadata("`implicit`", json!({"response_types": ["code token"]}));
    bad_metadata(
        "`authorization_code`",
        json!({"response_types": ["code token"], "grant_types": ["implicit"]}),
    );
}

#[test]
fn keys_are_given_once_and_where_needed() {
    let (jwks, jwks_uri) = (json!({"keys": []}), "https://example.com/jwks");
    bad_metadata("exclude each other", json!({"jwks": jwks, "jwks_uri": jwks_uri}));
    bad_metadata("there is no key", json!({"token_endpoint_auth_method": "private_key_jwt"}));
    let with_key = json!({
        "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256", "jwks": jwks,
    });
    fine(with_key);
    for secret in
        [json!({"kty": "EC", "d": "AA"}), json!({"kty": "oct", "k": "AA"}), json!({"kty": "RSA", "p": "AA"})]
    {
        bad_metadata("holds a private key", json!({"jwks": {"keys": [secret]}}));
    }
}

#[test]
fn algorithms_go_with_the_method_and_are_not_none() {
    bad_metadata("must not be none", json!({"token_endpoint_auth_signing_alg": "none"}));
    let jwks_uri = "https://example.com/jwks";
    for (method, good, bad) in
        [("client_secret_jwt", "HS256", "ES256"), ("private_key_jwt", "ES256", "HS256")]
    {
        let with = |alg: Value| {
            json!({
                "token_endpoint_auth_method": method, "jwks_uri": jwks_uri, "token_endpoint_auth_signing_alg": alg,
            })
        };
        fine(with(json!(good)));
        fine(with(json!(null)));
        bad_metadata(method, with(json!(bad)));
        bad_metadata(method, with(json!("ES1")));
    }
    bad_metadata(
        "id_token_signed_response_alg",
        json!({"response_types": ["id_token"], "grant_types": ["implicit"], "id_token_signed_response_alg": "none"}),
    );
    fine(json!({"id_token_signed_response_alg": "none"}));
}

#[test]
fn encryption_names_both_halves() {
    for name in [
        "id_token_encrypted_response",
        "userinfo_encrypted_response",
        "request_object_encryption",
        "introspection_encrypted_response",
    ] {
        let (alg, enc) = (format!("{name}_alg"), format!("{name}_enc"));
        bad_metadata(&alg, json!({&enc: "A128GCM"}));
        fine(json!({&enc: "A128GCM", &alg: "RSA-OAEP"}));
        fine(json!({&alg: "RSA-OAEP"}));
    }
}

#[test]
fn some_uris_are_https() {
    for name in ["sector_identifier_uri", "initiate_login_uri"] {
        bad_metadata(name, json!({name: "http://example.com/x"}));
        fine(json!({name: "https://example.com/x"}));
    }
}

#[test]
fn an_unusable_method_is_refused_and_an_omitted_one_is_not() {
    bad_metadata("tls_client_auth", json!({"token_endpoint_auth_method": "tls_client_auth"}));
    fine(json!({"token_endpoint_auth_method": null}));
}

#[test]
fn nothing_that_runs_in_a_page_is_a_link() {
    bad_redirect("javascript", json!({"redirect_uris": ["javascript:alert(1)"]}));
    bad_redirect("data", json!({"redirect_uris": ["DATA:text/html,x"]}));
    bad_metadata("tos_uri", json!({"tos_uri": "https://example.com/", "tos_uri#fr": "javascript:alert(1)"}));
}

#[test]
fn public_suffixes_are_no_hosts_of_a_client() {
    for host in ["com", "co.uk", "github.io", ".com", "com.", ".com.", "xn--55qx5d.cn"] {
        let uri = format!("https://{host}/");
        for name in ["client_uri", "logo_uri", "policy_uri", "tos_uri", "initiate_login_uri"] {
            bad_metadata(name, json!({name: &uri}));
        }
        bad_metadata("client_uri", json!({"client_uri#fr": &uri}));
        bad_redirect(&uri, json!({"redirect_uris": [&uri]}));
    }
}

#[test]
fn other_hosts_pass() {
    for uri in [
        "https://me.github.io/",
        "http://localhost/",
        "http://127.0.0.1/",
        "https://unlisted-suffix/",
        "com.example.app:/cb",
    ] {
        fine(json!({"client_uri": uri, "redirect_uris": [uri]}));
    }
}

#[test]
fn the_first_fault_wins() {
    let many = json!({
        "redirect_uris": ["https://co.uk/#x"], "client_uri": "https://com/", "response_types": ["token"],
    });
    bad_redirect("fragment", many);
}
