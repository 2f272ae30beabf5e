//! The configuration that tests run with, and what of it a test may change.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use domain::{
    homeserver::{Endpoint, Homeserver, Link, Surroundings},
    jobs::Upkeep,
    limits::{self, EmailQuotas, Quotas},
    oauth::{
        Lifetimes,
        clients::StaticClient,
        registration::{self, AuthMethod, Rules},
    },
    passwords::{Algorithm, Hasher, Limits, Scheme, Schemes},
    policy::SessionLimit,
    users::{Limiter, Quota},
};
use edge::app::{DeviceGrant, PersonalTokens, SiteConfig};
use ipnet::IpNet;
use kernel::{Clock, Secret, config::HomeserverKind, seal::Vault};
use serde_json::{Value, json};
use url::Url;

use crate::Keys;

pub const SERVER_NAME: &str = "example.com";
pub const HOMESERVER_SECRET: &str = "the homeserver's secret";
/// A configured client that authenticates by `client_secret_basic` with [`SECRET`].
pub const CONFIDENTIAL: &str = "00000000000000000000C0NF1D";
/// A configured client without a secret.
pub const PUBLIC: &str = "00000000000000000000PVB71C";
pub const SECRET: &str = "the configured client's secret";
/// Of every client that the tests make.
pub const REDIRECT_URI: &str = "https://app.example.org/callback";
/// Where every client that the tests make may send people who signed out.
pub const SIGNED_OUT_URI: &str = "https://app.example.org/signed-out";

/// What a test may want otherwise.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The byte that `secrets.encryption` is made of, and those of `secrets.former_encryption`.
    pub encryption: u8,
    pub former_encryption: Vec<u8>,
    pub keys: Keys,
    pub lifetimes: Lifetimes,
    /// `policy.data`
    pub policy: Value,
    /// `passwords.enabled`
    pub passwords: bool,
    /// bcrypt's, at least 4. The cheapest unless a test is about the work: the others are about what comes after.
    pub hashing_cost: u32,
    /// `clients[].skip_consent` of the configured clients
    pub trusted: bool,
    /// Sign-in attempts per address and per account: at once, and per second.
    pub attempts: (u32, f64),
    /// Registrations of clients per address: at once, and per second.
    pub registrations: (u32, f64),
    /// People who register, per address, likewise.
    pub sign_ups: (u32, f64),
    /// `oauth.registration`
    pub registration: Rules,
    /// `oauth.allowed_fetch_networks`
    pub fetch_networks: Vec<IpNet>,
    /// Clients of the configuration besides [`CONFIDENTIAL`] and [`PUBLIC`].
    pub clients: Vec<StaticClient>,
    /// Codes that are typed, per address, likewise; and devices that ask for one, and refused refresh tokens.
    pub typed_codes: (u32, f64),
    pub device_requests: (u32, f64),
    pub refused_refresh: (u32, f64),
    /// Requests of apps to sign somebody in, per address or account, likewise.
    pub app_requests: (u32, f64),
    /// `oauth.device_code_…`
    pub device_grant: DeviceGrant,
    pub upkeep: Upkeep,
    /// `experimental.session_limit`
    pub session_limit: Option<SessionLimit>,
    /// What people may do with their accounts.
    pub site: SiteConfig,
    /// `undocumented_oauth2_access` of the resource `graphql`
    pub graphql_by_token: bool,
    /// Codes by mail: per client address and per address, per verification, and codes typed per verification.
    pub mailed_codes: (u32, f64),
    pub repeated_mails: (u32, f64),
    pub typed_mail_codes: (u32, f64),
    /// `matrix.sso_redirect_allow_list`
    pub sso_redirects: Option<Vec<Url>>,
    /// `account.login_with_email_allowed`
    pub login_with_email: bool,
    /// `branding.tos_uri`
    pub tos_uri: Option<String>,
    /// `matrix.kind`
    pub homeserver: HomeserverKind,
    /// `matrix.secret`
    pub homeserver_secret: String,
    /// `matrix.former_secret`
    pub former_homeserver_secret: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            encryption: 7,
            former_encryption: Vec::new(),
            keys: Keys::default(),
            lifetimes: Lifetimes {
                access_token: Duration::from_secs(300),
                compat_access_token: Duration::from_secs(300),
                overlap: Duration::from_secs(10),
                end_session_on_replay: true,
            },
            policy: json!({}),
            passwords: true,
            hashing_cost: 4,
            trusted: false,
            attempts: (1000, 1000.0),
            registrations: (1000, 1000.0),
            sign_ups: (1000, 1000.0),
            registration: Rules { enabled: true, allowed_hosts: Vec::new() },
            fetch_networks: Vec::new(),
            clients: Vec::new(),
            typed_codes: (1000, 1000.0),
            device_requests: (1000, 1000.0),
            refused_refresh: (1000, 1000.0),
            app_requests: (1000, 1000.0),
            device_grant: DeviceGrant { enabled: true, auto_fill: false },
            upkeep: Upkeep::default(),
            session_limit: None,
            site: site_config(),
            graphql_by_token: false,
            mailed_codes: (1000, 1000.0),
            repeated_mails: (1000, 1000.0),
            typed_mail_codes: (1000, 1000.0),
            sso_redirects: None,
            login_with_email: true,
            tos_uri: None,
            homeserver: HomeserverKind::Synapse,
            homeserver_secret: HOMESERVER_SECRET.to_owned(),
            former_homeserver_secret: None,
        }
    }
}

