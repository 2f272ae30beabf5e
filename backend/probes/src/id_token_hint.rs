//! `id_token_hint` (OpenID Connect Core §3.1.2.1).

use domain::oauth::id_token_hint::read;

use crate::keys::KEYS;

const ISSUER: &str = "https://auth.example.com/";

pub fn id_token_hint(text: &str) {
    assert_eq!(read(&KEYS, ISSUER, text), None, "nobody has the keys");
}

#[cfg(test)]
mod tests {
    use kernel::jose::Algorithm;
    use proptest::{prelude::*, test_runner::Config};
    use serde_json::{Value, json};

    use super::*;
    use crate::{keys::sign, tests::always_the_same};

    fn claims(sub: &str, aud: &str) -> Value {
        json!({ "iss": ISSUER, "sub": sub, "aud": aud, "exp": 1, "sid": "01K2F2DKG0M9S346Q3D25VT4F5" })
    }

    proptest! {
        #![proptest_config(Config { cases: 48, ..always_the_same() })]

        #[test]
        fn what_was_given_out_is_read_and_nothing_that_differs(
            sub in ".{0,12}",
            aud in "[0-9A-Z]{26}",
            at: prop::sample::Index,
            with in "[A-Za-z0-9_.=-]",
        ) {
            let token = sign(Algorithm::Es256, &claims(&sub, &aud));
            let hint = read(&KEYS, ISSUER, &token).expect("it is ours, although it has expired");
            prop_assert_eq!((&hint.sub, &hint.aud, hint.sid.is_some()), (&sub, &aud, true));
            let at = at.index(token.len());
            let altered = format!("{}{with}{}", &token[..at], &token[at + 1..]);
            prop_assert!(altered == token || read(&KEYS, ISSUER, &altered).is_none(), "{}", altered);
            id_token_hint(&token[..at]);
        }

        /// Another issuer's, and what is signed by our keys for other ends: userinfo has no `exp`.
        #[test]
        fn what_is_no_id_token_is_no_hint(missing in "iss|sub|aud|exp", issuer in "https://[a-z]{1,8}\\.example/?") {
            let mut claims = claims("alice", "app");
            claims.as_object_mut().unwrap().remove(&missing);
            id_token_hint(&sign(Algorithm::Es256, &claims));
            claims[missing] = json!(1);
            claims["iss"] = json!(issuer);
            id_token_hint(&sign(Algorithm::Es256, &claims));
            id_token_hint(&sign(Algorithm::Es256, &json!([claims])));
        }
    }
}
