//! Answers of the legacy API (client-server API, §Standard error response).

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use edge::telemetry::Requester;
use http::{HeaderValue, StatusCode, header};
use kernel::{Actor, Error, Kind, id::UserId};
use serde_json::json;
use store::DbErr;

/// A refusal or failure on its way out.
#[derive(Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub errcode: &'static str,
    /// For the developer of the client: what is wrong and how to mend it.
    pub error: Cow<'static, str>,
    /// There were too many requests: how long to wait.
    retry_after: Option<Duration>,
    /// The client may keep what it has, and try again later.
    soft_logout: bool,
    /// For the log.
    fault: Option<Error>,
}

impl Problem {
    pub fn new(status: StatusCode, errcode: &'static str, error: impl Into<Cow<'static, str>>) -> Self {
        Self { status, errcode, error: error.into(), retry_after: None, soft_logout: false, fault: None }
    }

    /// The request is at fault.
    pub fn bad(errcode: &'static str, error: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, errcode, error)
    }

    pub fn forbidden(error: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "M_FORBIDDEN", error)
    }

    pub fn unauthorized(errcode: &'static str, error: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, errcode, error)
    }

    pub fn unknown_token(error: &'static str) -> Self {
        Self::unauthorized("M_UNKNOWN_TOKEN", error)
    }

    pub fn user_locked() -> Self {
        Self::unauthorized("M_USER_LOCKED", "this account is locked")
    }

    /// What the client has is good again when the account is unlocked (client-server API, §Account locking).
    #[must_use]
    pub fn soft(self) -> Self {
        Self { soft_logout: true, ..self }
    }

    pub fn throttled(wait: Duration) -> Self {
        let error = "there were too many attempts: wait as long as retry_after_ms says";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "M_LIMIT_EXCEEDED", error);
        Self { retry_after: Some(wait), ..problem }
    }

    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "M_UNKNOWN", "something went wrong on our side")
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = match error.kind {
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let problem = Self::new(status, "M_UNKNOWN", error.public.clone());
        Self { fault: Some(error), ..problem }
    }
}

impl From<DbErr> for Problem {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Some(fault) = &self.fault {
            edge::telemetry::report(fault);
        }
        let mut body = json!({ "errcode": self.errcode, "error": self.error });
        if let Some(wait) = self.retry_after {
            body["retry_after_ms"] = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).into();
        }
        if self.soft_logout {
            body["soft_logout"] = true.into();
        }
        let mut response = uncached(self.status, body);
        let wait = match self.retry_after {
            Some(wait) => Some(wait.as_secs() + 1),
            None => (self.status == StatusCode::SERVICE_UNAVAILABLE).then_some(5),
        };
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

/// JSON that nobody may keep: it may hold tokens.
pub fn uncached(status: StatusCode, body: serde_json::Value) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// A success, with the authenticated caller for the request log.
pub fn done(user: UserId, body: serde_json::Value) -> Response {
    let mut response = uncached(StatusCode::OK, body);
    response.extensions_mut().insert(Requester(Actor::User(user), None));
    response
}

pub async fn not_found() -> Problem {
    let error = "there is no such endpoint here: most of the client-server API is the homeserver's";
    Problem::new(StatusCode::NOT_FOUND, "M_UNRECOGNIZED", error)
}

pub async fn not_allowed() -> Problem {
    let error = "this endpoint does not have that method";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "M_UNRECOGNIZED", error)
}
