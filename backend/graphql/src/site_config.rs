//! What the operator has set, as far as the app needs to know.

use std::time::Duration;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::jobs::Retention;
use edge::{App, app::PersonalTokens};
use kernel::config;

use crate::{asking::Asking, node_id, scalars::Url};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CaptchaService {
    #[graphql(name = "RECAPTCHA_V2")]
    RecaptchaV2,
    CloudflareTurnstile,
    HCaptcha,
}

#[derive(SimpleObject)]
pub struct CaptchaConfig {
    id: ID,
    service: CaptchaService,
    site_key: String,
}

#[derive(SimpleObject)]
pub struct SessionLimitConfig {
    soft_limit: i32,
    hard_limit: i32,
    dangerous_hard_limit_eviction: bool,
}

/// What a personal access token may be for. Latchkey.
#[derive(SimpleObject)]
pub struct PersonalTokenConfig {
    /// The scopes to choose from, for this viewer; empty unless it is a browser.
    scopes: Vec<String>,
    /// The longest life in seconds; none: they may live for ever.
    max_ttl: Option<i32>,
}

/// After how many days things are forgotten that people may want to know of. Latchkey.
#[derive(SimpleObject)]
pub struct RetentionConfig {
    /// IP addresses of browsers and apps, from their last use.
    inactive_addresses: i32,
    /// Apps, from when they were signed out.
    ended_sessions: i32,
    /// IP addresses and user agents of security events.
    event_addresses: i32,
    /// Security events of the kind SIGN_IN_FAILED; none: never.
    failed_sign_ins: Option<i32>,
}

impl RetentionConfig {
    fn of(retention: &Retention) -> Self {
        let days = |time: Duration| i32::try_from(time.as_secs().div_ceil(24 * 3600)).unwrap_or(i32::MAX);
        let failed_sign_ins = Some(retention.audit_failed_sign_ins).filter(|time| !time.is_zero());
        Self {
            inactive_addresses: days(retention.inactive_addresses),
            ended_sessions: days(retention.ended_sessions),
            event_addresses: days(retention.audit_addresses),
            failed_sign_ins: failed_sign_ins.map(days),
        }
    }
}

/// Settings that the app needs to know.
pub struct SiteConfig;

fn app<'a>(ctx: &Context<'a>) -> &'a App {
    &Asking::of(ctx).app
}

#[Object]
impl SiteConfig {
    pub async fn id(&self) -> ID {
        ID(node_id::SITE_CONFIG.to_owned())
    }

    /// The part of Matrix ids after the colon.
    async fn server_name<'c>(&self, ctx: &Context<'c>) -> &'c String {
        &app(ctx).site.server_name
    }

    async fn policy_uri(&self, ctx: &Context<'_>) -> Option<Url> {
        Url::of(app(ctx).site.policy_uri.as_ref())
    }

    async fn tos_uri(&self, ctx: &Context<'_>) -> Option<Url> {
        Url::of(app(ctx).site.tos_uri.as_ref())
    }

    async fn imprint<'c>(&self, ctx: &Context<'c>) -> Option<&'c String> {
        app(ctx).site.imprint.as_ref()
    }

    async fn captcha_config(&self, ctx: &Context<'_>) -> Option<CaptchaConfig> {
        let captcha = app(ctx).site_config.captcha.as_ref()?;
        Some(CaptchaConfig {
            id: ID(node_id::CAPTCHA_CONFIG.to_owned()),
            service: match captcha.service {
                config::CaptchaService::RecaptchaV2 => CaptchaService::RecaptchaV2,
                config::CaptchaService::CloudflareTurnstile => CaptchaService::CloudflareTurnstile,
                config::CaptchaService::Hcaptcha => CaptchaService::HCaptcha,
            },
            site_key: captcha.site_key.clone(),
        })
    }

    async fn password_login_enabled(&self, ctx: &Context<'_>) -> bool {
        app(ctx).hasher.is_some()
    }

    async fn password_registration_enabled(&self, ctx: &Context<'_>) -> bool {
        app(ctx).site_config.password_registration_enabled
    }

    async fn password_change_allowed(&self, ctx: &Context<'_>) -> bool {
        app(ctx).site_config.password_change_allowed
    }

    /// From 0 to 4.
    async fn minimum_password_complexity(&self, ctx: &Context<'_>) -> u8 {
        app(ctx).site_config.minimum_password_complexity
    }

    async fn email_change_allowed(&self, ctx: &Context<'_>) -> bool {
        app(ctx).site_config.email_change_allowed
    }

    async fn display_name_change_allowed(&self, ctx: &Context<'_>) -> bool {
        app(ctx).site_config.displayname_change_allowed
    }

    async fn account_deactivation_allowed(&self, ctx: &Context<'_>) -> bool {
        app(ctx).site_config.account_deactivation_allowed
    }

    async fn login_with_email_allowed(&self, ctx: &Context<'_>) -> bool {
        app(ctx).site.login_with_email
    }

    async fn plan_management_iframe_uri<'c>(&self, ctx: &Context<'c>) -> Option<&'c String> {
        app(ctx).site_config.plan_management_iframe_uri.as_ref()
    }

    async fn session_limit(&self, ctx: &Context<'_>) -> Option<SessionLimitConfig> {
        let limit = app(ctx).site_config.session_limit?;
        let number = |limit: u32| i32::try_from(limit).unwrap_or(i32::MAX);
        Some(SessionLimitConfig {
            soft_limit: number(limit.soft_limit),
            hard_limit: number(limit.hard_limit),
            dangerous_hard_limit_eviction: limit.dangerous_hard_limit_eviction,
        })
    }

    /// What the operator calls the service; the server's name if nothing else. Latchkey.
    async fn service_name<'c>(&self, ctx: &Context<'c>) -> &'c String {
        let site = &app(ctx).site;
        site.service_name.as_ref().unwrap_or(&site.server_name)
    }

    /// Whether a forgotten password can be replaced by mail. Latchkey.
    async fn password_recovery_enabled(&self) -> bool {
        // There is no recovery yet, whatever `account.password_recovery_enabled` says.
        false
    }

    /// None if people may not make tokens. Latchkey.
    async fn personal_tokens(&self, ctx: &Context<'_>) -> Option<PersonalTokenConfig> {
        let PersonalTokens { max_ttl } = app(ctx).site_config.personal_tokens?;
        let policy = app(ctx).policy.get();
        // Only browsers make tokens.
        let scopes = Asking::of(ctx).browser().map(|session| policy.own_scopes(&session.person()));
        Some(PersonalTokenConfig {
            scopes: scopes.unwrap_or_default().into_iter().map(str::to_owned).collect(),
            max_ttl: max_ttl.map(|ttl| i32::try_from(ttl.as_secs()).unwrap_or(i32::MAX)),
        })
    }

    /// How long things are kept. Latchkey.
    async fn retention(&self, ctx: &Context<'_>) -> RetentionConfig {
        RetentionConfig::of(&app(ctx).upkeep.retention)
    }

    /// The languages that there are, as BCP 47 tags. Latchkey.
    async fn languages<'c>(&self, ctx: &Context<'c>) -> &'c Vec<String> {
        &app(ctx).site.languages
    }
}
