//! The whole file.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    AccountConfig, BrandingConfig, CaptchaConfig, ClientsConfig, DatabaseConfig, EmailConfig,
    ExperimentalConfig, HttpConfig, MatrixConfig, OAuthConfig, PasswordsConfig, PolicyConfig,
    RateLimitingConfig, RetentionConfig, SecretsConfig, TelemetryConfig, TemplatesConfig, UpstreamConfig,
};

/// Every section. Serialising leaves out what is at its default, except for the sections that every deployment
/// looks at.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "RootConfig")]
pub struct RootConfig {
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub clients: ClientsConfig,
    #[schemars(default)]
    pub http: HttpConfig,
    #[schemars(default)]
    pub database: DatabaseConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub telemetry: TelemetryConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub templates: TemplatesConfig,
    #[schemars(default)]
    pub email: EmailConfig,
    pub secrets: SecretsConfig,
    #[schemars(default)]
    pub passwords: PasswordsConfig,
    pub matrix: MatrixConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub policy: PolicyConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub rate_limiting: RateLimitingConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub upstream_oauth2: UpstreamConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub branding: BrandingConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub captcha: CaptchaConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub account: AccountConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub oauth: OAuthConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub experimental: ExperimentalConfig,
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(default)]
    pub retention: RetentionConfig,
}

fn is_default<T: Default + PartialEq>(section: &T) -> bool {
    *section == T::default()
}
