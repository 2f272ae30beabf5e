//! Scopes: what a session may do (RFC 6749 §3.3; Matrix scopes: MSC2967).
//!
//! Not here: who may have which scope; that is for the policy.

use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// ID token and userinfo (OpenID Connect Core §3.1.2.1).
pub const OPENID: &str = "openid";
pub const EMAIL: &str = "email";
/// Name and localpart (OpenID Connect Core §5.4).
pub const PROFILE: &str = "profile";
/// The whole client-server API of the homeserver.
pub const MATRIX_API: &str = "urn:matrix:client:api:*";
pub const MATRIX_API_UNSTABLE: &str = "urn:matrix:org.matrix.msc2967.client:api:*";
/// Binds the session to the Matrix device whose id follows.
pub const DEVICE_PREFIX: &str = "urn:matrix:client:device:";
pub const DEVICE_PREFIX_UNSTABLE: &str = "urn:matrix:org.matrix.msc2967.client:device:";
pub const SYNAPSE_ADMIN: &str = "urn:synapse:admin:*";
/// All of our admin API. Parts of it are [`is_admin`].
pub const MAS_ADMIN: &str = "urn:mas:admin";
/// What the admin API is divided into, as its paths name it.
pub const ADMIN_RESOURCES: [&str; 14] = [
    "audit-events",
    "compat-sessions",
    "jobs",
    "oauth2-clients",
    "oauth2-sessions",
    "personal-sessions",
    "policy-data",
    "upstream-oauth-links",
    "upstream-oauth-providers",
    "user-emails",
    "user-registration-tokens",
    "user-sessions",
    "users",
    "version",
];
pub const GRAPHQL: &str = "urn:mas:graphql:*";

/// A set of scope tokens, kept as it is printed: sorted by bytes, each once, joined by single spaces. May be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct Scope(String);

impl Scope {
    pub fn from_tokens<T: AsRef<str>>(tokens: impl IntoIterator<Item = T>) -> Result<Self, InvalidScope> {
        let mut tokens: Vec<T> = tokens.into_iter().collect();
        if !tokens.iter().all(|token| is_token(token.as_ref())) {
            return Err(InvalidScope);
        }
        tokens.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        tokens.dedup_by(|a, b| a.as_ref() == b.as_ref());
        let mut text = String::with_capacity(tokens.iter().map(|token| token.as_ref().len() + 1).sum());
        for token in &tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(token.as_ref());
        }
        Ok(Self(text))
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn contains(&self, token: &str) -> bool {
        self.iter().any(|one| one == token)
    }

    /// The tokens, sorted by bytes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        // Splitting the empty text would give an empty token.
        self.0.split(' ').filter(|token| !token.is_empty())
    }

    /// Whether the client-server API is in it, by its stable or its unstable name.
    pub fn has_matrix_api(&self) -> bool {
        self.contains(MATRIX_API) || self.contains(MATRIX_API_UNSTABLE)
    }

    /// Whether the admin API may be used for this resource, one of [`ADMIN_RESOURCES`], only to look or also to change it.
    pub fn administers(&self, resource: &str, change: bool) -> bool {
        self.iter().any(|token| match token.strip_prefix(MAS_ADMIN) {
            Some("") => true,
            Some(part) => match part.strip_prefix(':') {
                Some("read") => !change,
                Some(part) => match part.strip_suffix(":read") {
                    Some(part) => part == resource && !change,
                    None => part == resource,
                },
                None => false,
            },
            None => false,
        })
    }

    /// The Matrix devices that the scope names, stably or unstably, each once.
    pub fn device_ids(&self) -> BTreeSet<&str> {
        self.iter().filter_map(device_id).collect()
    }

    /// Stable and unstable names side by side, so that resource servers may look for either: the form that
    /// introspection answers with.
    #[must_use]
    pub fn normalised(&self) -> Self {
        let mut tokens: Vec<Cow<'_, str>> = self.iter().map(Cow::Borrowed).collect();
        if self.has_matrix_api() {
            tokens.extend([Cow::Borrowed(MATRIX_API), Cow::Borrowed(MATRIX_API_UNSTABLE)]);
        }
        for id in self.device_ids() {
            for prefix in [DEVICE_PREFIX, DEVICE_PREFIX_UNSTABLE] {
                tokens.push(Cow::Owned([prefix, id].concat()));
            }
        }
        // All of these are tokens: what a device scope names may follow either prefix.
        Self::from_tokens(tokens).unwrap_or_default()
    }
}

/// Whether a token gives any right to the admin API: `urn:mas:admin` all of them, `urn:mas:admin:read` to look at
/// everything, `urn:mas:admin:users` to all of one resource, `urn:mas:admin:users:read` to look at it.
pub fn is_admin(token: &str) -> bool {
    let Some(rest) = token.strip_prefix(MAS_ADMIN) else { return false };
    match rest.strip_prefix(':') {
        None => rest.is_empty(),
        Some("read") => true,
        Some(part) => ADMIN_RESOURCES.contains(&part.strip_suffix(":read").unwrap_or(part)),
    }
}

