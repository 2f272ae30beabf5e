//! The whole file.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    AccountConfig, BrandingConfig, CaptchaConfig, ClientAuthMethod, ClientsConfig, DatabaseConfig,
    EmailConfig, ExperimentalConfig, HttpConfig, MatrixConfig, OAuthConfig, PasswordsConfig, Path,
    PolicyConfig, Problem, RateLimitingConfig, RetentionConfig, SecretsConfig, Severity, TelemetryConfig,
    TemplatesConfig, UpstreamConfig,
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

impl RootConfig {
    /// Clients of `policy.data.admin_clients` that do not authenticate: whoever knows the id would administer, if they were
    /// given tokens for themselves.
    pub fn unproven_admin_clients(&self, severity: Severity) -> Vec<Problem> {
        let admins = self.policy.data.get("admin_clients").and_then(|list| list.as_array());
        let is_admin = |id: &str| {
            admins.is_some_and(|all| {
                all.iter().filter_map(|one| one.as_str()).any(|one| one.eq_ignore_ascii_case(id))
            })
        };
        let clients = self.clients.0.iter().enumerate();
        let unproven = clients.filter(|(_, client)| {
            client.client_auth_method == ClientAuthMethod::None && is_admin(&client.client_id.to_string())
        });
        unproven
            .map(|(index, _)| Problem {
                severity,
                path: Path::default().join("clients").join(index).join("client_auth_method"),
                what: "must not be `none` for a client of policy.data.admin_clients: whoever knows its id could claim \
                       to be it. Give it a secret or a key, or take it out of admin_clients"
                    .to_owned(),
            })
            .collect()
    }

    /// A captcha is configured, and nothing would ask for it where people register: whoever relies on it must be told.
    pub fn unprotected_registration(&self) -> Option<Problem> {
        let registers = self.passwords.enabled && self.account.password_registration_enabled;
        (registers && self.captcha.service.is_some()).then(|| Problem {
            severity: Severity::Error,
            path: Path::default().join("captcha").join("service"),
            what: "is not built yet, so account.password_registration_enabled would let people register without a \
                   captcha: take one of the two out. A registration token (account.password_registration_token_required) \
                   keeps machines out, too"
                .to_owned(),
        })
    }
}

fn is_default<T: Default + PartialEq>(section: &T) -> bool {
    *section == T::default()
}
