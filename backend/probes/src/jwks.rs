//! Key sets of clients (RFC 7517).

use kernel::jose::{Algorithm, Jws, PublicKeys, Verdict};
use serde_json::{Value, json};

use crate::keys::sign;

/// A key set that somebody made.
pub fn jwks(bytes: &[u8]) {
    let Ok(set) = serde_json::from_slice::<Value>(bytes) else { return };
    let keys = PublicKeys::read(&set);
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let signed = sign(algorithm, &json!({}));
        let verdict = keys.judge(&Jws::parse(&signed).expect("it was just signed"));
        assert_ne!(verdict, Verdict::Good, "nobody has the keys of this process");
        assert!(!keys.is_empty() || verdict == Verdict::NoSuchKey);
    }
    let hmac = "eyJhbGciOiJIUzI1NiJ9.e30.AA";
    let verdict = keys.judge(&Jws::parse(hmac).expect("it is well formed"));
    assert_eq!(verdict, Verdict::NoSuchKey, "a public key is no secret");
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::Config};

    use super::*;
    use crate::{keys::KEYS, tests::always_the_same};

    /// Members of keys, mostly of the right kind.
    fn junk() -> impl Strategy<Value = Value> {
        let name = "kty|crv|x|y|n|e|d|k|use|alg|kid|key_ops";
        let value = "RSA|EC|OKP|oct|P-256|P-521|secp256k1|Ed25519|sig|enc|AQAB|[A-Za-z0-9_=-]{0,44}";
        let member =
            (name, prop_oneof![value.prop_map(Value::from), Just(json!(["verify"])), Just(json!(7))]);
        prop::collection::vec(member, 0..7).prop_map(|members| Value::Object(members.into_iter().collect()))
    }

    fn verdict(keys: &[Value], signed: &str) -> Verdict {
        PublicKeys::read(&json!({ "keys": keys })).judge(&Jws::parse(signed).unwrap())
    }

    proptest! {
        #![proptest_config(Config { cases: 64, ..always_the_same() })]

        #[test]
        fn keys_of_unknown_kinds_do_not_spoil_the_set(before in junk(), after in junk()) {
            jwks(json!({ "keys": [before, after] }).to_string().as_bytes());
            let ours = KEYS.public_jwks();
            let ours = ours["keys"].as_array().unwrap();
            let mut set = vec![before];
            set.extend_from_slice(ours);
            set.push(after);
            for algorithm in [Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa] {
                prop_assert_eq!(verdict(&set, &sign(algorithm, &json!({}))), Verdict::Good);
            }
        }

        #[test]
        fn a_key_that_differs_did_not_sign(at in 0_usize..3, member in "n|e|x|y|crv|kty|kid|alg|use", value in "[A-Za-z0-9_-]{1,43}") {
            let mut key = KEYS.public_jwks()["keys"][at].clone();
            let algorithm = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa][at];
            let is_part = key.get(&member).is_some() || ["alg", "use"].contains(&member.as_str());
            prop_assume!(is_part && value != "sig");
            key[member] = value.into();
            prop_assert_ne!(verdict(&[key], &sign(algorithm, &json!({}))), Verdict::Good);
        }
    }
}
