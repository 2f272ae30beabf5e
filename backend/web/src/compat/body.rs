//! Bodies and bearer tokens of the legacy API.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::{HeaderMap, StatusCode, header};
use kernel::Secret;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Problem;

/// What was sent, and whether it says what it is.
pub struct Body {
    pub bytes: Bytes,
    has_type: bool,
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    /// Without a `Content-Type`, a body is taken for JSON: old clients do not say so.
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).cloned();
        if kind.as_ref().is_some_and(|kind| !is_json(kind.to_str().unwrap_or_default())) {
            return Err(Problem::bad("M_NOT_JSON", "the Content-Type must be application/json"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "M_TOO_LARGE", "the body is longer than 2 MiB")
            } else {
                Problem::bad("M_UNKNOWN", "the body could not be read")
            }
        })?;
        Ok(Self { bytes, has_type: kind.is_some() })
    }
}

impl Body {
    /// Nothing was sent, and nothing was said about it.
    pub fn is_absent(&self) -> bool {
        self.bytes.is_empty() && !self.has_type
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The JSON of a body, in its shape.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|_| Problem::bad("M_NOT_JSON", "the body is not valid JSON"))?;
    serde_json::from_value(value).map_err(|error| Problem::bad("M_BAD_JSON", explained(&error)))
}

/// What is wrong with the shape. The library quotes what it found, which may be a password.
fn explained(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.strip_prefix("missing field ") {
        Some(field) => format!("the member {field} is missing"),
        None => "a member has another type than the specification says".to_owned(),
    }
}

/// The access token of the request: in the header, never in the address.
pub fn bearer(headers: &HeaderMap) -> Result<Secret<String>, Problem> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let token = match (lines.next(), lines.next()) {
        (Some(line), None) => line.to_str().ok().and_then(|line| line.split_once(' ')),
        _ => None,
    };
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(Secret::new(token.trim().to_owned()))
        }
        _ => Err(Problem::unauthorized(
            "M_MISSING_TOKEN",
            "send the access token in one header: Authorization: Bearer <token>",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_goes_by_many_names() {
        for good in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.x+json"] {
            assert!(is_json(good), "{good}");
        }
        for bad in ["", "text/json", "application/x-www-form-urlencoded", "json", "text/plain+json", "é"] {
            assert!(!is_json(bad), "{bad}");
        }
    }

    #[test]
    fn what_was_sent_is_not_quoted() {
        let problem = read::<Vec<bool>>(br#"["hunter2"]"#).unwrap_err();
        assert!(!problem.error.contains("hunter2"), "{problem:?}");
    }
}
