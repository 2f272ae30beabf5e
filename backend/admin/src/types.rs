//! How instants and ids look on the wire.

use std::fmt;

use kernel::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

/// An instant in RFC 3339: printed in UTC with no fraction, or with one of three or six digits; read with any offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub Timestamp);

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = Timestamp::from_secs(self.0.as_secs());
        let text = whole.rfc3339();
        let seconds = text.trim_end_matches('Z');
        match self.0.0.rem_euclid(1_000_000) {
            0 => write!(f, "{seconds}Z"),
            micros if micros % 1_000 == 0 => write!(f, "{seconds}.{:03}Z", micros / 1_000),
            micros => write!(f, "{seconds}.{micros:06}Z"),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        parse(&text).map(Self).ok_or_else(|| {
            D::Error::custom("not an instant in RFC 3339: expected something like 2026-01-31T12:00:00Z")
        })
    }
}

/// jiff reads more than RFC 3339 does, such as names of time zones.
fn parse(text: &str) -> Option<Timestamp> {
    let shaped = text.len() >= 20
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-+:.TtZz ".contains(&byte))
        && (text.ends_with(['Z', 'z']) || text.as_bytes()[text.len() - 3] == b':');
    Timestamp::parse_rfc3339(text).filter(|_| shaped)
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples([serde_json::json!("2026-01-31T12:00:00Z")])
            .into()
    }
}

impl ToSchema for Instant {
    fn name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
}

/// What every id is on the wire: a ULID, 26 characters of Crockford base32, in upper case. It orders by creation.
#[derive(Clone, Copy, Debug)]
pub struct Ulid;

impl PartialSchema for Ulid {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .title(Some("ULID"))
            .description(Some("An id: 26 characters of Crockford base32, which order by creation"))
            .pattern(Some("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"))
            .examples([serde_json::json!("01KE34VF00M9S346Q3D25VT4F5")])
            .into()
    }
}

impl ToSchema for Ulid {
    fn name() -> std::borrow::Cow<'static, str> {
        "ULID".into()
    }
}

/// What the path of one thing says. The document describes it with each operation; of clients that are generated from it, some name
/// types after this.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its shape matters")]
pub struct UlidInPath {
    id: Ulid,
}

/// Likewise, of a person by name.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its shape matters")]
pub struct UsernamePathParam {
    /// The localpart
    username: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_fractions_in_groups_of_three() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (250_000, "1970-01-01T00:00:00.250Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (1_768_000_000_000_000, "2026-01-09T23:06:40Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(Instant(Timestamp(micros)).to_string(), text);
        }
    }

    #[test]
    fn instants_need_a_time_and_an_offset() {
        let at = |text| parse(text).map(|at| at.0);
        for text in ["1970-01-01T01:00:00+01:00", "1970-01-01 00:00:00Z", "1970-01-01t00:00:00z"] {
            assert_eq!(at(text), Some(0), "{text}");
        }
        for text in ["", "0", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00Z", "yesterday"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
