//! The `claims` parameter (OpenID Connect Core §5.5): claims that a client asks for by name.
//!
//! A claim that is not known, or not there, is left out of the answer, essential or not (§5.5.1); what is malformed
//! is the client's mistake and is told to it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is asked for, by where it is to be delivered. Other members are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: Wishes,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: Wishes,
}

/// By the name of the claim.
pub type Wishes = BTreeMap<String, Wish>;

/// How a claim is asked for (§5.5.1). The default, `null` in the parameter, is: voluntarily, with any value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// `values`, or the one `value`; empty if any will do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

impl ClaimsRequest {
    /// Reads the parameter.
    pub fn parse(text: &str) -> Result<Self, InvalidClaims> {
        // PostgreSQL cannot keep it, and no claim has a use for it.
        if text.contains("\\u0000") {
            return Err(InvalidClaims("claims contains a NUL character".into()));
        }
        let members: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| InvalidClaims("claims must be a JSON object".into()))?;
        Ok(Self { userinfo: wishes(&members, "userinfo")?, id_token: wishes(&members, "id_token")? })
    }
}

impl Wish {
    /// The values that are texts: those of `acr` and `sub` are.
    pub fn texts(&self) -> Vec<String> {
        self.values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// Why the parameter cannot be taken, as a sentence for the client's developer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidClaims(String);

impl fmt::Display for InvalidClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidClaims {}

fn wishes(members: &Map<String, Value>, member: &str) -> Result<Wishes, InvalidClaims> {
    match members.get(member) {
        None | Some(Value::Null) => Ok(Wishes::new()),
        Some(Value::Object(claims)) => claims
            .iter()
            .map(|(name, wish)| Ok((name.clone(), read(wish, &format!("claims.{member}.{}", tame(name)))?)))
            .collect(),
        Some(_) => Err(InvalidClaims(format!("claims.{member} must be an object with one member per claim"))),
    }
}

fn read(wish: &Value, place: &str) -> Result<Wish, InvalidClaims> {
    let members = match wish {
        Value::Null => return Ok(Wish::default()),
        Value::Object(members) => members,
        _ => return Err(InvalidClaims(format!("{place} must be null or an object"))),
    };
    let essential = match members.get("essential") {
        None => false,
        Some(Value::Bool(essential)) => *essential,
        Some(_) => return Err(InvalidClaims(format!("{place}.essential must be true or false"))),
    };
    let values = match (members.get("value"), members.get("values")) {
        (None, None) => Vec::new(),
        (Some(value), None) => vec![value.clone()],
        (None, Some(Value::Array(values))) if !values.is_empty() => values.clone(),
        (None, Some(_)) => return Err(InvalidClaims(format!("{place}.values must be a list of values"))),
        (Some(_), Some(_)) => {
            return Err(InvalidClaims(format!("{place} has both value and values: send one of them")));
        }
    };
    Ok(Wish { essential, values })
}

/// Names come back in error descriptions, which are printable ASCII (RFC 6749 §4.1.2.1).
fn tame(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        ClaimsRequest::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_example_of_the_specification_is_understood() {
        let request = ClaimsRequest::parse(
            r#"{
             "userinfo": {
               "given_name": {"essential": true}, "nickname": null, "picture": null,
               "http://example.info/claims/groups": null
             },
             "id_token": {
               "auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}
             }
            }"#,
        );
        let request = request.unwrap();
        assert!(request.userinfo["given_name"].essential && !request.userinfo["nickname"].essential);
        assert_eq!(request.userinfo.len(), 4);
        assert_eq!(request.id_token["acr"].texts(), ["urn:mace:incommon:iap:silver"]);
    }

    #[test]
    fn one_value_and_several_read_alike_and_survive_storage() {
        let one = ClaimsRequest::parse(r#"{"id_token":{"sub":{"value":"248289761001"}},"x":1}"#).unwrap();
        let list = ClaimsRequest::parse(r#"{"id_token":{"sub":{"values":["248289761001"]}}}"#).unwrap();
        assert_eq!(one, list);
        let stored = serde_json::to_string(&one).unwrap();
        assert_eq!(stored, r#"{"id_token":{"sub":{"values":["248289761001"]}}}"#);
        assert_eq!(serde_json::from_str::<ClaimsRequest>(&stored).unwrap(), one);
    }

    #[test]
    fn nothing_asked_is_nothing_kept() {
        for text in ["{}", r#"{"userinfo":null}"#, r#"{"id_token":{},"other":[1]}"#] {
            assert_eq!(ClaimsRequest::parse(text).unwrap(), ClaimsRequest::default(), "{text}");
        }
    }

    #[test]
    fn what_is_malformed_is_named() {
        assert_eq!(wrong(r#"{"id_token":{"acr":{"value":"\u0000"}}}"#), "claims contains a NUL character");
        for text in ["", "[]", "null", "\"x\"", "{", "{}{}"] {
            assert_eq!(wrong(text), "claims must be a JSON object", "{text}");
        }
        for (text, place) in [
            (r#"{"userinfo":[]}"#, "claims.userinfo must"),
            (r#"{"id_token":"x"}"#, "claims.id_token must"),
            (r#"{"id_token":{"acr":1}}"#, "claims.id_token.acr must"),
            (r#"{"id_token":{"acr":{"essential":"yes"}}}"#, "claims.id_token.acr.essential"),
            (r#"{"id_token":{"acr":{"values":"x"}}}"#, "claims.id_token.acr.values"),
            (r#"{"id_token":{"acr":{"values":[]}}}"#, "claims.id_token.acr.values"),
            (r#"{"id_token":{"acr":{"value":1,"values":[1]}}}"#, "both value and values"),
            ("{\"userinfo\":{\"\\\"\u{e9}\\n<b>\":1}}", "claims.userinfo.<b> must"),
        ] {
            assert!(wrong(text).contains(place), "{text}: {}", wrong(text));
        }
    }
}
