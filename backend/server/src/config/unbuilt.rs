//! Keys that are read and checked but have no effect yet. Whoever builds the behaviour deletes the entry; when
//! the list is empty, this file goes. Resources of listeners that are not served yet are named where they are not.

use kernel::config::{
    AccountConfig, BrandingConfig, CaptchaConfig, EmailConfig, ExperimentalConfig, HttpConfig, OAuthConfig,
    PolicyConfig, RateLimitingConfig, RootConfig, Section, TelemetryConfig, TemplatesConfig, UpstreamConfig,
};
use serde_json::{Value, json};

struct Unbuilt {
    /// `*` stands for every item of a list.
    path: &'static str,
    /// The values without effect; none for all.
    values: &'static [&'static str],
    /// What happens instead.
    instead: &'static str,
}

const fn key(path: &'static str, instead: &'static str) -> Unbuilt {
    Unbuilt { path, values: &[], instead }
}

const fn value(path: &'static str, values: &'static [&'static str], instead: &'static str) -> Unbuilt {
    Unbuilt { path, values, instead }
}

const UNBUILT: &[Unbuilt] = &[
    key("http.listeners.*.resources.*.path", "the built-in assets are served"),
    key("telemetry.tracing.exporter", "no traces are exported"),
    key("telemetry.tracing.propagators", "no trace ids are passed on"),
    value("telemetry.metrics.exporter", &["stdout", "otlp"], "no metrics are exported"),
    key("telemetry.sentry.dsn", "no errors are reported"),
    key("templates.path", "the built-in pages are used"),
    key("templates.assets_manifest", "the built-in assets are used"),
    key("templates.translations_path", "the built-in texts are used"),
    key("policy.wasm_module", "the built-in policy is used"),
    key("captcha.service", "registering takes no captcha, so it cannot be switched on with one"),
    key("upstream_oauth2.providers.*", "nobody can sign in with this provider yet"),
    key("account.password_recovery_enabled", "there is no recovery yet"),
    key("rate_limiting.account_recovery", "there is no recovery yet"),
];

/// One line for each of these keys that is set to something else than its default.
pub fn notices(config: &RootConfig) -> Vec<String> {
    let (set, default) = (as_json(config), defaults());
    let mut notices = Vec::new();
    for unbuilt in UNBUILT {
        for (path, value) in select(&set, unbuilt.path) {
            let is_default = default.pointer(&format!("/{}", path.replace('.', "/"))) == Some(value);
            let has_effect = !unbuilt.values.is_empty()
                && value.as_str().is_none_or(|value| !unbuilt.values.contains(&value));
            if !is_default && !has_effect {
                notices.push(format!("{path} has no effect yet: {}", unbuilt.instead));
            }
        }
    }
    notices
}

/// Every section, those at their default too (which the root's own form leaves out).
fn as_json(config: &RootConfig) -> Value {
    json!({
        "http": config.http,
        "telemetry": config.telemetry,
        "templates": config.templates,
        "email": config.email,
        "policy": config.policy,
        "rate_limiting": config.rate_limiting,
        "upstream_oauth2": config.upstream_oauth2,
        "branding": config.branding,
        "captcha": config.captcha,
        "account": config.account,
        "oauth": config.oauth,
        "experimental": config.experimental,
    })
}

/// The same sections of a file that has none of them.
fn defaults() -> Value {
    fn absent<T: Section>() -> Value {
        json!(T::absent())
    }
    json!({
        "http": absent::<HttpConfig>(),
        "telemetry": absent::<TelemetryConfig>(),
        "templates": absent::<TemplatesConfig>(),
        "email": absent::<EmailConfig>(),
        "policy": absent::<PolicyConfig>(),
        "rate_limiting": absent::<RateLimitingConfig>(),
        "upstream_oauth2": absent::<UpstreamConfig>(),
        "branding": absent::<BrandingConfig>(),
        "captcha": absent::<CaptchaConfig>(),
        "account": absent::<AccountConfig>(),
        "oauth": absent::<OAuthConfig>(),
        "experimental": absent::<ExperimentalConfig>(),
    })
}

/// The values at a path with `*`, each with its own path.
fn select<'a>(root: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    path.split('.').fold(vec![(String::new(), root)], |found, step| {
        found
            .into_iter()
            .flat_map(|(path, value)| {
                let join = |key: &str| {
                    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
                };
                match (step, value) {
                    ("*", Value::Array(items)) => {
                        items.iter().enumerate().map(|(n, item)| (join(&n.to_string()), item)).collect()
                    }
                    (key, _) => {
                        value.get(key).map(|value| (join(key), value)).into_iter().collect::<Vec<_>>()
                    }
                }
            })
            .collect()
    })
}
