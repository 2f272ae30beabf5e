//! Puts the service together from its configuration. Each part gets small typed values, never the whole of it.

use std::{sync::Arc, time::Duration};

use domain::{
    compat::{self, Redirects},
    homeserver::{Endpoint, Homeserver, Link, Surroundings},
    jobs::{Inactivity, Retention, Upkeep},
    limits::{self, EmailQuotas, Quotas},
    mail::{Encryption, Post, Relay, Sender, Transport},
    oauth::{
        Lifetimes,
        clients::{Clients, Identity, StaticClient},
        logos::Logos,
        registration::{self, AuthMethod, ClientMetadata, Rules},
    },
    outbound::Outbound,
    passwords::{self, Hasher, Limits, Scheme, Schemes},
    policy::{self, Policy, SessionLimit},
    sessions::activity::Activity,
    users::{Limiter, Quota},
};
use edge::{
    App, Metrics, Parts, Urls,
    app::{Captcha, DeviceGrant, PersonalTokens, Site, SiteConfig},
    cookies,
};
use kernel::{
    Clock, Error, Kind, Random, Result, Secret, SystemClock, SystemRandom,
    config::{
        self, ClientConfig, DatabaseConfig, HomeserverKind, MatrixConfig, MetricsConfig, MetricsExporter,
        PasswordsConfig, PolicyConfig, RootConfig, SecretsConfig, SmtpMode, TransportKind,
    },
    jose::{Algorithm, KeySource, Keystore},
    seal::{Lineage, Vault},
};
use serde_json::{Value, json};
use store::{Db, PoolSize, Target};

use crate::config::files;

/// Where the database is.
pub fn target(config: &DatabaseConfig) -> Result<Target> {
    Target::of(&files::database(config)?)
}

/// The database, opened for a server or worker.
pub async fn database(config: &DatabaseConfig) -> Result<Db> {
    Db::connect(&target(config)?, config.pool().into(), Arc::new(SystemClock)).await
}

/// The database for a command: few connections, each opened when it is needed.
pub async fn database_for_command(config: &DatabaseConfig) -> Result<Db> {
    let size = PoolSize { max: 2, min: 0, ..config.pool().into() };
    Db::connect(&target(config)?, size, Arc::new(SystemClock)).await
}

/// The encryption secret, and those that it replaced.
pub fn vault(config: &SecretsConfig) -> Result<Vault> {
    Ok(Vault::new(files::encryption(config)?, files::former_encryption(config)?))
}

/// The application, on a database whose schema is current.
pub fn app(config: &RootConfig, db: Db) -> Result<App> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let vault = Arc::new(vault(&config.secrets)?);
    let login = &config.rate_limiting.login;
    let limiter = Limiter::new(quota(&login.per_ip), quota(&login.per_account), Arc::clone(&clock));
    let networks = config.oauth.allowed_fetch_networks.iter().map(|network| network.0).collect();
    let outbound = Arc::new(Outbound::new(networks)?);
    let urls = Urls::new(config.http.public_base.clone(), config.http.issuer());
    let identity = Identity {
        issuer: urls.issuer().to_owned(),
        token_endpoint: urls.absolute("/oauth2/token"),
        outbound: Arc::clone(&outbound),
    };
    let metrics = metrics(&config.telemetry.metrics)?;
    let around =
        Surroundings { clock: Arc::clone(&clock), random: Arc::clone(&random), meter: metrics.meter() };
    let parts = Parts {
        urls,
        site: site(config),
        site_config: site_config(config),
        keys: keys(&config.secrets)?,
        lineage: Lineage::new(&vault),
        clients: Clients::new(
            static_clients(&config.clients.0, ClientSecrets::Read)?,
            Arc::clone(&vault),
            identity,
        ),
        vault: Arc::clone(&vault),
        policy: policy::Current::new(policy(&config.matrix, &config.policy, session_limit(config))?),
        counts_sessions: config.experimental.session_limit.is_some(),
        lifetimes: Lifetimes {
            access_token: Duration::from_secs(config.experimental.access_token_ttl.0),
            compat_access_token: Duration::from_secs(config.experimental.compat_token_ttl.0),
            overlap: Duration::from_secs(config.oauth.refresh_token_overlap.0),
            end_session_on_replay: config.oauth.end_session_on_replay,
        },
        compat: compat::Settings {
            evicts: config
                .experimental
                .session_limit
                .as_ref()
                .is_some_and(|limit| limit.dangerous_hard_limit_eviction),
            redirects: Redirects::new(config.matrix.sso_redirect_allow_list.clone()),
        },
        hasher: hasher(&config.passwords)?,
        limiter,
        registration: Rules {
            enabled: config.oauth.registration.enabled,
            allowed_hosts: config.oauth.registration.allowed_hosts.clone(),
        },
        logos: Logos::default(),
        outbound,
        limits: limits(&config.rate_limiting),
        device_grant: DeviceGrant {
            enabled: config.oauth.device_code_grant_enabled,
            auto_fill: config.oauth.device_code_user_code_auto_fill_enabled,
        },
        activity: Activity::default(),
        upkeep: upkeep(config),
        homeserver: connect(&config.matrix, around)?,
        post: post(config)?,
        homeserver_secrets: homeserver_secrets(&config.matrix)?,
        metrics,
        trusted_proxies: config.http.trusted_proxies.iter().map(|network| network.0).collect(),
        cookie_keys: cookies::Keys::new(&vault),
        requests: 0.into(),
        db,
        clock,
        random,
    };
    Ok(App::new(parts))
}

