//! `/site-config` and `/version`: plain objects, without the envelope of resources.

use axum::Json;
use edge::App;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Admin, openapi::Failures};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(site_config)).routes(routes!(version))
}

/// What people may do here
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "server_name": "example.org", "password_login_enabled": true, "password_registration_enabled": false,
    "password_registration_email_required": true, "password_registration_token_required": false,
    "registration_token_required": false, "email_change_allowed": true, "displayname_change_allowed": true,
    "password_change_allowed": true, "account_recovery_allowed": false, "account_deactivation_allowed": true,
    "captcha_enabled": false, "minimum_password_complexity": 3,
})))]
pub struct SiteConfig {
    /// The homeserver's name
    server_name: String,
    password_login_enabled: bool,
    password_registration_enabled: bool,
    password_registration_email_required: bool,
    password_registration_token_required: bool,
    /// The same as `password_registration_token_required`
    #[schema(deprecated)]
    registration_token_required: bool,
    email_change_allowed: bool,
    displayname_change_allowed: bool,
    password_change_allowed: bool,
    account_recovery_allowed: bool,
    account_deactivation_allowed: bool,
    captcha_enabled: bool,
    /// The least score that a new password needs, as zxcvbn counts
    #[schema(minimum = 0, maximum = 4)]
    minimum_password_complexity: u8,
}

/// Get the site's configuration
#[utoipa::path(get, path = "/api/admin/v1/site-config", operation_id = "siteConfig", tag = "server",
    responses((status = 200, description = "What people may do here", body = SiteConfig), Failures))]
async fn site_config(app: App, _: Admin) -> Json<SiteConfig> {
    let site = &app.site_config;
    Json(SiteConfig {
        server_name: app.site.server_name.clone(),
        password_login_enabled: app.hasher.is_some(),
        password_registration_enabled: site.password_registration_enabled,
        password_registration_email_required: site.password_registration_email_required,
        password_registration_token_required: site.password_registration_token_required,
        registration_token_required: site.password_registration_token_required,
        email_change_allowed: site.email_change_allowed,
        displayname_change_allowed: site.displayname_change_allowed,
        password_change_allowed: site.password_change_allowed,
        account_recovery_allowed: site.account_recovery_allowed,
        account_deactivation_allowed: site.account_deactivation_allowed,
        captcha_enabled: site.captcha.is_some(),
        minimum_password_complexity: site.minimum_password_complexity,
    })
}

/// The version of this service
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({ "version": "v1.0.0" })))]
pub struct Version {
    version: &'static str,
}

/// Get the version
#[utoipa::path(get, path = "/api/admin/v1/version", operation_id = "version", tag = "server",
    responses((status = 200, description = "The version", body = Version), Failures))]
async fn version(app: App, _: Admin) -> Json<Version> {
    Json(Version { version: app.site_config.version })
}
