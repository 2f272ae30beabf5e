//! The OAuth 2.0 authorization server and OpenID provider (RFC 6749, 7009, 7523, 7591, 7636, 7662, 8628; OpenID Connect
//! Core).
//!
//! Here is what the endpoints decide and store; how it looks on the wire is the business of `web::oauth`.

pub mod acr;
pub mod assertion;
pub mod authorize;
pub mod claims;
pub mod claims_request;
mod client_keys;
pub mod clients;
pub mod consents;
pub mod demands;
pub mod device_authorization;
pub mod end_session;
pub mod grants;
pub mod id_token;
pub mod id_token_hint;
pub mod logos;
pub mod redirect_uri;
mod refusal;
pub mod registration;
pub mod revoke;
pub mod signing_keys;
pub mod user_code;

pub use refusal::{Code, Refusal};

/// `oauth` and `experimental` settings that the grants need.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    pub access_token: std::time::Duration,
    /// Of legacy sessions that can refresh: `experimental.compat_token_ttl`.
    pub compat_access_token: std::time::Duration,
    /// `oauth.refresh_token_overlap`
    pub overlap: std::time::Duration,
    /// `oauth.end_session_on_replay`
    pub end_session_on_replay: bool,
}
