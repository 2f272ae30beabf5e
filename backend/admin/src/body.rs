//! Reading JSON bodies: `application/json` or `application/…+json`.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use edge::App;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::Problem;

/// A body that must be there.
pub struct Body<T>(pub T);

/// A body that may be left out, together with its content type.
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(unsupported());
        }
        parse(&read(request, app).await?).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<App> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if request.headers().get(header::CONTENT_TYPE).is_none() {
            return Ok(Self(T::default()));
        }
        Body::from_request(request, app).await.map(|Body(value)| Self(value))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|rest| rest == "json" || rest.strip_suffix("+json").is_some_and(|kind| !kind.is_empty()))
}

fn unsupported() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Send the body as JSON, with the header `content-type: application/json`",
    )
}

async fn read(request: Request, app: &App) -> Result<Bytes, Problem> {
    Bytes::from_request(request, app).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(failure) if failure.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is larger than 2 MiB")
        }
        other => Problem::invalid("unreadable_body", "The body could not be read to its end")
            .because(other.body_text()),
    })
}

/// 400 for what is no JSON, 422 for JSON of another shape.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| {
        Problem::invalid("invalid_json", "The body is not valid JSON").because(error.to_string())
    })?;
    let invalid = |cause: String| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_body",
            "The body has not the shape that is asked for",
        )
        .because(cause)
    };
    if edge::nul::is_in_json(&value) {
        return Err(invalid("it contains a NUL character, which cannot be kept".to_owned()));
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| invalid(error.inner().to_string()).pointer(pointer(error.path())))
}

/// As RFC 6901 has it.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for step in path.iter() {
        match step {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key: name } | Segment::Enum { variant: name } => {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => break,
        }
    }
    pointer
}
