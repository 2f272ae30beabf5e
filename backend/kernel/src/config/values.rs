//! Small values that several sections share.

use std::{borrow::Cow, path::Path, time::Duration};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

use crate::Secret;

/// Stands where a secret would be written.
pub const REDACTED: &str = "[redacted]";

/// For `#[serde(serialize_with)]` on secrets; an absent one is left out by `skip_serializing_if`.
pub(super) fn redacted<T, S: Serializer>(_secret: &T, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(REDACTED)
}

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Seconds(pub u64);

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        Self::from_secs(seconds.0)
    }
}

/// A secret that stands in the file, or in a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a, T = String> {
    Inline(&'a Secret<T>),
    File(&'a Path),
}

impl<'a, T> Source<'a, T> {
    /// Of a key and its `_file` variant; validation has made sure that they are not both there.
    pub(super) fn of(inline: &'a Option<Secret<T>>, file: &'a Option<std::path::PathBuf>) -> Option<Self> {
        match (inline, file) {
            (Some(secret), _) => Some(Self::Inline(secret)),
            (None, Some(path)) => Some(Self::File(path)),
            (None, None) => None,
        }
    }
}

impl<T: JsonSchema> JsonSchema for Secret<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

pub(super) fn ulid_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$" })
}

pub(super) const fn yes() -> bool {
    true
}
