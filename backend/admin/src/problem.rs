//! What went wrong, as JSON: for every failure below `/api/`, also those of the framework.
//!
//! The first entry of `errors` is the problem, with a stable `code`; the others are its causes, outermost first. `title`
//! is for people. What lies inside the service is told to the log only, under the number in `x-request-id`.

use std::any::Any;

use axum::{
    Json,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, Kind, Op};
use serde::Serialize;
use utoipa::ToSchema;

/// A failure on its way out.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    title: String,
    causes: Vec<String>,
    source: Option<Source>,
    challenge: Option<HeaderValue>,
    fault: Option<Error>,
}

impl Problem {
    /// `code` is what programs may compare; `title` a sentence for people.
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            code,
            title: title.into(),
            causes: Vec::new(),
            source: None,
            challenge: None,
            fault: None,
        }))
    }

    pub fn invalid(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, title)
    }

    pub fn not_found(title: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", title)
    }

    pub fn conflict(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, title)
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.0.causes.push(cause.into());
        self
    }

    /// The query parameter at fault.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>) -> Self {
        self.0.source = Some(Source { parameter: Some(name.into()), pointer: None });
        self
    }

    /// The place in the body that is at fault (RFC 6901).
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.0.source = Some(Source { parameter: None, pointer: Some(pointer.into()) });
        self
    }

    /// What the caller could do about it (RFC 6750 §3).
    #[must_use]
    pub fn challenge(mut self, challenge: &str) -> Self {
        self.0.challenge = HeaderValue::from_str(challenge).ok();
        self
    }
}

impl<E: Into<Error>> From<E> for Problem {
    #[track_caller]
    fn from(error: E) -> Self {
        let error = error.into();
        let (status, code) = match error.kind {
            Kind::Invalid => (StatusCode::BAD_REQUEST, "invalid"),
            Kind::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            Kind::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Kind::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Kind::Conflict => (StatusCode::CONFLICT, "conflict"),
            Kind::Gone => (StatusCode::GONE, "gone"),
            Kind::Throttled => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
            Kind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Kind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        let mut problem = Self::new(status, code, error.public.clone());
        problem.0.fault = Some(error);
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Parts { status, code, title, causes, source, challenge, fault } = *self.0;
        if let Some(fault) = &fault {
            edge::telemetry::report(fault);
        }
        let first = ErrorEntry { title, code: Some(code), status: Some(status.as_u16().to_string()), source };
        let causes =
            causes.into_iter().map(|title| ErrorEntry { title, code: None, status: None, source: None });
        let body = ErrorResponse { errors: std::iter::once(first).chain(causes).collect() };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// What went wrong: the problem, and then its causes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorResponse {
    /// At least one. The first is the problem, the others are its causes, outermost first.
    #[schema(min_items = 1)]
    errors: Vec<ErrorEntry>,
}

/// One link of the chain from a problem to its cause.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
struct ErrorEntry {
    /// A sentence for people; it may change.
    title: String,
    /// What programs may compare; of the problem itself only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    code: Option<&'static str>,
    /// The status of the answer; of the problem itself only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    source: Option<Source>,
}

/// Which part of the request is at fault.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ErrorSource)]
struct Source {
    /// The name of a query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    parameter: Option<String>,
    /// A place in the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pointer: Option<String>,
}

/// `/api/…`, and nothing there.
pub async fn unknown_path() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "unknown_path",
        "There is no such operation: see /api/spec.json, and mind that slashes at the end count",
    )
}

pub async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This path does not know that method: the header `allow` names those that it knows",
    )
}

/// A handler has panicked: our fault, and answered like any other.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::from(Error::internal("a handler has panicked")).into_response()
}

/// PostgreSQL cannot keep NUL, so nothing has a name with it.
pub async fn without_nul(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path().contains("%00") || uri.query().is_some_and(|query| query.contains("%00")) {
        return Problem::invalid("nul", "The address contains a NUL character").into_response();
    }
    next.run(request).await
}

/// Tells under which name the log speaks of the request.
pub async fn with_request_id(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<Op>().map(|op| op.request_id.clone());
    let mut response = next.run(request).await;
    if let Some(id) = id.and_then(|id| HeaderValue::from_str(&id).ok()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}
