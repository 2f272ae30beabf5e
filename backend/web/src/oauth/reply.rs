//! Answers of the JSON endpoints.

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::oauth::{Code, Refusal};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::Actor;
use serde_json::json;

/// How long discovery and keys may be kept: a new signing key must be published for longer before it signs
/// (`secrets.keys[].use_from`).
const KEPT_FOR: Duration = Duration::from_secs(300);

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
            // RFC 6749 §5.2 has 400; MAS, which clients know, has 403.
            Code::ScopeForbidden | Code::RegistrationNotSupported => StatusCode::FORBIDDEN,
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
        let Refusal { code, description, retry_after, fault, .. } = self.0;
        if let Some(fault) = &fault {
            edge::telemetry::report(fault);
        }
        let body = json!({ "error": code.as_str(), "error_description": description });
        let mut response = uncached(status, body);
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 6749 §5.2: the scheme that the client may have used, or should use.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"clients\""));
        }
        let wait = match retry_after {
            Some(wait) => Some(wait.as_secs() + 1),
            None => (status == StatusCode::SERVICE_UNAVAILABLE).then_some(5),
        };
        if let Some(wait) = wait {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
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

/// JSON that everybody gets alike and may keep for a while; whoever has it already is told so.
pub fn public(request: &HeaderMap, body: &serde_json::Value) -> Response {
    let body = body.to_string();
    let hash = kernel::token::hash(&body);
    let tag: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let has_it = request.get_all(header::IF_NONE_MATCH).iter().any(|sent| {
        let sent = sent.to_str().unwrap_or_default().split(',');
        sent.map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, format!("public, max-age={}", KEPT_FOR.as_secs())),
        (header::ETAG, tag),
    ];
    if has_it {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, body).into_response()
}

/// Names the authenticated caller in the request log.
pub fn by(mut response: Response, actor: Actor) -> Response {
    response.extensions_mut().insert(edge::telemetry::Requester(actor, None));
    response
}
