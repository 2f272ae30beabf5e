//! Answers of the JSON endpoints.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::oauth::{Code, Refusal};
use http::{HeaderValue, StatusCode, header};
use kernel::Actor;
use serde_json::json;

/// A refusal on its way out (RFC 6749 §5.2).
pub struct Problem(pub Refusal);

impl<E: Into<Refusal>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Problem {
    pub const fn status(&self) -> StatusCode {
        if self.0.retry_after.is_some() {
            return StatusCode::TOO_MANY_REQUESTS;
        }
        match self.0.code {
            Code::InvalidClient | Code::UnauthorizedClient | Code::AccessDenied => StatusCode::UNAUTHORIZED,
            // 400 by RFC 8628 §3.5 with RFC 6749 §5.2; 403 is what devices have been answered here, and they read the code.
            Code::AuthorizationPending | Code::SlowDown | Code::ExpiredToken | Code::DeviceRejected => {
                StatusCode::FORBIDDEN
            }
            Code::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Code::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let Refusal { code, description, fault, retry_after } = self.0;
        if let Some(fault) = &fault {
            edge::telemetry::report(fault);
        }
        let body = json!({ "error": code.as_str(), "error_description": description });
        let mut response = uncached(status, body);
        let headers = response.headers_mut();
        if code == Code::InvalidClient {
            // RFC 6749 §5.2: the scheme that the client may have used, or should use.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"clients\""));
        }
        if let Some(wait) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
        } else if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// JSON that nobody may keep: it may hold tokens.
pub fn uncached(status: StatusCode, body: impl serde::Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// Names the authenticated caller in the request log.
pub fn by(mut response: Response, actor: Actor) -> Response {
    response.extensions_mut().insert(edge::telemetry::Requester(actor, None));
    response
}
