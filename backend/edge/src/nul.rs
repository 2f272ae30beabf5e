//! Text that the database can keep: PostgreSQL has no room for NUL.

use serde_json::Value;

/// Whether a text or a name in it holds NUL. It nests no deeper than its parser lets it.
pub fn is_in_json(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(is_in_json),
        Value::Object(members) => {
            members.iter().any(|(name, value)| name.contains('\0') || is_in_json(value))
        }
    }
}