fn site(config: &RootConfig) -> Site {
    Site {
        server_name: config.matrix.homeserver.clone(),
        service_name: config.branding.service_name.clone(),
        policy_uri: config.branding.policy_uri.as_ref().map(ToString::to_string),
        tos_uri: config.branding.tos_uri.as_ref().map(ToString::to_string),
        imprint: config.branding.imprint.clone(),
        login_with_email: config.account.login_with_email_allowed,
        languages: web::view::Texts::tags(),
        admin_api: has_public_admin_api(&config.http.listeners),
    }
}

/// Whether the admin API is below `http.public_base`. Which listeners are reached there, only the operator knows; one that has the
/// pages or the endpoints of OAuth 2.0 can only be one of them.
fn has_public_admin_api(listeners: &[config::Listener]) -> bool {
    let is_public =
        |resource: &config::Resource| matches!(resource, config::Resource::Human | config::Resource::OAuth);
    let has_api = |resource: &config::Resource| *resource == config::Resource::AdminApi;
    listeners.iter().any(|one| one.resources.iter().any(has_api) && one.resources.iter().any(is_public))
}

fn site_config(config: &RootConfig) -> SiteConfig {
    let (account, passwords, captcha) = (&config.account, &config.passwords, &config.captcha);
    SiteConfig {
        password_registration_enabled: passwords.enabled && account.password_registration_enabled,
        password_registration_email_required: account.password_registration_email_required,
        password_registration_token_required: account.password_registration_token_required
            || account.registration_token_required,
        email_change_allowed: account.email_change_allowed,
        displayname_change_allowed: account.displayname_change_allowed,
        password_change_allowed: passwords.enabled && account.password_change_allowed,
        account_recovery_allowed: passwords.enabled && account.password_recovery_enabled,
        account_deactivation_allowed: account.account_deactivation_allowed,
        personal_tokens: account.personal_tokens_allowed.then(|| PersonalTokens {
            max_ttl: Some(account.personal_token_max_ttl).filter(|ttl| ttl.0 > 0).map(Into::into),
        }),
        minimum_password_complexity: passwords.minimum_complexity,
        captcha: captcha
            .service
            .zip(captcha.site_key.clone())
            .map(|(service, site_key)| Captcha { service, site_key }),
        session_limit: session_limit(config),
        plan_management_iframe_uri: config.experimental.plan_management_iframe_uri.clone(),
        version: crate::cli::VERSION,
    }
}

/// How mail is sent, and by whom.
fn post(config: &RootConfig) -> Result<Post> {
    let email = &config.email;
    let transport = match email.transport {
        TransportKind::Blackhole => Transport::Blackhole,
        TransportKind::Sendmail => Transport::sendmail(email.command.as_deref().unwrap_or("sendmail")),
        TransportKind::Smtp => Transport::smtp(&Relay {
            host: email.hostname.clone().unwrap_or_default(),
            port: email.port.map(std::num::NonZeroU16::get),
            encryption: match email.mode {
                Some(SmtpMode::StartTls) => Encryption::StartTls,
                Some(SmtpMode::Tls) => Encryption::Tls,
                Some(SmtpMode::Plain) | None => Encryption::None,
            },
            credentials: match (&email.username, email.password()) {
                (Some(user), Some(password)) => {
                    Some((user.clone(), files::text("email.password", password)?))
                }
                _ => None,
            },
        })?,
    };
    let sender =
        |mailbox: &config::Mailbox| Sender { name: mailbox.name.clone(), address: mailbox.address.clone() };
    let site = site(config);
    Ok(Post {
        transport,
        from: sender(&email.from),
        reply_to: sender(&email.reply_to),
        writer: Arc::new(web::view::Letters::load(&site.server_name, site.service_name)?),
    })
}

