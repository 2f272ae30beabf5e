//! `account`: what people may do with their accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Seconds, Section};

/// What people may do with their accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AccountConfig {
    /// Whether people may change their e-mail addresses.
    pub email_change_allowed: bool,

    /// Whether people may change their display name.
    pub displayname_change_allowed: bool,

    /// Whether people may register with a password. Needs `passwords.enabled`.
    pub password_registration_enabled: bool,

    /// Whether registering with a password takes a verified e-mail address.
    pub password_registration_email_required: bool,

    /// Whether people may change their password. Needs `passwords.enabled`.
    pub password_change_allowed: bool,

    /// Whether people may set a new password by e-mail. Needs `passwords.enabled`.
    pub password_recovery_enabled: bool,

    /// Whether registering with a password takes a registration token.
    pub password_registration_token_required: bool,

    /// Whether people may deactivate their account.
    pub account_deactivation_allowed: bool,

    /// Whether people may make personal access tokens, with which programs of their own act as them (ours, not in MAS).
    pub personal_tokens_allowed: bool,

    /// The longest life of such a token in seconds, at least 86400 (a day); 0: they may live for ever (ours, not in MAS).
    pub personal_token_max_ttl: Seconds,

    /// Whether people may sign in with their e-mail address. Needs `passwords.enabled`.
    pub login_with_email_allowed: bool,

    /// Deprecated: whether any registration takes a registration token. Use `password_registration_token_required`
    /// and `upstream_oauth2.providers[].registration_token_required`.
    pub registration_token_required: bool,
}

impl Default for AccountConfig {
    fn default() -> Self {
        Self {
            email_change_allowed: true,
            displayname_change_allowed: true,
            password_registration_enabled: false,
            password_registration_email_required: true,
            password_change_allowed: true,
            password_recovery_enabled: false,
            password_registration_token_required: false,
            account_deactivation_allowed: true,
            personal_tokens_allowed: true,
            personal_token_max_ttl: Seconds(365 * 24 * 3600),
            login_with_email_allowed: false,
            registration_token_required: false,
        }
    }
}

impl Section for AccountConfig {
    const NAME: &'static str = "account";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        if (1..24 * 3600).contains(&self.personal_token_max_ttl.0) {
            problems.error_at("personal_token_max_ttl", "must be 0, or at least 86400 seconds (a day)");
        }
        if self.registration_token_required {
            problems.at("registration_token_required", |problems| {
                problems.warning(
                    "is deprecated: use account.password_registration_token_required and \
                     upstream_oauth2.providers.*.registration_token_required",
                );
            });
        }
    }
}
