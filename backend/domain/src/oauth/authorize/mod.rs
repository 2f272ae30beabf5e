//! The authorization endpoint (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2): judging a request, keeping it while a
//! person signs in and consents, and settling it.

mod grant;
mod request;

use serde_json::Map;
use url::Url;

pub(super) use grant::CODE_LIFETIME;
pub use grant::{
    Approval, Fulfilled, Grant, GrantState, cancel, choose_account, deliver_again, fulfil, get, start,
};
pub use request::{Judgement, Request, judge};

/// How the answer travels back (OAuth 2.0 Multiple Response Type Encoding Practices, Form Post Response Mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Query, Self::Fragment, Self::FormPost].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// Where and how a client gets its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    pub redirect_uri: Url,
    pub mode: ResponseMode,
    pub state: Option<String>,
}

/// The parameters of the request, each at most once.
pub type Parameters = Map<String, serde_json::Value>;