fn limits(config: &config::RateLimitingConfig) -> limits::Limits {
    limits::Limits::new(&Quotas {
        client_registration: quota(&config.client_registration),
        device_authorization: quota(&config.device_authorization),
        device_code_link: quota(&config.device_code_link),
        app_request: quota(&config.app_request),
        refused_refresh: quota(&config.refused_refresh),
        registration: quota(&config.registration),
        email_authentication: EmailQuotas {
            per_ip: quota(&config.email_authentication.per_ip),
            per_address: quota(&config.email_authentication.per_address),
            mails: quota(&config.email_authentication.emails_per_session),
            attempts: quota(&config.email_authentication.attempt_per_session),
        },
    })
}

fn upkeep(config: &RootConfig) -> Upkeep {
    let inactivity = config.experimental.inactive_session_expiration.as_ref().map(|inactive| Inactivity {
        ttl: inactive.ttl.into(),
        oauth: inactive.expire_oauth_sessions,
        compat: inactive.expire_compat_sessions,
        browser: inactive.expire_user_sessions,
    });
    let kept = &config.retention;
    let retention = Retention {
        authorization_grants: kept.authorization_grants.into(),
        unanswered_requests: kept.unanswered_requests.into(),
        device_grants: kept.device_grants.into(),
        compat_sso_logins: kept.compat_sso_logins.into(),
        ended_session_tokens: kept.ended_session_tokens.into(),
        ended_sessions: kept.ended_sessions.into(),
        ended_browser_sessions: kept.ended_browser_sessions.into(),
        sign_ins: kept.sign_ins.into(),
        registrations: kept.registrations.into(),
        recovery_sessions: kept.recovery_sessions.into(),
        email_authentications: kept.email_authentications.into(),
        upstream_visits: kept.upstream_visits.into(),
        inactive_addresses: kept.inactive_addresses.into(),
        changes: kept.changes.into(),
        jobs: kept.jobs.into(),
        audit_addresses: kept.audit_addresses.into(),
        audit_failed_sign_ins: kept.audit_failed_sign_ins.into(),
        audit_events: kept.audit_events.into(),
    };
    Upkeep { retention, unused_client_ttl: config.oauth.registration.unused_client_ttl.into(), inactivity }
}

fn quota(limiter: &config::Limiter) -> Quota {
    Quota { burst: limiter.burst, per_second: limiter.per_second }
}

/// The signing keys: those of the folder first, then those of the file.
fn keys(config: &SecretsConfig) -> Result<Keystore> {
    let mut sources = Vec::new();
    if let Some(folder) = &config.keys_dir {
        let cannot = |error: std::io::Error| {
            let what = format!("secrets.keys_dir: cannot read {}", folder.display());
            Error::new(Kind::Invalid, what).caused_by(error)
        };
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
            .map_err(cannot)?;
        files.retain(|path| path.is_file());
        files.sort();
        for path in files {
            let bytes = Secret::new(std::fs::read(&path).map_err(cannot)?);
            let origin = path.display().to_string();
            sources.push(KeySource { kid: None, use_from: None, bytes, password: None, origin });
        }
    }
    for (index, key) in config.keys.iter().enumerate() {
        let origin = format!("secrets.keys.{index}");
        let source = key.key().ok_or_else(|| Error::internal("a key without key and key_file was let in"))?;
        let password =
            key.password().map(|source| files::bytes(&format!("{origin}.password"), source)).transpose()?;
        let bytes = files::bytes(&format!("{origin}.key"), source)?;
        let (kid, use_from) = (key.kid.clone(), key.use_from());
        sources.push(KeySource { kid, use_from, bytes, password, origin });
    }
    let none = sources.is_empty();
    let keys = Keystore::load(sources).map_err(|errors| {
        let all: Vec<String> = errors.iter().map(|error| kernel::error::chain(error)).collect();
        Error::new(Kind::Invalid, "the signing keys cannot be loaded").caused_by(all.join("\n"))
    })?;
    if none {
        tracing::warn!("secrets.keys is empty: no ID token can be signed, so signing in will fail");
    } else if !keys.algorithms().contains(&Algorithm::Rs256) {
        tracing::warn!("secrets.keys holds no RSA key: clients that insist on RS256 cannot sign in");
    }
    Ok(keys)
}

