//! Signed tokens that are ours, or pretend to be (RFC 7515).

use kernel::jose::{Algorithm, Hmac, Jws};
use serde_json::Value;

use crate::keys::{KEYS, sign};

pub fn jws(text: &str) {
    assert_eq!(KEYS.verify::<Value>(text), None, "nobody has the keys");
    let Ok(jws) = Jws::parse(text) else { return };
    let signed = sign(Algorithm::Es256, &Value::Null);
    let secret = signed.rsplit('.').next().unwrap_or_default();
    assert!(!jws.is_by_secret(secret.as_bytes()), "nobody has the secret");
    let name = jws.claimed.as_str();
    let is_asymmetric = Algorithm::from_name(name).is_some();
    assert!(is_asymmetric != Hmac::from_name(name).is_some(), "{name} is one or the other, and never `none`");
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use proptest::{prelude::*, test_runner::Config};
    use serde_json::json;

    use super::*;
    use crate::tests::always_the_same;

    fn signed() -> impl Strategy<Value = (Value, String)> {
        let algorithm = prop::sample::select(vec![
            Algorithm::Rs256,
            Algorithm::Ps384,
            Algorithm::Es256,
            Algorithm::EdDsa,
        ]);
        (algorithm, ".{0,12}").prop_map(|(algorithm, sub)| {
            let claims = json!({ "sub": sub });
            let jws = sign(algorithm, &claims);
            (claims, jws)
        })
    }

    proptest! {
        #![proptest_config(Config { cases: 48, ..always_the_same() })]

        #[test]
        fn what_is_signed_verifies_and_nothing_that_differs(
            (claims, text) in signed(),
            at: prop::sample::Index,
            with in "[A-Za-z0-9_.=-]",
        ) {
            prop_assert_eq!(KEYS.verify(&text), Some(claims));
            let at = at.index(text.len());
            let altered = format!("{}{with}{}", &text[..at], &text[at + 1..]);
            prop_assert!(altered == text || KEYS.verify::<Value>(&altered).is_none(), "{}", altered);
            for other in [&text[..at], &text[at + 1..], &format!("{text}{with}"), &format!("{text}.{text}")] {
                jws(other);
            }
        }

        /// `none`, HMAC with what is public, a key under another key's name, what a header may not say.
        #[test]
        fn the_header_does_not_choose((_, text) in signed(), alg in "none|NONE|HS256|RS256|ES256|EdDSA", kid in "rsa|p256|ed25519|", more in "(,\"(crit|jwk|b64|typ)\":\\[\\])?") {
            let (message, signature) = text.rsplit_once('.').unwrap();
            let (header, claims) = message.split_once('.').unwrap();
            let changed = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","kid":"{kid}"{more}}}"#));
            prop_assume!(changed != header);
            for signature in [signature, ""] {
                jws(&format!("{changed}.{claims}.{signature}"));
            }
        }
    }
}
