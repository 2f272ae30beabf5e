//! The OAuth 2.0 and OpenID Connect endpoints, as clients and the homeserver meet them.

mod bad_input;
mod budgets;
mod client_assertions;
mod client_credentials;
mod code_exchange;
mod demands;
mod device;
mod discovery;
mod end_session;
pub mod introspection;
mod jwks_uri;
mod logos;
mod reasons;
mod refresh;
mod registration;
mod revocation;
mod rotated_secrets;
mod signing_keys;
mod unavailable;
mod userinfo;

use std::time::Duration;

pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// What [`testkit::Answer::refusal`] gives.
pub fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
