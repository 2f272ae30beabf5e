//! Cookies.

use std::sync::LazyLock;

use cookie::Key;
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;

static KEY: LazyLock<Key> = LazyLock::new(|| Key::derive_from(&[7; 32]));

/// `Cookie` headers, a line each. Nobody has the key, so nothing in them is ours.
pub fn cookies(lines: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        headers.append(header::COOKIE, value);
    }
    assert_eq!(edge::cookies::unseal::<Value>(&KEY, &headers, "session"), None);
}

#[cfg(test)]
mod tests {
    use cookie::{Cookie, CookieJar};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::tests::always_the_same;

    fn sealed(name: &'static str, value: &Value) -> String {
        let mut jar = CookieJar::new();
        jar.private_mut(&KEY).add(Cookie::new(name, value.to_string()));
        jar.get(name).unwrap().encoded().to_string()
    }

    fn read(line: &str) -> Option<Value> {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).ok()?);
        edge::cookies::unseal(&KEY, &headers, "session")
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn anything_beside_ours_does_no_harm(before in "[ -:<-~é]{0,12}", after in "[ -:<-~é]{0,12}", number: u32) {
            let value = json!({ "current": number });
            let ours = sealed("session", &value);
            prop_assert_eq!(read(&format!("x{before}; {ours}; x{after}")), Some(value));
        }

        #[test]
        fn an_altered_one_is_nobodys(number: u32, at: prop::sample::Index, with in "[!-:<-~]") {
            let ours = sealed("session", &json!(number));
            let at = "session=".len() + at.index(ours.len() - "session=".len());
            let altered = format!("{}{with}{}", &ours[..at], &ours[at + 1..]);
            let plain = |text: &str| Cookie::parse_encoded(text.to_owned()).map(|cookie| cookie.value().to_owned());
            prop_assert!(plain(&altered) == plain(&ours) || read(&altered).is_none(), "{}", altered);
        }

        /// A value is bound to the name that it was sealed for.
        #[test]
        fn another_cookie_of_ours_does_not_stand_in(number: u32) {
            let other = sealed("csrf", &json!(number));
            prop_assert_eq!(read(&other.replacen("csrf", "session", 1)), None);
        }

        #[test]
        fn lists_of_nonsense(text in "(session=|;| |,|\"|%[0-9a-f]{0,2}|[A-Za-z0-9+/=]{0,30}){0,10}") {
            cookies(text.as_bytes());
        }
    }
}
