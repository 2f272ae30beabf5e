//! `captcha`: tells people from machines at registration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Section, values::redacted};
use crate::Secret;

/// Tells people from machines at registration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaptchaConfig {
    /// The service that is asked; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<CaptchaService>,

    /// The public key that the service gave you. Required with `service`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_key: Option<String>,

    /// The secret key that the service gave you. Required with `service`.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub secret_key: Option<Secret<String>>,
}

impl Section for CaptchaConfig {
    const NAME: &'static str = "captcha";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        if self.service.is_some() {
            problems.required(("site_key", &self.site_key), "a captcha service");
            problems.required(("secret_key", &self.secret_key), "a captcha service");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CaptchaService {
    #[serde(rename = "recaptcha_v2")]
    RecaptchaV2,
    #[serde(rename = "cloudflare_turnstile")]
    CloudflareTurnstile,
    #[serde(rename = "hcaptcha")]
    Hcaptcha,
}
