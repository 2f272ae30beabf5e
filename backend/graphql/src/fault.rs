//! What errors say, and what they keep to themselves.

use std::{fmt, sync::Arc, time::Duration};

use async_graphql::{Enum, ErrorExtensionValues, ServerError, Value};
use kernel::{Kind, Op};

/// The values of `extensions.code` in errors. Latchkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ErrorCode {
    /// Nobody is signed in, or no longer: sign in and come back.
    Unauthenticated,
    /// Somebody is signed in who may not do this.
    Forbidden,
    /// An argument makes no sense; the message says which.
    BadInput,
    InvalidId,
    InvalidCursor,
    /// More than 100 asked for, or neither `first` nor `last`.
    InvalidPage,
    /// Too deep or too wide a question.
    TooComplex,
    /// Too often; `extensions.retryAfter` says how many seconds to wait.
    RateLimited,
    /// The operator has switched this off.
    Disabled,
    /// What is asked for has happened already, or can no longer happen.
    Conflict,
    /// The homeserver did not answer, or not as expected.
    HomeserverUnavailable,
    /// Our fault. The message holds a reference for the log, and nothing else.
    Internal,
}

impl ErrorCode {
    pub fn name(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadInput => "BAD_INPUT",
            Self::InvalidId => "INVALID_ID",
            Self::InvalidCursor => "INVALID_CURSOR",
            Self::InvalidPage => "INVALID_PAGE",
            Self::TooComplex => "TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::Disabled => "DISABLED",
            Self::Conflict => "CONFLICT",
            Self::HomeserverUnavailable => "HOMESERVER_UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A refusal. Its message may be read by a stranger.
#[derive(Clone, Debug)]
pub struct Fault {
    pub code: ErrorCode,
    pub message: String,
    retry_after: Option<Duration>,
}

impl Fault {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    /// The message is the same for whoever is not signed in and whoever may not: MAS's clients look for it.
    pub fn unauthorized(signed_in: bool) -> Self {
        let code = if signed_in { ErrorCode::Forbidden } else { ErrorCode::Unauthenticated };
        Self::new(code, "Unauthorized")
    }

    pub fn throttled(wait: Duration) -> Self {
        let message = "too many attempts: wait, then try again";
        Self { retry_after: Some(wait), ..Self::new(ErrorCode::RateLimited, message) }
    }

    pub fn disabled(what: &str) -> Self {
        Self::new(ErrorCode::Disabled, format!("{what} is not allowed on this server"))
    }

    /// What the homeserver did goes to the log.
    pub fn homeserver(error: &kernel::Error) -> Self {
        edge::telemetry::report(error);
        Self::new(
            ErrorCode::HomeserverUnavailable,
            "the homeserver does not answer as expected, please try again",
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Completes an error on its way out: a code for every one, no causes for strangers, and a log line for those that are our
/// fault.
pub fn explain(error: &mut ServerError, op: &Op) {
    let shared = error.source::<Arc<kernel::Error>>().map(AsRef::as_ref);
    let code = if let Some(fault) = error.source::<Fault>().cloned() {
        if let Some(wait) = fault.retry_after {
            set(error, "retryAfter", Value::from(wait.as_secs() + 1));
        }
        fault.code
    } else if let Some(failure) = shared.or_else(|| error.source::<kernel::Error>()) {
        edge::telemetry::report(failure);
        let code = of_kind(failure.kind);
        if code == ErrorCode::Internal {
            error.message = format!("{} ({})", failure.public, op.request_id);
        }
        code
    } else if error.source.is_some() {
        tracing::error!("an error of unknown kind: {}", error.message);
        error.message = format!("something went wrong on our side ({})", op.request_id);
        ErrorCode::Internal
    } else if error.message == "Query is too complex." {
        ErrorCode::TooComplex
    } else {
        // The library's own: it could not read the request.
        ErrorCode::BadInput
    };
    set(error, "code", Value::from(code.name()));
    // Neither the source nor its type is anybody's business.
    error.source = None;
}

fn of_kind(kind: Kind) -> ErrorCode {
    match kind {
        Kind::Invalid | Kind::NotFound => ErrorCode::BadInput,
        Kind::Unauthenticated => ErrorCode::Unauthenticated,
        Kind::Forbidden => ErrorCode::Forbidden,
        Kind::Conflict | Kind::Gone => ErrorCode::Conflict,
        Kind::Throttled => ErrorCode::RateLimited,
        Kind::Unavailable | Kind::Internal => ErrorCode::Internal,
    }
}

fn set(error: &mut ServerError, name: &str, value: Value) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
}