/// The device that a token names, if it is a device scope.
pub fn device_id(token: &str) -> Option<&str> {
    token.strip_prefix(DEVICE_PREFIX).or_else(|| token.strip_prefix(DEVICE_PREFIX_UNSTABLE))
}

/// `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`
fn is_token(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// The text is not a list of scope tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidScope;

impl fmt::Display for InvalidScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a scope: expected tokens of printable ASCII without quotes and backslashes, \
             separated by exactly one space",
        )
    }
}

impl std::error::Error for InvalidScope {}

/// Reads a scope strictly. Empty text is the empty scope: a parameter without a value counts as omitted
/// (RFC 6749 §3.1).
impl FromStr for Scope {
    type Err = InvalidScope;
    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        if text.is_empty() { Ok(Self::default()) } else { Self::from_tokens(text.split(' ')) }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        text.parse().unwrap()
    }

    #[test]
    fn tokens_are_sorted_by_bytes_and_repeats_collapse() {
        assert_eq!(scope("openid email Zed openid").to_string(), "Zed email openid");
        assert_eq!(scope("b a"), scope("a b"));
        assert_eq!(scope("").to_string(), "");
        assert!(scope("").is_empty());
        assert_eq!(scope(&scope("b a").to_string()), scope("a b"));
    }

    #[test]
    fn only_single_spaces_and_the_characters_of_the_rfc_are_let_in() {
        for text in [" ", "a ", " a", "a  b", "a\tb", "a\nb", "a\"b", "a\\b", "é", "a\u{7f}", "a\0"] {
            assert_eq!(text.parse::<Scope>(), Err(InvalidScope), "{text:?}");
        }
        let every: String = (0x21..=0x7e).map(char::from).filter(|c| !matches!(c, '"' | '\\')).collect();
        assert!(scope(&every).contains(&every));
        assert_eq!(Scope::from_tokens(["a b"]), Err(InvalidScope));
        assert_eq!(Scope::from_tokens([""]), Err(InvalidScope));
    }

    #[test]
    fn containing_means_the_whole_token() {
        let scope = scope("openid urn:matrix:client:api:*");
        assert!(scope.contains("openid"));
        assert!(!scope.contains("open"));
        assert!(!scope.contains("openid urn:matrix:client:api:*"));
        assert!(!scope.contains("urn:matrix:client:api:x"));
    }

    #[test]
    fn normalising_adds_the_other_name_of_api_and_devices_and_nothing_else() {
        let both = "openid urn:matrix:client:api:* urn:matrix:client:device:AABBCCDDEE \
                    urn:matrix:org.matrix.msc2967.client:api:* \
                    urn:matrix:org.matrix.msc2967.client:device:AABBCCDDEE";
        for one in [
            "openid urn:matrix:client:api:* urn:matrix:client:device:AABBCCDDEE",
            "urn:matrix:org.matrix.msc2967.client:device:AABBCCDDEE urn:matrix:org.matrix.msc2967.client:api:* openid",
        ] {
            assert_eq!(scope(one).normalised().to_string(), both);
        }
        assert_eq!(scope(both).normalised(), scope(both));
        assert_eq!(scope("openid urn:mas:admin").normalised(), scope("openid urn:mas:admin"));
        assert!(scope("").normalised().is_empty());
    }

    #[test]
    fn devices_are_listed_once_under_either_name() {
        let scope = scope(
            "urn:matrix:client:device:B urn:matrix:org.matrix.msc2967.client:device:B \
             urn:matrix:org.matrix.msc2967.client:device:A urn:matrix:client:api:*",
        );
        assert_eq!(scope.device_ids().into_iter().collect::<Vec<_>>(), ["A", "B"]);
        assert!(scope.has_matrix_api());
    }

    #[test]
    fn parts_of_the_admin_api_give_no_more_than_they_say() {
        for (text, look, change, look_elsewhere) in [
            ("urn:mas:admin", true, true, true),
            ("urn:mas:admin:read", true, false, true),
            ("urn:mas:admin:users", true, true, false),
            ("urn:mas:admin:users:read", true, false, false),
            ("urn:mas:admin:user-emails", false, false, true),
            ("urn:mas:administrator openid urn:mas:admin: urn:mas:admin:users:write", false, false, false),
        ] {
            let scope = scope(text);
            assert_eq!(scope.administers("users", false), look, "{text}");
            assert_eq!(scope.administers("users", true), change, "{text}");
            assert_eq!(scope.administers("user-emails", false), look_elsewhere, "{text}");
            assert_eq!(scope.iter().any(is_admin), look || look_elsewhere, "{text}");
        }
    }

    #[test]
    fn json_is_one_string() {
        assert_eq!(serde_json::to_string(&scope("b a")).unwrap(), r#""a b""#);
        assert_eq!(serde_json::from_str::<Scope>(r#""b a""#).unwrap(), scope("a b"));
        assert!(serde_json::from_str::<Scope>(r#""a  b""#).is_err());
    }
}
