//! The kinds of value that members of the registration document have.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use oxilangtag::LanguageTag;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, de::DeserializeOwned, ser::SerializeMap};
use serde_json::{Map, Value};
use url::Url;

use super::RegistrationError;

/// A word of an open vocabulary: the names known here, and any other as it was sent. Known ones sort first, in the
/// order of their declaration; the digest depends on it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($variant,)* Other(String) }

        impl $name {
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(Self::from)
            }
        }
    };
}

words! {
    /// OAuth 2.0 grant types (RFC 7591 §2 and the registry it opened).
    GrantType {
        AuthorizationCode = "authorization_code",
        RefreshToken = "refresh_token",
        Implicit = "implicit",
        ClientCredentials = "client_credentials",
        Password = "password",
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        Ciba = "urn:openid:params:grant-type:ciba",
    }
}

words! {
    /// How a client proves itself at the token endpoint (OpenID Connect Core 1.0 §9).
    AuthMethod {
        None = "none",
        ClientSecretBasic = "client_secret_basic",
        ClientSecretPost = "client_secret_post",
        ClientSecretJwt = "client_secret_jwt",
        PrivateKeyJwt = "private_key_jwt",
    }
}

/// A set of words separated by spaces, in any order; never empty (OAuth 2.0 Multiple Response Types 1.0 §3).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResponseType(BTreeSet<String>);

impl ResponseType {
    pub fn code() -> Self {
        Self(BTreeSet::from(["code".to_owned()]))
    }

    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

impl fmt::Display for ResponseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(String::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl Serialize for ResponseType {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResponseType {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let words: BTreeSet<_> =
            String::deserialize(from)?.split_ascii_whitespace().map(String::from).collect();
        if words.is_empty() {
            return Err(de::Error::custom("a response type is empty"));
        }
        Ok(Self(words))
    }
}

/// A text or link for people, in the client's main language and in others (OpenID Connect Registration 1.0 §2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localized<T> {
    pub plain: T,
    /// By BCP 47 language tag, in its usual spelling (`pt-BR`).
    pub by_language: BTreeMap<String, T>,
}

impl<T> Localized<T> {
    /// The text without a language, then the others.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.plain).chain(self.by_language.values())
    }

    /// The one in that language, a BCP 47 tag: in just that or the closest more general one (lookup of RFC 4647 §3.4), else in
    /// that of some other region, else the one without a language.
    pub fn in_language(&self, tag: &str) -> &T {
        let mut range = tag;
        loop {
            let found = self.by_language.iter().find(|(known, _)| known.eq_ignore_ascii_case(range));
            match (found, range.rsplit_once('-')) {
                (Some((_, value)), _) => return value,
                (None, Some((general, _))) => range = general,
                (None, None) => break,
            }
        }
        let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let kin = self.by_language.iter().find(|(known, _)| language(known) == language(range));
        kin.map_or(&self.plain, |(_, value)| value)
    }
}

impl<T> From<T> for Localized<T> {
    fn from(plain: T) -> Self {
        Self { plain, by_language: BTreeMap::new() }
    }
}

impl<T: DeserializeOwned> Localized<T> {
    /// The member `name` of a client's metadata as they are kept, in every language.
    pub fn of(document: &Value, name: &str) -> Option<Self> {
        let plain = T::deserialize(document.get(name)?).ok()?;
        let members = document.as_object()?.iter();
        let others = members.filter_map(|(key, value)| {
            let tag = key.strip_prefix(name)?.strip_prefix('#')?;
            Some((tag.to_owned(), T::deserialize(value).ok()?))
        });
        Some(Self { plain, by_language: others.collect() })
    }
}

