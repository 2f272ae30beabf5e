//! The document with which a client introduces itself (RFC 7591).

use domain::oauth::registration::{ClientMetadata, GrantType, RegistrationError, parse};

pub fn client_metadata(body: &[u8]) {
    let metadata = match parse(body) {
        Ok(metadata) => metadata,
        Err(error) => return explains_itself(&error),
    };
    let canonical = serde_json::to_vec(&metadata).expect("what was read can be written");
    let again = parse(&canonical).expect("and read");
    assert_eq!(again, metadata, "the canonical form means the same");
    assert_eq!(serde_json::to_vec(&again).expect("as before"), canonical, "and is canonical");
    assert_eq!(again.digest(), metadata.digest());
    let stored: ClientMetadata = serde_json::from_slice(&canonical).expect("the row reads back");
    assert_eq!(stored, metadata);

    let without = metadata.clone().without_device_grant();
    assert!(!without.has_grant(&GrantType::DeviceCode));
    assert_eq!(without.clone().without_device_grant(), without);
    assert!(
        metadata.granted().iter().all(|grant| metadata.has_grant(grant)),
        "no grant that was not asked for"
    );
    match metadata.validate() {
        Ok(()) => {
            let uris = metadata.redirect_uris.as_deref().unwrap_or_default();
            assert!(uris.iter().all(|uri| uri.fragment().is_none()), "RFC 6749 §3.1.2");
            assert!(metadata.jwks.is_none() || metadata.jwks_uri.is_none(), "RFC 7591 §2");
        }
        Err(error) => explains_itself(&error),
    }
}

/// In printable ASCII (RFC 7591 §3.2.2).
fn explains_itself(error: &RegistrationError) {
    let words = &error.description;
    assert!(!words.is_empty() && words.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{words:?}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::tests::always_the_same;

    /// Documents whose members are mostly of the right kind.
    fn document() -> impl Strategy<Value = Map<String, Value>> {
        let uri = "https://(a|b)\\.example(:[1-9]{2,4})?/[a-z%é ]{0,4}|http://localhost/|com\\.example:/cb|x";
        let uris = prop::collection::vec(uri, 0..4).prop_map(|uris| json!(uris));
        let words = prop::collection::vec(
            "code|id_token code|none|authorization_code|refresh_token|implicit|client_credentials|urn:ietf:params:oauth:grant-type:device_code|[a-z]{1,5}",
            0..4,
        );
        let words = words.prop_map(|words| json!(words));
        let text =
            "(none|client_secret_basic|private_key_jwt|RS256|web|[a-zA-Zé ]{0,9})".prop_map(Value::from);
        let odd = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            Just(json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "AA" }] })),
        ];
        let name = "(redirect_uris|post_logout_redirect_uris|request_uris|response_types|grant_types|contacts|application_type|token_endpoint_auth_method|token_endpoint_auth_signing_alg|jwks|jwks_uri|default_max_age|require_auth_time|client_name|client_uri|logo_uri|initiate_login_uri|sector_identifier_uri|scope)(#(de|en-GB|zh-Hant|x!))?";
        let value = prop_oneof![uris, words, text, uri.prop_map(Value::from), odd];
        prop::collection::vec((name, value), 0..6).prop_map(|members| members.into_iter().collect())
    }

    /// One that is read, for sure.
    fn good() -> impl Strategy<Value = (Vec<String>, Vec<String>, String)> {
        let uri = "https://(a|b|c)\\.example/[a-z]{0,3}";
        let contact = "[a-z]{1,6}@[a-z]{1,6}\\.example";
        (prop::collection::vec(uri, 1..5), prop::collection::vec(contact, 1..5), "[ -~é]{0,20}")
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn nearly_good_documents(document in document()) {
            client_metadata(Value::Object(document).to_string().as_bytes());
        }

        /// Deduplication: lists that are sets, the order of members and members that nobody knows mean nothing.
        #[test]
        fn the_digest_is_of_what_is_meant((uris, contacts, name) in good(), unknown in "x_[a-z]{1,8}") {
            let one = json!({ "redirect_uris": uris, "contacts": contacts, "client_name": name });
            let reversed = |list: &[String]| list.iter().rev().cloned().collect::<Vec<_>>();
            let mut other = Map::new();
            other.insert("client_name".into(), name.clone().into());
            other.insert(unknown, json!(true));
            other.insert("contacts".into(), json!(reversed(&contacts)));
            other.insert("redirect_uris".into(), json!(reversed(&uris)));
            let digest = |document: &Value| parse(document.to_string().as_bytes()).unwrap().digest();
            prop_assert_eq!(digest(&one), digest(&Value::Object(other.clone())));
            other.insert("client_name".into(), format!("{name}!").into());
            prop_assert_ne!(digest(&one), digest(&Value::Object(other)));
        }
    }
}