/// Whether the files with clients' secrets are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientSecrets {
    Read,
    /// They stay `None`, for those who only store clients: secrets of the configuration never reach the database.
    Unread,
}

/// The clients of the configuration. Of two with one id, the later one.
pub fn static_clients(configured: &[ClientConfig], secrets: ClientSecrets) -> Result<Vec<StaticClient>> {
    let is_last = |index: usize, client: &ClientConfig| {
        configured[index + 1..].iter().all(|later| later.client_id != client.client_id)
    };
    let kept = configured.iter().enumerate().filter(|(index, client)| is_last(*index, client));
    kept.map(|(_, client)| static_client(client, secrets)).collect()
}

fn static_client(client: &ClientConfig, secrets: ClientSecrets) -> Result<StaticClient> {
    let mut metadata = json!({
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "grant_types": [
            "authorization_code", "refresh_token", "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code"
        ],
    });
    let jwks = client.jwks.as_ref().map(|jwks| json!({ "keys": jwks.keys }));
    for (name, value) in [
        ("client_name", client.client_name.clone().map(Value::from)),
        ("client_uri", client.client_uri.as_ref().map(|uri| uri.to_string().into())),
        ("jwks", jwks),
        ("jwks_uri", client.jwks_uri.as_ref().map(|uri| uri.to_string().into())),
    ] {
        if let Some(value) = value {
            metadata[name] = value;
        }
    }
    let auth_method = serde_json::to_value(client.client_auth_method).map_err(Error::internal)?;
    metadata["token_endpoint_auth_method"] = auth_method;
    let metadata: ClientMetadata = registration::parse(metadata.to_string().as_bytes()).map_err(|error| {
        Error::new(Kind::Invalid, format!("client {}: {}", client.client_id, error.description))
    })?;
    let key = format!("clients.{}.client_secret", client.client_id);
    let secret = client.secret().filter(|_| secrets == ClientSecrets::Read);
    let secret = secret.map(|source| files::text(&key, source)).transpose()?;
    // A file that is still empty would otherwise let in whoever knows the client's id.
    if secret.as_ref().is_some_and(|secret| secret.expose().is_empty()) {
        return Err(Error::new(Kind::Invalid, format!("{key}: the secret is empty")));
    }
    Ok(StaticClient {
        id: client.client_id,
        auth_method: AuthMethod::clone(metadata.auth_method()),
        secret,
        skip_consent: client.skip_consent,
        is_resource_server: client.resource_server,
        metadata,
    })
}

fn session_limit(config: &RootConfig) -> Option<SessionLimit> {
    let clamp = |number: std::num::NonZeroU64| u32::try_from(number.get()).unwrap_or(u32::MAX);
    config.experimental.session_limit.as_ref().map(|limit| SessionLimit {
        soft_limit: clamp(limit.soft_limit),
        hard_limit: clamp(limit.hard_limit),
        max_session_threshold: limit.max_session_threshold.map(clamp),
        dangerous_hard_limit_eviction: limit.dangerous_hard_limit_eviction,
    })
}

/// The policy of the configuration.
pub fn policy(matrix: &MatrixConfig, config: &PolicyConfig, limit: Option<SessionLimit>) -> Result<Policy> {
    let data = serde_json::to_value(&config.data).map_err(Error::internal)?;
    let policy = Policy::new(&matrix.homeserver, limit, data).map_err(|problems| {
        let all: Vec<String> = problems
            .iter()
            .map(|problem| format!("policy.data.{}: {}", problem.path, problem.message))
            .collect();
        Error::new(Kind::Invalid, "the policy data cannot be used").caused_by(all.join("\n"))
    })?;
    for warning in policy.warnings() {
        tracing::warn!("policy.data.{}: {}", warning.path, warning.message);
    }
    Ok(policy)
}

/// The password hasher; `None` when passwords are not in use.
pub fn hasher(config: &PasswordsConfig) -> Result<Option<Hasher>> {
    if !config.enabled {
        return Ok(None);
    }
    let scheme = |scheme: &config::PasswordScheme| {
        let key = format!("passwords.schemes (version {}).secret", scheme.version);
        Ok(Scheme {
            version: scheme.version,
            algorithm: match scheme.algorithm {
                config::PasswordAlgorithm::Argon2id => passwords::Algorithm::Argon2id,
                config::PasswordAlgorithm::Bcrypt => {
                    passwords::Algorithm::Bcrypt { cost: scheme.cost.unwrap_or(12) }
                }
                config::PasswordAlgorithm::Pbkdf2 => passwords::Algorithm::Pbkdf2,
            },
            secret: scheme.secret().map(|source| files::bytes(&key, source)).transpose()?,
            unicode_normalization: scheme.unicode_normalization,
        })
    };
    let schemes = config.schemes.iter().map(scheme).collect::<Result<Vec<_>>>()?;
    Ok(Some(Hasher::new(Schemes::new(schemes)?, Limits::default())))
}

