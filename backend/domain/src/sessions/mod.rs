//! Sessions of applications: OAuth 2.0, legacy (compat) and personal ones, and the tokens that stand for them.
//! Browser sessions are a different thing: see [`crate::users`].
//!
//! The invariant: a token is good for something only while its session is unfinished and its user neither locked
//! nor deactivated, and that is checked in the same statement that finds the token.

use serde::{Deserialize, Serialize};

pub mod accept;
pub mod activity;
pub mod count;
pub mod device;
pub mod devices;
pub mod end;
pub mod end_all;
pub mod issue;
pub mod pair;
pub mod refused;
pub mod rotate;

/// What a session came from; the text is what the table keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionKind {
    Oauth,
    /// Made by the legacy Matrix login API.
    Compat,
    Personal,
}

impl SessionKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oauth => "oauth",
            Self::Compat => "compat",
            Self::Personal => "personal",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Oauth, Self::Compat, Self::Personal].into_iter().find(|kind| kind.as_str() == name)
    }
}
