//! Forms and query strings.

use edge::form::{Fields, Malformed};
use url::form_urlencoded;

pub fn form(encoded: &[u8]) {
    let pairs: Vec<_> = form_urlencoded::parse(encoded).into_owned().collect();
    let mut names: Vec<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let repeats = names.windows(2).any(|two| two[0] == two[1]);
    let has_nul = pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'));
    let fields = match Fields::parse(encoded) {
        Ok(fields) => fields,
        Err(malformed) => {
            match &malformed {
                Malformed::Repeated(_) => assert!(repeats, "{malformed}"),
                Malformed::Nul(_) => assert!(has_nul, "{malformed}"),
            }
            assert!(malformed.to_string().bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{malformed:?}");
            return;
        }
    };
    assert!(!repeats && !has_nul, "each parameter comes once, and PostgreSQL can keep it");
    assert_eq!(fields.iter().count(), pairs.len(), "nothing is lost");
    for (name, value) in &pairs {
        assert_eq!(fields.text(name), value);
        assert_eq!(fields.get(name), Some(value.as_str()).filter(|value| !value.is_empty()));
    }
    let again = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields.iter()).finish();
    let again = Fields::parse(again.as_bytes()).expect("what was read can be written and read");
    assert!(again.iter().eq(fields.iter()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn what_is_written_is_read(pairs in prop::collection::btree_map("[^\\x00]{0,8}", "[^\\x00]{0,20}", 0..6)) {
            let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            form(encoded.as_bytes());
            let fields = Fields::parse(encoded.as_bytes()).unwrap();
            prop_assert!(fields.iter().eq(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
        }

        /// Keycloak CVE-2026-9689.
        #[test]
        fn a_second_one_is_refused_however_it_is_spelt(name in "[a-z_]{1,8}", value in "[a-z]{0,3}", rest in "[a-z]{1,3}=[a-z]") {
            let first = name.as_bytes()[0];
            let spelt = format!("%{first:02x}{}", &name[1..]);
            let encoded = format!("{name}={value}&{rest}&{spelt}=x");
            form(encoded.as_bytes());
            prop_assert!(matches!(Fields::parse(encoded.as_bytes()), Err(Malformed::Repeated(_))));
        }

        #[test]
        fn anything_in_a_form(text in "[a-c=&%+0-2;\\x00é]{0,24}") {
            form(text.as_bytes());
        }
    }
}
