//! The token endpoint's grants, one file each.

mod announce;
pub mod authorization_code;
pub mod client_credentials;
pub mod device_code;
pub mod direct;
pub mod refresh_token;
mod start;

use std::time::Duration;

pub(super) use start::NewSession;

use kernel::{Scope, Token, id::SessionId};

/// What a successful token request gives.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: Token,
    pub expires_in: Duration,
    pub refresh: Option<Token>,
    pub id_token: Option<String>,
    pub scope: Scope,
    pub session: SessionId,
}
