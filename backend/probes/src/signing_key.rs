//! Private keys in PEM and DER, as operators give them.

use kernel::{
    Secret, Timestamp,
    jose::{KeySource, Keystore},
};

pub fn signing_key(bytes: &[u8]) {
    let source = KeySource {
        kid: None,
        use_from: None,
        bytes: Secret::new(bytes.to_vec()),
        password: None,
        origin: "secrets.keys.0".to_owned(),
    };
    match Keystore::load(vec![source]) {
        Ok(keys) => {
            let algorithms = keys.algorithms();
            assert!(!algorithms.is_empty(), "a key that is read can sign");
            let published = keys.public_jwks();
            for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
                assert!(published["keys"][0].get(private).is_none(), "{private} is published");
            }
            let jws = keys.sign(Timestamp::from_secs(0), algorithms[0], &1).expect("it signs");
            assert_eq!(keys.verify(&jws), Some(1), "and verifies");
        }
        Err(problems) => {
            let words = problems.iter().map(ToString::to_string).collect::<String>();
            assert!(words.contains("secrets.keys.0"), "the operator learns which key it is: {words}");
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::jose::{KeyKind, generate_pem};
    use proptest::{prelude::*, test_runner::Config};

    use super::*;
    use crate::tests::always_the_same;

    proptest! {
        #![proptest_config(Config { cases: 48, ..always_the_same() })]

        #[test]
        fn a_key_that_was_damaged_on_the_way(at: prop::sample::Index, with in "[ -~\\n]", cut: prop::sample::Index) {
            let pem = generate_pem(KeyKind::P256).unwrap();
            let pem = pem.expose();
            signing_key(pem.as_bytes());
            let at = at.index(pem.len());
            signing_key(format!("{}{with}{}", &pem[..at], &pem[at + 1..]).as_bytes());
            signing_key(&pem.as_bytes()[..cut.index(pem.len())]);
        }
    }
}