impl Settings {
    pub(crate) fn hasher(&self) -> Option<Hasher> {
        let scheme = Scheme {
            version: 1,
            algorithm: Algorithm::Bcrypt { cost: self.hashing_cost },
            secret: None,
            unicode_normalization: false,
        };
        let schemes = Schemes::new(vec![scheme]).expect("one good scheme");
        self.passwords.then(|| Hasher::new(schemes, Limits::default()))
    }

    pub(crate) fn limiter(&self, clock: Arc<dyn Clock>) -> Limiter {
        let quota = quota(self.attempts);
        Limiter::new(quota, quota, clock)
    }

    pub(crate) fn vault(&self) -> Arc<Vault> {
        let secret = |byte: &u8| Secret::new([*byte; 32]);
        Arc::new(Vault::new(secret(&self.encryption), self.former_encryption.iter().map(secret).collect()))
    }

    pub(crate) fn homeserver(&self, endpoint: &Url, around: Surroundings) -> Homeserver {
        let secret = Secret::new(self.homeserver_secret.clone());
        let link = Link::new(Endpoint { base: endpoint.clone(), secret }, around).expect("an HTTP client");
        match self.homeserver {
            HomeserverKind::None => Homeserver::none(),
            HomeserverKind::Synapse | HomeserverKind::SynapseModern => Homeserver::synapse(link),
            HomeserverKind::SynapseReadOnly => Homeserver::synapse_read_only(link),
            HomeserverKind::SynapseLegacy => Homeserver::synapse_legacy(link, SERVER_NAME),
        }
    }

    pub(crate) fn homeserver_secrets(&self) -> Vec<Secret<String>> {
        let former = self.former_homeserver_secret.iter();
        std::iter::once(&self.homeserver_secret).chain(former).cloned().map(Secret::new).collect()
    }

    pub(crate) fn static_clients(&self) -> Vec<StaticClient> {
        static_clients(self.trusted).into_iter().chain(self.clients.clone()).collect()
    }

    pub(crate) fn limits(&self) -> limits::Limits {
        limits::Limits::new(&Quotas {
            client_registration: quota(self.registrations),
            device_authorization: quota(self.device_requests),
            device_code_link: quota(self.typed_codes),
            app_request: quota(self.app_requests),
            refused_refresh: quota(self.refused_refresh),
            registration: quota(self.sign_ups),
            email_authentication: EmailQuotas {
                per_ip: quota(self.mailed_codes),
                per_address: quota(self.mailed_codes),
                mails: quota(self.repeated_mails),
                attempts: quota(self.typed_mail_codes),
            },
        })
    }
}

fn quota((burst, per_second): (u32, f64)) -> Quota {
    Quota { burst: NonZeroU32::new(burst).expect("at least one attempt"), per_second }
}

/// That of a file which says nothing about accounts.
const fn site_config() -> SiteConfig {
    SiteConfig {
        password_registration_enabled: false,
        password_registration_email_required: true,
        password_registration_token_required: false,
        email_change_allowed: true,
        displayname_change_allowed: true,
        password_change_allowed: true,
        account_recovery_allowed: false,
        account_deactivation_allowed: true,
        personal_tokens: Some(PersonalTokens { max_ttl: Some(Duration::from_secs(365 * 24 * 3600)) }),
        minimum_password_complexity: 3,
        captcha: None,
        session_limit: None,
        plan_management_iframe_uri: None,
        version: "v0.1.0",
    }
}

/// `trusted` sets `skip_consent` of both.
fn static_clients(trusted: bool) -> Vec<StaticClient> {
    let client = |id: &str, method: AuthMethod, secret: Option<&str>| {
        let metadata = json!({
            "client_name": "Configured",
            "client_uri": "https://app.example.org/",
            "redirect_uris": [REDIRECT_URI],
            "post_logout_redirect_uris": [SIGNED_OUT_URI],
            "grant_types": [
                "authorization_code", "refresh_token", "client_credentials",
                "urn:ietf:params:oauth:grant-type:device_code"
            ],
            "token_endpoint_auth_method": method.as_str(),
        });
        StaticClient {
            id: id.parse().expect("a ULID"),
            auth_method: method,
            secret: secret.map(|secret| Secret::new(secret.to_owned())),
            skip_consent: trusted,
            is_resource_server: true,
            metadata: registration::parse(metadata.to_string().as_bytes()).expect("good metadata"),
        }
    };
    vec![
        client(CONFIDENTIAL, AuthMethod::ClientSecretBasic, Some(SECRET)),
        client(PUBLIC, AuthMethod::None, None),
    ]
}