fn metrics(config: &MetricsConfig) -> Result<Metrics> {
    match config.exporter {
        MetricsExporter::Prometheus => Metrics::prometheus(env!("CARGO_PKG_VERSION")),
        MetricsExporter::None | MetricsExporter::Stdout | MetricsExporter::Otlp => Ok(Metrics::none()),
    }
}

/// What the homeserver may introspect tokens with: the secret, and the one before it while it is being changed.
fn homeserver_secrets(config: &MatrixConfig) -> Result<Vec<Secret<String>>> {
    let former = config.former_secret().map(|source| shared_secret("matrix.former_secret", source));
    homeserver_secret(config)?.into_iter().map(Ok).chain(former).collect()
}

fn homeserver_secret(config: &MatrixConfig) -> Result<Option<Secret<String>>> {
    config.secret().map(|source| shared_secret("matrix.secret", source)).transpose()
}

fn shared_secret(key: &str, source: config::Source<'_>) -> Result<Secret<String>> {
    let secret = files::text(key, source)?;
    if secret.expose().is_empty() {
        return Err(Error::new(Kind::Invalid, format!("{key}: the secret is empty")));
    }
    Ok(secret)
}

/// The link to the homeserver, for a command.
pub fn homeserver(config: &MatrixConfig) -> Result<Homeserver> {
    let meter = Metrics::none().meter();
    connect(config, Surroundings { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), meter })
}

fn connect(config: &MatrixConfig, around: Surroundings) -> Result<Homeserver> {
    let link = || {
        let secret = homeserver_secret(config)?.ok_or_else(|| {
            Error::new(Kind::Invalid, "matrix.secret is missing: it is shared with the homeserver")
        })?;
        Link::new(Endpoint { base: config.endpoint.clone(), secret }, around)
    };
    Ok(match config.kind {
        HomeserverKind::None => Homeserver::none(),
        HomeserverKind::SynapseReadOnly => Homeserver::synapse_read_only(link()?),
        HomeserverKind::Synapse | HomeserverKind::SynapseModern => Homeserver::synapse(link()?),
        HomeserverKind::SynapseLegacy => Homeserver::synapse_legacy(link()?, &config.homeserver),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_operator_says_of_a_client_reaches_it() {
        let client = |more: Value| {
            let mut client = json!({
                "client_id": "01K2F2DKG0M9S346Q3D25VT4F5", "client_auth_method": "none",
                "redirect_uris": ["https://app.example.org/callback"],
            });
            client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let config: ClientConfig = serde_json::from_value(client).unwrap();
            static_clients(&[config], ClientSecrets::Read).unwrap().remove(0)
        };
        let trusted = client(json!({
            "skip_consent": true, "post_logout_redirect_uris": ["https://app.example.org/bye"],
        }));
        assert!(trusted.skip_consent);
        let bye: Vec<_> = trusted.metadata.post_logout_redirect_uris.iter().flatten().collect();
        assert_eq!(bye.iter().map(|uri| uri.as_str()).collect::<Vec<_>>(), ["https://app.example.org/bye"]);
        assert!(!client(json!({})).skip_consent, "people are asked unless the operator says otherwise");
    }

    fn is_advertised(listeners: &[&[&str]]) -> bool {
        let listener = |resources: &&[&str]| {
            let resources: Vec<Value> = resources.iter().map(|name| json!({ "name": name })).collect();
            serde_json::from_value(json!({ "resources": resources, "binds": [{ "port": 8080 }] })).unwrap()
        };
        has_public_admin_api(&listeners.iter().map(listener).collect::<Vec<_>>())
    }

    #[test]
    fn the_admin_api_is_advertised_if_it_is_certain_to_be_at_the_public_base() {
        assert!(is_advertised(&[&["discovery", "human", "adminapi"]]));
        assert!(is_advertised(&[&["health"], &["oauth", "adminapi"]]));
        assert!(!is_advertised(&[&["discovery", "human", "oauth"], &["adminapi", "assets"]]));
        assert!(!is_advertised(&[&["discovery", "human", "oauth"]]));
    }
}