impl<T: Member> Localized<T> {
    /// Takes `name` and every `name#lang` out of the document.
    pub(super) fn take(from: &mut Map<String, Value>, name: &str) -> Result<Option<Self>, RegistrationError> {
        let prefix = format!("{name}#");
        let variants: Vec<String> = from.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
        let mut by_language = BTreeMap::new();
        for variant in variants {
            let tag = LanguageTag::parse_and_normalize(&variant[prefix.len()..]).map_err(|_| {
                RegistrationError::metadata(format!(
                    "`{variant}`: what follows the # must be a BCP 47 language tag, such as `{name}#fr`"
                ))
            })?;
            if let Some(value) = take(from, &variant)? {
                by_language.insert(tag.into_inner(), value);
            }
        }
        match (take(from, name)?, by_language.is_empty()) {
            (Some(plain), _) => Ok(Some(Self { plain, by_language })),
            (None, true) => Ok(None),
            (None, false) => Err(RegistrationError::metadata(format!(
                "`{name}` has translations but no value of its own: add `{name}` without a language"
            ))),
        }
    }
}

impl<T: Serialize> Localized<T> {
    pub(super) fn write<M: SerializeMap>(&self, name: &str, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(name, &self.plain)?;
        self.by_language
            .iter()
            .try_for_each(|(tag, value)| map.serialize_entry(&format!("{name}#{tag}"), value))
    }
}

/// A value that a member can have, and its name for people who got it wrong.
pub trait Member: DeserializeOwned {
    const EXPECTED: &'static str;
}

impl Member for bool {
    const EXPECTED: &'static str = "true or false";
}
impl Member for u64 {
    const EXPECTED: &'static str = "a whole number, not negative";
}
impl Member for String {
    const EXPECTED: &'static str = "a string";
}
impl Member for Url {
    const EXPECTED: &'static str = "an absolute URI, such as https://app.example.com/about";
}
impl Member for AuthMethod {
    const EXPECTED: &'static str = "a string";
}
impl Member for Vec<String> {
    const EXPECTED: &'static str = "a list of strings";
}
impl Member for Vec<Url> {
    const EXPECTED: &'static str = "a list of absolute URIs, such as [`https://app.example.com/callback`]";
}
impl Member for Vec<GrantType> {
    const EXPECTED: &'static str = "a list of grant types, such as [`authorization_code`, `refresh_token`]";
}
impl Member for Vec<ResponseType> {
    const EXPECTED: &'static str = "a list of response types, such as [`code`]";
}

/// A set of JSON Web Keys (RFC 7517 §5), kept as it was sent: the verifier decides which keys it can use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Jwks(Value);

impl Jwks {
    pub const fn as_json(&self) -> &Value {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Jwks {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut set = Value::deserialize(from)?;
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or_else(|| de::Error::custom("the member `keys` is missing or not a list"))?;
        if !keys.iter().all(|key| key.get("kty").is_some_and(Value::is_string)) {
            return Err(de::Error::custom("a key has no `kty`"));
        }
        set.sort_all_objects(); // the digest must not depend on the order in which members were sent
        Ok(Self(set))
    }
}

impl Member for Jwks {
    const EXPECTED: &'static str = "a JSON Web Key Set, {`keys`: [...]}";
}

/// Takes a member out of the document; `null` counts as absent.
pub(super) fn take<T: Member>(
    from: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, RegistrationError> {
    match from.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value).map(Some).map_err(|cause| {
            RegistrationError::metadata(format!("`{name}` must be {}: {cause}", T::EXPECTED))
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_found_in_the_language_or_its_next_of_kin() {
        let document = json!({ "name": "Mail", "name#de": "Post", "name#de-AT": "Postkastl", "name#pt-BR": "Correio", "names": 1 });
        let name = Localized::<String>::of(&document, "name").unwrap();
        for (tag, expected) in [
            ("de", "Post"),
            ("de-CH", "Post"),
            ("DE-at", "Postkastl"),
            ("de-AT-1996", "Postkastl"),
            ("pt", "Correio"),
            ("pt-PT", "Correio"),
            ("p", "Mail"),
            ("fr", "Mail"),
            ("", "Mail"),
        ] {
            assert_eq!(name.in_language(tag), expected, "{tag}");
        }
        assert_eq!(Localized::<String>::of(&json!({ "name#de": "Post" }), "name"), None);
    }
}
