//! Scopes (RFC 6749 §3.3).

use kernel::{Scope, scope};

pub fn scope(text: &str) {
    let Ok(scope) = text.parse::<Scope>() else { return };
    let sent = || text.split(' ').filter(|token| !token.is_empty());
    assert!(sent().all(|token| scope.contains(token)), "nothing is lost");
    assert!(scope.iter().all(|token| sent().any(|other| other == token)), "nothing is made up");
    assert!(scope.iter().is_sorted(), "tokens are sorted by bytes");
    assert_eq!(scope.to_string().parse(), Ok(scope.clone()), "what is printed reads back");

    let normal = scope.clone().normalised();
    assert_eq!(normal.clone().normalised(), normal, "normal is normal");
    assert!(scope.iter().all(|token| normal.contains(token)), "normalising takes nothing away");
    assert_eq!(normal.device_ids(), scope.device_ids(), "it names no other device");
    assert_eq!(normal.has_matrix_api(), scope.has_matrix_api());
    let added = normal.iter().filter(|token| !scope.contains(token));
    for token in added {
        let is_twin = token == scope::MATRIX_API
            || token == scope::MATRIX_API_UNSTABLE
            || scope::device_id(token).is_some();
        assert!(is_twin, "{token} was added, which is no other name of something");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    fn tokens() -> impl Strategy<Value = Vec<String>> {
        let known = prop::sample::select(vec![
            scope::OPENID,
            scope::EMAIL,
            scope::MATRIX_API,
            scope::MATRIX_API_UNSTABLE,
            scope::SYNAPSE_ADMIN,
            scope::MAS_ADMIN,
            scope::GRAPHQL,
            scope::DEVICE_PREFIX,
        ]);
        let prefix = prop::sample::select(vec![scope::DEVICE_PREFIX, scope::DEVICE_PREFIX_UNSTABLE]);
        let device = (prefix, "[!#-\\[\\]-~]{1,12}").prop_map(|(prefix, id)| format!("{prefix}{id}"));
        let token = prop_oneof![known.prop_map(str::to_owned), device, "[!#-\\[\\]-~]{1,20}"];
        prop::collection::vec(token, 1..6)
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn order_and_repeats_mean_nothing(tokens in tokens()) {
            let text = tokens.join(" ");
            scope(&text);
            let read: Scope = text.parse().unwrap();
            let mut other = tokens.clone();
            other.reverse();
            other.extend(tokens);
            prop_assert_eq!(other.join(" ").parse(), Ok(read));
        }

        #[test]
        fn both_names_are_there_or_none(tokens in tokens()) {
            let normal = Scope::from_tokens(tokens).unwrap().normalised();
            prop_assert_eq!(normal.contains(scope::MATRIX_API), normal.contains(scope::MATRIX_API_UNSTABLE));
            for id in normal.device_ids() {
                for prefix in [scope::DEVICE_PREFIX, scope::DEVICE_PREFIX_UNSTABLE] {
                    let name = format!("{}{}", prefix, id);
                    prop_assert!(normal.contains(&name));
                }
            }
        }

        #[test]
        fn one_foreign_character_spoils_it(
            tokens in tokens(),
            at: prop::sample::Index,
            wrong in "[^!#-\\[\\]-~ ]",
        ) {
            let mut text = tokens.join(" ");
            text.insert_str(at.index(text.len() + 1), &wrong);
            prop_assert!(text.parse::<Scope>().is_err());
        }

        #[test]
        fn spaces_stand_between_tokens_only(tokens in tokens()) {
            let text = tokens.join(" ");
            let doubled = text.replacen(' ', "  ", 1);
            for wrong in [format!(" {text}"), format!("{text} "), doubled] {
                prop_assert!(wrong == text || wrong.parse::<Scope>().is_err());
            }
        }
    }
}
