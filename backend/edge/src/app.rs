//! The application: everything that lives as long as the process. Built once at start-up, shared by every request.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::extract::{FromRef, FromRequestParts};
use domain::{
    compat,
    homeserver::Homeserver,
    jobs::{self, Upkeep},
    limits::Limits,
    mail::Post,
    oauth::{Lifetimes, clients::Clients, logos::Logos, registration::Rules},
    outbound::Outbound,
    passwords::Hasher,
    policy::{self, SessionLimit},
    sessions::activity::Activity,
    users::Limiter,
};
use http::request;
use ipnet::IpNet;
use kernel::{
    Clock, Op, Random, Secret, Timestamp,
    jose::Keystore,
    seal::{Lineage, Vault},
};
use store::Db;

use crate::{Metrics, Urls, cookies};

/// A handle on the application; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub urls: Urls,
    pub site: Site,
    pub site_config: SiteConfig,
    pub keys: Keystore,
    pub vault: Arc<Vault>,
    pub lineage: Lineage,
    pub clients: Clients,
    pub policy: policy::Current,
    /// `experimental.session_limit` is set, so consent needs to count sessions.
    pub counts_sessions: bool,
    pub lifetimes: Lifetimes,
    pub compat: compat::Settings,
    /// `None` when `passwords.enabled` is false.
    pub hasher: Option<Hasher>,
    pub limiter: Limiter,
    /// `oauth.registration`
    pub registration: Rules,
    pub logos: Logos,
    /// For what clients name: their logos.
    pub outbound: Arc<Outbound>,
    pub limits: Limits,
    pub device_grant: DeviceGrant,
    /// Which sessions were used, until it is written down.
    pub activity: Activity,
    pub upkeep: Upkeep,
    pub homeserver: Homeserver,
    pub post: Post,
    /// `matrix.secret` and `matrix.former_secret`: with one of these, the homeserver introspects tokens.
    pub homeserver_secrets: Vec<Secret<String>>,
    pub metrics: Metrics,
    /// `http.trusted_proxies`
    pub trusted_proxies: Vec<IpNet>,
    pub cookie_keys: cookies::Keys,
    pub requests: std::sync::atomic::AtomicU64,
}

/// Whether devices may sign in by showing a code (RFC 8628).
#[derive(Clone, Copy, Debug)]
pub struct DeviceGrant {
    /// `oauth.device_code_grant_enabled`
    pub enabled: bool,
    /// `oauth.device_code_user_code_auto_fill_enabled`
    pub auto_fill: bool,
}

/// What people are told about this installation.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// `matrix.homeserver`
    pub server_name: String,
    pub service_name: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
    pub imprint: Option<String>,
    /// `account.login_with_email_allowed`
    pub login_with_email: bool,
    /// The languages that there are texts in, as BCP 47 tags.
    pub languages: Vec<String>,
    /// Whether the admin API is served at the public base.
    pub admin_api: bool,
}

/// What people may do here, as the account app, administrators and consoles ask for it.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    pub password_registration_enabled: bool,
    pub password_registration_email_required: bool,
    pub password_registration_token_required: bool,
    pub email_change_allowed: bool,
    pub displayname_change_allowed: bool,
    pub password_change_allowed: bool,
    pub account_recovery_allowed: bool,
    pub account_deactivation_allowed: bool,
    /// `None` if people may not make personal access tokens (`account.personal_tokens_allowed`).
    pub personal_tokens: Option<PersonalTokens>,
    /// `passwords.minimum_complexity`, 0 to 4
    pub minimum_password_complexity: u8,
    /// `captcha`
    pub captcha: Option<Captcha>,
    /// `experimental.session_limit`
    pub session_limit: Option<SessionLimit>,
    /// `experimental.plan_management_iframe_uri`
    pub plan_management_iframe_uri: Option<String>,
    /// Of the build, as `git describe` has it.
    pub version: &'static str,
}

/// What personal access tokens may be like.
#[derive(Clone, Copy, Debug)]
pub struct PersonalTokens {
    /// `account.personal_token_max_ttl`; `None` if they may live for ever.
    pub max_ttl: Option<Duration>,
}

/// The part of `captcha` that everybody may know.
#[derive(Clone, Debug)]
pub struct Captcha {
    pub service: kernel::config::CaptchaService,
    pub site_key: String,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether people may register here.
    pub fn registers(&self) -> bool {
        self.site_config.password_registration_enabled && self.hasher.is_some()
    }

    /// What jobs work with, until `stop`.
    pub fn job_parts<'a>(&'a self, stop: &'a jobs::Stop) -> jobs::Parts<'a> {
        jobs::Parts {
            db: &self.db,
            homeserver: &self.homeserver,
            activity: &self.activity,
            upkeep: &self.upkeep,
            vault: &self.vault,
            post: &self.post,
            stop,
        }
    }

    /// An operation that no request stands behind.
    pub fn op(&self, name: &str) -> Op {
        Op::new(self.now(), Arc::clone(&self.random), name)
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for App
where
    App: FromRef<S>,
{
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(_: &mut request::Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(App::from_ref(state))
    }
}

/// The operation that the request is; [`crate::telemetry`] has made it.
pub struct Request(pub Op);

impl<S: Send + Sync> FromRequestParts<S> for Request {
    type Rejection = http::StatusCode;
    async fn from_request_parts(parts: &mut request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Op>().cloned().map(Self).ok_or(http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}
