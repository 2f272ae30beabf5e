//! Instants and addresses on the wire.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use kernel::Timestamp;

/// An instant, RFC 3339 in UTC.
pub struct DateTime(pub Timestamp);

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let parsed = Timestamp::parse_rfc3339(text);
        parsed.map(Self).ok_or_else(|| InputValueError::custom("not an instant of RFC 3339"))
    }

    fn to_value(&self) -> Value {
        // As MAS's clients know it.
        let text = self.0.rfc3339();
        Value::String(text.strip_suffix('Z').map_or_else(|| text.clone(), |text| format!("{text}+00:00")))
    }
}

/// An absolute URL.
pub struct Url(pub url::Url);

#[Scalar]
impl ScalarType for Url {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        text.parse().map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl Url {
    /// `None` also for what is no URL.
    pub fn of(text: Option<&String>) -> Option<Self> {
        text?.parse().ok().map(Self)
    }
}
