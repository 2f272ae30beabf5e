//! `telemetry`: traces, metrics and error reports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Problems, Section, values::redacted};
use crate::Secret;

/// Traces, metrics and error reports. By default, nothing leaves the process.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TelemetryConfig {
    /// Traces.
    pub tracing: TracingConfig,
    /// Metrics.
    pub metrics: MetricsConfig,
    /// Error reports to Sentry.
    pub sentry: SentryConfig,
}

impl Section for TelemetryConfig {
    const NAME: &'static str = "telemetry";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        problems.at("tracing", |problems| problems.share("sample_rate", self.tracing.sample_rate));
        problems.at("sentry", |problems| self.sentry.validate(problems));
    }
}

/// Traces.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TracingConfig {
    /// Where traces go.
    #[serde(default)]
    pub exporter: TracingExporter,

    /// The whole OTLP address, for example `http://collector:4318/v1/traces`; by default that of the `OTEL_*`
    /// environment variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Url>,

    /// The headers in which trace ids come in and go out.
    #[serde(default)]
    pub propagators: Vec<Propagator>,

    /// The share of requests that is traced, 0.0 to 1.0; all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub sample_rate: Option<f64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TracingExporter {
    #[default]
    None,
    Stdout,
    Otlp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Propagator {
    TraceContext,
    Baggage,
    Jaeger,
}

/// Metrics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricsConfig {
    /// Where metrics go; `prometheus` also needs a listener with the resource `prometheus`.
    #[serde(default)]
    pub exporter: MetricsExporter,

    /// The whole OTLP address, for example `http://collector:4318/v1/metrics`; by default that of the `OTEL_*`
    /// environment variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Url>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MetricsExporter {
    #[default]
    None,
    Stdout,
    Otlp,
    Prometheus,
}

/// Error reports to Sentry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SentryConfig {
    /// Where reports go; by default the environment variable `SENTRY_DSN`.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub dsn: Option<Secret<String>>,

    /// The name of this deployment; by default `SENTRY_ENVIRONMENT`, else `production`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,

    /// The share of errors that is reported, 0.0 to 1.0; all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub sample_rate: Option<f64>,

    /// The share of traces that is sent along, 0.0 to 1.0; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub traces_sample_rate: Option<f64>,
}

impl SentryConfig {
    fn validate(&self, problems: &mut Problems) {
        problems.share("sample_rate", self.sample_rate);
        problems.share("traces_sample_rate", self.traces_sample_rate);
        let malformed = |dsn: &Secret<String>| match Url::parse(dsn.expose()) {
            Ok(url) => url.username().is_empty() || url.path().len() < 2,
            Err(_) => !dsn.expose().is_empty(),
        };
        if self.dsn.as_ref().is_some_and(malformed) {
            problems.error_at("dsn", "is no DSN: expected https://KEY@HOST/PROJECT");
        }
    }
}
