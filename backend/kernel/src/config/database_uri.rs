//! `database.uri`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::REDACTED;
use crate::Secret;

/// The address of a database. It may hold a password: printing masks it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUri(pub Secret<String>);

impl DatabaseUri {
    pub fn is_sqlite(&self) -> bool {
        self.0.expose().starts_with("sqlite:")
    }
}

impl fmt::Display for DatabaseUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.0.expose();
        if self.is_sqlite() {
            return f.write_str(uri);
        }
        // A password may also come as a parameter; which one is hard to tell in a URI that sqlx reads leniently.
        let secretive = uri.split_once('?').is_some_and(|(_, query)| query.contains("password"));
        match (secretive, uri.split_once("://").zip(uri.rsplit_once('@'))) {
            (true, _) => f.write_str(REDACTED),
            (false, Some(((scheme, rest), (credentials, host)))) if credentials.len() > scheme.len() + 3 => {
                let user = rest.split([':', '@']).next().unwrap_or_default();
                let masked = credentials[scheme.len() + 3..].contains(':');
                let password = if masked { format!(":{REDACTED}") } else { String::new() };
                write!(f, "{scheme}://{user}{password}@{host}")
            }
            (false, _) => f.write_str(uri),
        }
    }
}

impl fmt::Debug for DatabaseUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DatabaseUri {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DatabaseUri {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let uri = Secret::<String>::deserialize(from)?;
        if ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| uri.expose().starts_with(scheme)) {
            return Ok(Self(uri));
        }
        Err(serde::de::Error::custom(
            "is no database address: use sqlite://PATH, or postgres://user:password@host/database",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_an_address_never_shows_the_password() {
        for (uri, printed) in [
            ("postgresql://", "postgresql://"),
            ("sqlite://data/x.db?mode=rwc", "sqlite://data/x.db?mode=rwc"),
            ("postgres://db:5432/mas", "postgres://db:5432/mas"),
            ("postgres://mas@db/mas", "postgres://mas@db/mas"),
            (
                "postgres://mas:hunter2@db/mas?sslmode=require",
                "postgres://mas:[redacted]@db/mas?sslmode=require",
            ),
            ("postgres://mas:hunter2@hunter2@db/mas", "postgres://mas:[redacted]@db/mas"),
            ("postgres://:hunter2@db", "postgres://:[redacted]@db"),
            ("postgres://db/mas?user=mas&password=hunter2", "[redacted]"),
        ] {
            assert_eq!(DatabaseUri(Secret::new(uri.to_owned())).to_string(), printed);
        }
    }
}
