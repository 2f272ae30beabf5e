//! In which order a list comes, and where in it a row stands.
//!
//! By id, which is by creation, unless `sort` says otherwise. Only what an index carries can be sorted by, so that a page costs
//! the same wherever it lies; anything else is refused with a list of what there is.

use std::{borrow::Cow, fmt};

use kernel::id::{Id, SessionId, parse_ulid};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use store::listing::Key;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;

/// What a list is sorted by: the id, if nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sort {
    pub key: Option<Key>,
    pub descending: bool,
}

/// A filter that comes with an order.
pub trait Sorted {
    fn sorted(&self) -> Sort;
}

/// By creation only. A minus reverses
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub enum ByCreation {
    #[serde(rename = "created_at")]
    Ascending,
    #[serde(rename = "-created_at")]
    Descending,
}

impl From<ByCreation> for Sort {
    fn from(sort: ByCreation) -> Self {
        Self { key: None, descending: matches!(sort, ByCreation::Descending) }
    }
}

/// Filters with a member `sort`.
macro_rules! sorted {
    ($filter:ty) => {
        impl $crate::sorted::Sorted for $filter {
            fn sorted(&self) -> $crate::sorted::Sort {
                self.sort.map(Into::into).unwrap_or_default()
            }
        }
    };
}
pub(crate) use sorted;

/// Where a row stands in a list: its id and, if the list is sorted by something else, what that is there. The row itself need
/// not be there any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub id: Uuid,
    pub key: Option<String>,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SessionId(self.id).ulid().fmt(f)?;
        let Some(key) = &self.key else { return Ok(()) };
        f.write_str(".")?;
        key.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        let (id, key) = text.split_once('.').map_or((&*text, None), |(id, key)| (id, Some(key)));
        let id = Uuid::from_u128(parse_ulid(id).map_err(D::Error::custom)?.0);
        let key = match key {
            Some(key) => Some(unhex(key).ok_or_else(|| D::Error::custom("no cursor of this list"))?),
            None => None,
        };
        Ok(Self { id, key })
    }
}

fn unhex(text: &str) -> Option<String> {
    let digits = text.as_bytes().chunks(2);
    // A sign before the digit would be read, too.
    let is_byte = |pair: &[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes = digits.map(|pair| if is_byte(pair) { byte(pair) } else { None }).collect::<Option<_>>()?;
    // PostgreSQL has no room for NUL.
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "An id or, if the list is sorted by something else, what `meta.page.cursor` or a link has",
            ))
            .pattern(Some("^[0-7][0-9A-HJKMNP-TV-Z]{25}(\\.([0-9a-f]{2})*)?$"))
            .examples([serde_json::json!("01KE34VF00M9S346Q3D25VT4F5")])
            .into()
    }
}

impl ToSchema for Cursor {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Cursor> {
        serde_json::from_value(text.into()).ok()
    }

    #[test]
    fn a_cursor_survives_the_way_there_and_back() {
        for key in [None, Some(String::new()), Some("zoë.".to_owned())] {
            let cursor = Cursor { id: Uuid::from_u128(1 << 100), key };
            assert_eq!(read(&cursor.to_string()), Some(cursor));
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let id = "01KE34VF00M9S346Q3D25VT4F5";
        for text in [
            "".into(),
            "x".into(),
            format!("{id}.6"),
            format!("{id}.+f"),
            format!("{id}.00"),
            format!("{id}.ff"),
        ] {
            assert_eq!(read(&text), None, "{text}");
        }
    }
}
