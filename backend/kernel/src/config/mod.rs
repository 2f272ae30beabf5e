//! The configuration: one documented struct per section, one file per section.
//!
//! A field's comment is its reference text: the JSON Schema in `docs/config.schema.json` is generated from it.
//! The key names, types and defaults are those of MAS, so that its files load unchanged; keys of our own say so.
//! What a field alone can tell is in its type; what takes several fields is in [`Section::validate`].
//!
//! Not here: files, environment variables, merging and unknown keys. They are the server crate's `config`.
//! Invariant: serialising never writes a secret, only [`REDACTED`] in its place.

mod account;
mod branding;
mod captcha;
mod clients;
mod database;
mod database_uri;
mod email;
mod experimental;
mod http;
mod listener;
mod matrix;
mod oauth;
mod passwords;
mod policy;
mod problem;
mod rate_limiting;
mod retention;
mod root;
mod secrets;
mod telemetry;
mod templates;
mod upstream_claims;
mod upstream_oauth2;
mod values;

pub use account::AccountConfig;
pub use branding::BrandingConfig;
pub use captcha::{CaptchaConfig, CaptchaService};
pub use clients::{ClientAuthMethod, ClientConfig, ClientsConfig, PublicKeys};
pub use database::{DatabaseConfig, DatabaseTarget, Pem, Pool, PostgresTarget, SslMode};
pub use database_uri::DatabaseUri;
pub use email::{EmailConfig, Mailbox, SmtpMode, TransportKind};
pub use experimental::{ExperimentalConfig, InactiveSessionExpiration, SessionLimit};
pub use http::{HttpConfig, Network};
pub use listener::{Bind, FdKind, Listener, Resource, TlsConfig, UnixMode};
pub use matrix::{HomeserverKind, MatrixConfig};
pub use oauth::{OAuthConfig, RegistrationConfig};
pub use passwords::{PasswordAlgorithm, PasswordScheme, PasswordsConfig};
pub use policy::PolicyConfig;
pub use problem::{Path, Problem, Problems, Severity};
pub use rate_limiting::{
    AccountRecoveryLimits, EmailAuthenticationLimits, Limiter, LoginLimits, RateLimitingConfig,
};
pub use retention::RetentionConfig;
pub use root::RootConfig;
pub use secrets::{KeyConfig, SecretsConfig};
pub use telemetry::{
    MetricsConfig, MetricsExporter, Propagator, SentryConfig, TelemetryConfig, TracingConfig, TracingExporter,
};
pub use templates::TemplatesConfig;
pub use upstream_claims::{
    AccountNameImport, ClaimsImports, EmailImport, ImportAction, LocalpartImport, OnConflict, SubjectImport,
    TextImport,
};
pub use upstream_oauth2::{
    AppleConfig, BackchannelLogout, DiscoveryMode, PkceMethod, ResponseMode, SigningAlg, UpstreamAuthMethod,
    UpstreamConfig, UpstreamProvider,
};
pub use values::{REDACTED, Seconds, Source};

/// A top-level section of the file.
pub trait Section: serde::de::DeserializeOwned + serde::Serialize + schemars::JsonSchema + PartialEq {
    /// Its key at the top level.
    const NAME: &'static str;

    /// What holds when the file has no such section; `None` when it must have one. This may differ from a
    /// section that is there and empty: `http` without `listeners` has none.
    fn absent() -> Option<Self>;

    /// The rules that a single field cannot state. Paths start at the section.
    fn validate(&self, _problems: &mut Problems) {}
}
