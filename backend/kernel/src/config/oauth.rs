//! `oauth`: behaviour of the OAuth 2.0 endpoints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Network, Problems, Seconds, Section};

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

    /// Clients that register themselves (ours, not in MAS).
    pub registration: RegistrationConfig,

    /// Networks to which the service may connect when a client names an address there (`jwks_uri`, `logo_uri`), besides
    /// the public internet: CIDR ranges or single addresses. Plain http is accepted there, too (ours, not in MAS).
    #[schemars(with = "Vec<String>")]
    pub allowed_fetch_networks: Vec<Network>,
}

/// Clients that register themselves (RFC 7591).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RegistrationConfig {
    /// Whether clients may register themselves. Without it, only the clients of the configuration can sign people in.
    pub enabled: bool,

    /// The hosts that clients may belong to: their `client_uri`, and every redirect URI of the web, must lead to one of
    /// these hosts or below it. When empty, any host will do.
    pub allowed_hosts: Vec<String>,

    /// After how many seconds a client is removed that registered itself and never had a session; 0: never. Apps that
    /// keep their registration find out when they next use it, so this should be long.
    pub unused_client_ttl: Seconds,
}

impl Default for RegistrationConfig {
    fn default() -> Self {
        Self { enabled: true, allowed_hosts: Vec::new(), unused_client_ttl: Seconds(90 * 24 * 3600) }
    }
}

impl RegistrationConfig {
    fn validate(&self, problems: &mut Problems) {
        problems.each("allowed_hosts", &self.allowed_hosts, |host, problems| {
            let is_host = url::Host::parse(host).is_ok_and(|parsed| parsed.to_string() == *host);
            if !is_host {
                problems.error("is not a host name in lower case, such as `app.example.com`");
            }
        });
    }
}

impl Default for OAuthConfig {
    fn default() -> Self {
        Self {
            device_code_grant_enabled: true,
            device_code_user_code_auto_fill_enabled: false,
            refresh_token_overlap: Seconds(10),
            end_session_on_replay: true,
            registration: RegistrationConfig::default(),
            allowed_fetch_networks: Vec::new(),
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
        problems.at("registration", |problems| self.registration.validate(problems));
    }
}
