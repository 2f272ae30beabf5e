//! The `claims` parameter (OpenID Connect Core §5.5).

use domain::oauth::{
    claims::{in_id_token, widened},
    claims_request::ClaimsRequest,
};
use kernel::{Scope, scope::OPENID};

pub fn claims_request(text: &str) {
    let asked = match ClaimsRequest::parse(text) {
        Ok(asked) => asked,
        Err(error) => {
            // It goes into `error_description` (RFC 6749 §4.1.2.1).
            let printable = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
            let sentence = error.to_string();
            assert!(!sentence.is_empty() && sentence.chars().all(printable), "{sentence:?}");
            return;
        }
    };
    let kept = serde_json::to_string(&asked).expect("it can be kept");
    assert!(!kept.contains("\\u0000"), "PostgreSQL cannot keep a NUL: {kept}");
    assert_eq!(serde_json::from_str::<ClaimsRequest>(&kept).expect("it was kept"), asked);
    // Nothing is told in the ID token that the scope, which the person is shown, does not give.
    let given = widened(OPENID.parse().expect("a scope"), &asked);
    let person = domain::oauth::claims::Person {
        id: kernel::id::UserId(Default::default()),
        username: "alice",
        email: Some("alice@example.org"),
        name: Some("Alice"),
    };
    let told = person.claims(&given);
    for claim in in_id_token(&asked) {
        assert!(asked.id_token.contains_key(&claim) && told.contains_key(&claim), "{claim}: {given}");
    }
    let nobody = Scope::default();
    assert_eq!(widened(nobody.clone(), &asked), nobody, "without openid nothing is asked for");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::tests::always_the_same;

    fn wish() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(|essential| json!({ "essential": essential })),
            ".{0,6}".prop_map(|value| json!({ "value": value })),
            prop::collection::vec(".{0,6}", 1..4)
                .prop_map(|values| json!({ "essential": true, "values": values })),
        ]
    }

    fn wishes() -> impl Strategy<Value = Map<String, Value>> {
        let name = prop_oneof![
            prop::sample::select(vec!["email", "email_verified", "name", "preferred_username", "sub", "acr"])
                .prop_map(str::to_owned),
            "[a-z_]{1,12}",
        ];
        prop::collection::vec((name, wish()), 0..6).prop_map(|all| all.into_iter().collect())
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn what_is_well_formed_is_understood_and_kept(userinfo in wishes(), id_token in wishes()) {
            let nul = |wishes: &Map<String, Value>| Value::from(wishes.clone()).to_string().contains("\\u0000");
            prop_assume!(!nul(&userinfo) && !nul(&id_token));
            let text = json!({ "userinfo": userinfo, "id_token": id_token }).to_string();
            claims_request(&text);
            let asked = ClaimsRequest::parse(&text).unwrap();
            prop_assert!(asked.userinfo.keys().eq(userinfo.keys()));
            prop_assert!(asked.id_token.keys().eq(id_token.keys()));
        }

        #[test]
        fn what_comes_near_to_it(text in "(\\{|\\}|\\[|\\]|:|,|null|true|1|\"(userinfo|id_token|essential|values?|email|\\\\u0000|é|\\\\)\"){0,20}") {
            claims_request(&text);
        }
    }
}
