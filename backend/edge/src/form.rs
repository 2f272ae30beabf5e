//! Reading `application/x-www-form-urlencoded` bodies and query strings strictly: a parameter that comes twice is
//! refused (RFC 6749 §3.1), because two readers could each take a different one; so is a NUL character, which
//! PostgreSQL cannot keep.

use std::{collections::BTreeMap, fmt};

use url::form_urlencoded;

/// Parameters, each at most once.
#[derive(Clone, Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

/// Why parameters cannot be taken, with the name of the one at fault. Prints as a sentence without its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    Repeated(String),
    Nul(String),
}

impl Fields {
    pub fn parse(encoded: &[u8]) -> Result<Self, Malformed> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            if name.contains('\0') || value.contains('\0') {
                return Err(Malformed::Nul(printable(&name)));
            }
            if fields.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                return Err(Malformed::Repeated(printable(&name)));
            }
        }
        Ok(Self(fields))
    }

    /// The value; an empty one counts as omitted (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value, or the empty string.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn printable(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(40).collect()
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated(name) => write!(f, "{name} was sent more than once"),
            Self::Nul(name) => write!(f, "{name} contains a NUL character, which is not allowed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_comes_once() {
        let fields = Fields::parse(b"a=1&b=x+y%20z&c=").unwrap();
        assert_eq!((fields.get("a"), fields.get("b"), fields.get("c")), (Some("1"), Some("x y z"), None));
        assert_eq!(Fields::parse(b"a=1&b=2&a=1").unwrap_err(), Malformed::Repeated("a".into()));
        assert_eq!(Fields::parse(b"a=1&b=x%00").unwrap_err(), Malformed::Nul("b".into()));
        assert_eq!(Fields::parse(b"a%00=1").unwrap_err(), Malformed::Nul("a".into()));
    }
}
