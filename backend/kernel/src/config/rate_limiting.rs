//! `rate_limiting`: how often something may be tried.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Section};

/// How often something may be tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RateLimitingConfig {
    /// Asking for a new password by e-mail.
    pub account_recovery: AccountRecoveryLimits,
    /// Checking a password.
    pub login: LoginLimits,
    /// Registering with a password, per client address.
    pub registration: Limiter,
    /// Verifying an e-mail address.
    pub email_authentication: EmailAuthenticationLimits,
    /// Entering the code that a device shows, per client address (ours, not in MAS).
    pub device_code_link: Limiter,
    /// Clients that register themselves, per client address (ours, not in MAS).
    pub client_registration: Limiter,
    /// Devices asking for a code, per client address (ours, not in MAS).
    pub device_authorization: Limiter,
    /// Sign-ins that apps send people here for, per client address, or per account of who is signed in already (ours, not
    /// in MAS). Everybody behind one address counts together: a thousand can begin at once, then two a second.
    pub app_request: Limiter,
    /// Refresh tokens that are refused, per client, client address and token (ours, not in MAS).
    pub refused_refresh: Limiter,
}

impl Default for RateLimitingConfig {
    fn default() -> Self {
        Self {
            account_recovery: AccountRecoveryLimits::default(),
            login: LoginLimits::default(),
            registration: limiter(3, 3.0 / HOUR),
            email_authentication: EmailAuthenticationLimits::default(),
            device_code_link: limiter(10, 1.0 / MINUTE),
            client_registration: limiter(50, 10.0 / MINUTE),
            device_authorization: limiter(30, 10.0 / MINUTE),
            app_request: limiter(1000, 2.0),
            refused_refresh: limiter(10, 10.0 / MINUTE),
        }
    }
}

impl Section for RateLimitingConfig {
    const NAME: &'static str = "rate_limiting";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        let (recovery, login, email) = (&self.account_recovery, &self.login, &self.email_authentication);
        for (path, limiter) in [
            ("account_recovery.per_ip", &recovery.per_ip),
            ("account_recovery.per_address", &recovery.per_address),
            ("login.per_ip", &login.per_ip),
            ("login.per_account", &login.per_account),
            ("registration", &self.registration),
            ("email_authentication.per_ip", &email.per_ip),
            ("email_authentication.per_address", &email.per_address),
            ("email_authentication.emails_per_session", &email.emails_per_session),
            ("email_authentication.attempt_per_session", &email.attempt_per_session),
            ("device_code_link", &self.device_code_link),
            ("client_registration", &self.client_registration),
            ("device_authorization", &self.device_authorization),
            ("app_request", &self.app_request),
            ("refused_refresh", &self.refused_refresh),
        ] {
            if !(limiter.per_second > 0.0 && limiter.per_second <= 1e9) {
                problems.at(path, |problems| {
                    problems.error_at("per_second", "must be above 0 and at most 1000000000");
                });
            }
        }
    }
}

/// Asking for a new password by e-mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AccountRecoveryLimits {
    /// Per client address.
    pub per_ip: Limiter,
    /// Per e-mail address.
    pub per_address: Limiter,
}

impl Default for AccountRecoveryLimits {
    fn default() -> Self {
        Self { per_ip: limiter(3, 3.0 / HOUR), per_address: limiter(3, 1.0 / HOUR) }
    }
}

/// Checking a password, at sign-in and when changing it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LoginLimits {
    /// Per client address.
    pub per_ip: Limiter,
    /// Per account.
    pub per_account: Limiter,
}

impl Default for LoginLimits {
    fn default() -> Self {
        Self { per_ip: limiter(3, 3.0 / MINUTE), per_account: limiter(1800, 1800.0 / HOUR) }
    }
}

/// Verifying an e-mail address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EmailAuthenticationLimits {
    /// Sending codes, per client address.
    pub per_ip: Limiter,
    /// Sending codes, per e-mail address.
    pub per_address: Limiter,
    /// Sending the code again, per verification.
    pub emails_per_session: Limiter,
    /// Entering codes, per verification.
    pub attempt_per_session: Limiter,
}

impl Default for EmailAuthenticationLimits {
    fn default() -> Self {
        Self {
            per_ip: limiter(5, 1.0 / MINUTE),
            per_address: limiter(3, 1.0 / HOUR),
            emails_per_session: limiter(2, 1.0 / 300.0),
            attempt_per_session: limiter(10, 1.0 / MINUTE),
        }
    }
}

/// At most `burst` at once, then `per_second` on average.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Limiter {
    /// How many at once.
    pub burst: NonZeroU32,
    /// How many per second on average; may be a fraction.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1_000_000_000))]
    pub per_second: f64,
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;

const fn limiter(burst: u32, per_second: f64) -> Limiter {
    Limiter { burst: NonZeroU32::new(burst).unwrap(), per_second }
}
