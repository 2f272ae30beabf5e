//! `oauth`: behaviour of the OAuth 2.0 endpoints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Seconds, Section};

/// Behaviour of the OAuth 2.0 endpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OAuthConfig {
    /// Whether devices may sign in by showing a code (RFC 8628).
    pub device_code_grant_enabled: bool,

    /// Whether the link that a device shows fills in the code.
    pub device_code_user_code_auto_fill_enabled: bool,

    /// How long after the first use of its successor a refresh token still yields that same successor, in seconds,
    /// 0 to 60; 0: only until the first use, as in MAS (ours, not in MAS).
    #[schemars(range(max = 60))]
    pub refresh_token_overlap: Seconds,

    /// Whether a refresh token that is presented again after that ends its session (ours, not in MAS).
    pub end_session_on_replay: bool,
}

impl Default for OAuthConfig {
    fn default() -> Self {
        Self {
            device_code_grant_enabled: true,
            device_code_user_code_auto_fill_enabled: false,
            refresh_token_overlap: Seconds(10),
            end_session_on_replay: true,
        }
    }
}

impl Section for OAuthConfig {
    const NAME: &'static str = "oauth";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        if self.refresh_token_overlap > Seconds(60) {
            problems.error_at("refresh_token_overlap", "must lie between 0 and 60 seconds");
        }
    }
}
