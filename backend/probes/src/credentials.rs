//! Which client a request comes from (RFC 6749 §2.3).

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::oauth::{assertion, clients::Credentials};
use edge::form::Fields;
use http::{HeaderMap, HeaderValue, header};
use web::oauth::credentials::{Caller, caller};

const ENDPOINT: &str = "https://auth.example.com/oauth2/token";

/// The `Authorization` header (an empty line: none), then the form.
pub fn credentials(bytes: &[u8]) {
    let cut = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, form) = (&bytes[..cut], bytes.get(cut + 1..).unwrap_or_default());
    let mut headers = HeaderMap::new();
    if !line.is_empty() {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        headers.append(header::AUTHORIZATION, value);
    }
    let Ok(fields) = Fields::parse(form) else { return };
    let Ok(caller) = caller(&headers, &fields, ENDPOINT.to_owned()) else { return };

    let (id, secret) = (fields.get("client_id"), fields.get("client_secret"));
    match caller {
        Caller::Bearer(token) => {
            assert!(id.is_none() && secret.is_none(), "one proof, not two");
            let (scheme, sent) = line.split_at("bearer ".len());
            assert!(scheme.eq_ignore_ascii_case(b"bearer "));
            assert_eq!(sent.trim_ascii(), token.expose().as_bytes());
        }
        Caller::Client(Credentials::Assertion(assertion)) => {
            assert!(line.is_empty() && secret.is_none(), "one proof, not two");
            assert_eq!(fields.get("client_assertion_type"), Some(assertion::TYPE));
            let jwt = fields.get("client_assertion").expect("it was read");
            assert!(!format!("{assertion:?}").contains(jwt), "a proof is not printed");
            assert!(id.is_none_or(|id| id.to_ascii_uppercase() == assertion.client.to_string()));
        }
        Caller::Client(Credentials::None(client)) => {
            assert!(line.is_empty() && secret.is_none(), "whoever has a secret shows it");
            assert_eq!(id.map(str::to_ascii_uppercase), Some(client.to_string()));
        }
        Caller::Client(Credentials::Post(client, sent)) => {
            assert!(line.is_empty(), "one proof, not two");
            assert_eq!(id.map(str::to_ascii_uppercase), Some(client.to_string()));
            assert_eq!(secret, Some(sent.expose().as_str()));
        }
        Caller::Client(Credentials::Basic(client, sent)) => {
            assert_eq!(secret, None, "one proof, not two");
            let (user, password) = basic(line).expect("it was read");
            assert_eq!(user.to_ascii_uppercase(), client.to_string());
            assert!(id.is_none_or(|id| id == user), "header and form name the same client");
            assert_eq!(&password, sent.expose());
        }
    }
}

/// RFC 7617 §2: everything after the first colon is the password.
fn basic(line: &[u8]) -> Option<(String, String)> {
    let encoded = std::str::from_utf8(line.get("basic ".len()..)?).ok()?;
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = pair.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    const ID: &str = "[0-7][0-9A-HJKMNP-TV-Z]{25}";

    fn read(line: &str, form: &str) -> Option<Caller> {
        let mut headers = HeaderMap::new();
        if !line.is_empty() {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(line).ok()?);
        }
        caller(&headers, &Fields::parse(form.as_bytes()).ok()?, ENDPOINT.to_owned()).ok()
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn any_secret_arrives_whole(id in ID, secret in ".{0,40}", scheme in "[Bb][Aa][Ss][Ii][Cc]") {
            let line = format!("{scheme} {}", STANDARD.encode(format!("{id}:{secret}")));
            credentials(format!("{line}\nclient_id={id}").as_bytes());
            let Some(Caller::Client(Credentials::Basic(client, read))) = read(&line, "") else {
                panic!("{line} is not read");
            };
            prop_assert_eq!((client.to_string(), read.expose()), (id, &secret));
        }

        #[test]
        fn two_proofs_are_one_too_many(id in ID, secret in "[a-z]{1,9}", token in "[a-z_]{1,9}") {
            let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
            let with_id = format!("client_id={id}");
            let with_secret = format!("client_id={id}&client_secret={secret}");
            prop_assert!(read(&basic, &with_secret).is_none());
            let bearer = format!("Bearer {token}");
            prop_assert!(read(&bearer, &with_id).is_none());
            prop_assert!(read(&bearer, &with_secret).is_none());
        }

        #[test]
        fn another_client_in_the_form_is_refused(id in ID, other in ID, secret in "[a-z]{1,9}") {
            let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
            let form = format!("client_id={other}");
            prop_assert_eq!(read(&basic, &form).is_some(), id == other);
        }

        #[test]
        fn whatever_is_sent(
            line in "((Basic|bearer|Digest| )? ?[A-Za-z0-9+/=:]{0,40})?",
            form in "((client_id|client_secret|client_assertion|client_assertion_type|x)=[0-9A-Z%]{0,26}&?){0,3}",
        ) {
            credentials(format!("{line}\n{form}").as_bytes());
        }
    }
}
