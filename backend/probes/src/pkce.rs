//! Proof Key for Code Exchange (RFC 7636).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    pkce::{Challenge, Method, Verifier},
    token,
};

/// `verifier`, `code_challenge` and perhaps `code_challenge_method`, a line each.
pub fn pkce(text: &str) {
    let mut lines = text.splitn(3, '\n');
    let (verifier, value, method) = (lines.next().unwrap_or_default(), lines.next(), lines.next());
    let parsed = Verifier::parse(verifier);
    let shown = format!("{parsed:?}");
    assert!(parsed.is_err() || !shown.contains(verifier), "a verifier is not printed");
    let (Ok(parsed), Some(value)) = (parsed, value) else { return };
    let Ok(challenge) = Challenge::parse(value, method) else { return };
    assert_eq!(challenge.expose(), value, "it is kept as it came");
    assert_eq!(challenge.method.as_str(), method.unwrap_or("plain"), "a missing method means plain (§4.3)");
    let fits = match challenge.method {
        Method::Plain => verifier == value,
        Method::S256 => s256(verifier) == value,
    };
    assert_eq!(challenge.is_met_by(&parsed), fits);
}

/// §4.2, by another way than the parser's.
fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(token::hash(verifier))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    const VERIFIER: &str = "[A-Za-z0-9._~-]{43,128}";

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn a_challenge_is_met_by_its_verifier_and_by_no_other(one in VERIFIER, two in VERIFIER) {
            for verifier in [&one, &two] {
                for (value, method) in [(s256(&one), "\nS256"), (one.clone(), "\nplain"), (one.clone(), "")] {
                    pkce(&format!("{verifier}\n{value}{method}"));
                    let method = method.strip_prefix('\n');
                    let challenge = Challenge::parse(&value, method).unwrap();
                    let met = challenge.is_met_by(&Verifier::parse(verifier).unwrap());
                    prop_assert_eq!(met, *verifier == one);
                }
            }
        }

        /// What the browser carried, and others may have seen, proves nothing.
        #[test]
        fn an_s256_challenge_is_not_its_own_verifier(verifier in VERIFIER) {
            let value = s256(&verifier);
            let challenge = Challenge::parse(&value, Some("S256")).unwrap();
            prop_assert!(!challenge.is_met_by(&Verifier::parse(&value).unwrap()));
        }

        #[test]
        fn no_other_method_is_known(method in "[A-Za-z0-9]{0,8}", verifier in "[A-Za-z0-9]{43}") {
            let known = method == "plain" || method == "S256";
            prop_assert_eq!(Challenge::parse(&verifier, Some(&method)).is_ok(), known);
        }

        #[test]
        fn other_characters_and_lengths_are_refused(text in "[A-Za-z0-9._~-]{0,42}|[A-Za-z0-9]{129,200}", wrong in "[^A-Za-z0-9._~-]") {
            prop_assert!(Verifier::parse(&text).is_err());
            let padded = format!("{text:x<60}{wrong}");
            prop_assert!(Verifier::parse(&padded).is_err());
            prop_assert!(Challenge::parse(&padded, None).is_err());
        }
    }
}
