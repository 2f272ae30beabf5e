//! What the protocol endpoints answer instead of a success.

use std::{borrow::Cow, time::Duration};

use kernel::{Error, Kind, id::SessionId};
use store::DbErr;

/// Error codes of RFC 6749 §5.2 and the specifications that extend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    InvalidScope,
    /// `invalid_scope` with the status 403: well formed, but the policy does not allow it.
    ScopeForbidden,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedResponseType,
    /// RFC 7009 §2.2.1.
    UnsupportedTokenType,
    AccessDenied,
    /// OpenID Connect Core §3.1.2.6.
    LoginRequired,
    ConsentRequired,
    InteractionRequired,
    AccountSelectionRequired,
    /// OpenID Connect Core Error Code unmet_authentication_requirements 1.0.
    UnmetAuthenticationRequirements,
    RequestNotSupported,
    RequestUriNotSupported,
    RegistrationNotSupported,
    /// RFC 7591 §3.2.2.
    InvalidRedirectUri,
    InvalidClientMetadata,
    /// RFC 8628 §3.5, to a device that asks whether its person has agreed.
    AuthorizationPending,
    SlowDown,
    ExpiredToken,
    /// `access_denied` of the same section: the person has refused.
    DeviceRejected,
    ServerError,
    TemporarilyUnavailable,
}

impl Code {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope | Self::ScopeForbidden => "invalid_scope",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::AccessDenied | Self::DeviceRejected => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The refusal with this code; `description` is for the developer of the client: what is wrong and how to mend it.
    pub fn because(self, description: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal {
            code: self,
            description: description.into(),
            fault: None,
            retry_after: None,
            session: None,
            is_passing: false,
        }
    }
}

/// A code, a sentence for the client's developer, and, if it was no refusal but a failure, what failed (for the log).
#[derive(Debug)]
pub struct Refusal {
    pub code: Code,
    pub description: Cow<'static, str>,
    pub fault: Option<Error>,
    /// There were too many requests: how long to wait.
    pub retry_after: Option<Duration>,
    /// Whose token or code it was, if that is known (for the log).
    pub session: Option<SessionId>,
    /// What was presented is in order and may be accepted later: asking again is no hammering.
    pub is_passing: bool,
}

impl Refusal {
    /// The same, told of a session.
    pub fn of(self, session: SessionId) -> Self {
        Self { session: Some(session), ..self }
    }

    /// Too many requests. RFC 6749 has no code for it; this one tells clients that the fault is not in what they hold.
    pub fn throttled(wait: Duration) -> Self {
        let refusal = Code::TemporarilyUnavailable
            .because("there were too many requests: wait as long as the Retry-After header says");
        Self { retry_after: Some(wait), ..refusal }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let code = match error.kind {
            Kind::Internal => Code::ServerError,
            Kind::Unavailable | Kind::Throttled => Code::TemporarilyUnavailable,
            _ => Code::InvalidRequest,
        };
        let description = error.public.clone();
        Self { fault: Some(error), ..code.because(description) }
    }
}

impl From<DbErr> for Refusal {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        Error::from(error).into()
    }
}
