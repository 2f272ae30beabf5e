//! How the layers of the data document are laid over each other.

use serde_json::{Map, Value};

use super::Problem;

/// Objects merge key by key, lists are joined, equal kinds are replaced, `null` gives way and takes away. Anything
/// else cannot be merged: the operator has mistaken one key for another.
pub(super) fn merge(under: Value, over: Value) -> Result<Value, Problem> {
    at("", under, over)
}

fn at(path: &str, under: Value, over: Value) -> Result<Value, Problem> {
    match (under, over) {
        (_, Value::Null) => Ok(Value::Null),
        (Value::Null, over) => Ok(over),
        (Value::Object(under), Value::Object(over)) => objects(path, under, over).map(Value::Object),
        (Value::Array(mut under), Value::Array(over)) => {
            under.extend(over);
            Ok(Value::Array(under))
        }
        (Value::String(_), over @ Value::String(_))
        | (Value::Number(_), over @ Value::Number(_))
        | (Value::Bool(_), over @ Value::Bool(_)) => Ok(over),
        (under, over) => Err(Problem::new(
            path,
            format!("cannot merge {} into {}: give it the same kind of value", kind(&over), kind(&under)),
        )),
    }
}

fn objects(
    path: &str,
    mut under: Map<String, Value>,
    over: Map<String, Value>,
) -> Result<Map<String, Value>, Problem> {
    for (key, over) in over {
        let merged = match under.remove(&key) {
            Some(under) => at(&super::node::below(path, &key), under, over)?,
            None => over,
        };
        under.insert(key, merged);
    }
    Ok(under)
}

/// A value's kind, with its article.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn layers_merge_as_documented() {
        for (under, over, merged) in [
            (
                json!({"a": {"b": 1, "c": 2}}),
                json!({"a": {"c": 3, "d": 4}}),
                json!({"a": {"b": 1, "c": 3, "d": 4}}),
            ),
            (json!({"a": [1, 2]}), json!({"a": [2, 3]}), json!({"a": [1, 2, 2, 3]})),
            (json!({"a": "x"}), json!({"a": "y"}), json!({"a": "y"})),
            (json!({"a": 1}), json!({"a": 2.5}), json!({"a": 2.5})),
            (json!({"a": true}), json!({"a": false}), json!({"a": false})),
            (json!({"a": null}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"a": [1]}), json!({"a": null}), json!({"a": null})),
            (json!({"a": null}), json!({"a": null}), json!({"a": null})),
        ] {
            assert_eq!(merge(under.clone(), over.clone()), Ok(merged), "{under} {over}");
        }
    }

    #[test]
    fn different_kinds_do_not_merge() {
        let error = merge(json!({"a": {"b": [1]}}), json!({"a": {"b": "1"}})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.b: cannot merge a string into a list: give it the same kind of value"
        );
        assert!(merge(json!({"a": {}}), json!({"a": []})).is_err());
        assert!(merge(json!({"a": 1}), json!({"a": true})).is_err());
    }
}
