//! The pages of the server: what people meet on the way from an app to their account and back.
//!
//! Each handler reads what it needs, asks `domain`, and shows a page or sends the browser on. Failures are values
//! ([`Failure`]) that one middleware turns into an error page, so that no handler writes one.

pub mod account;
mod account_app;
mod authorize;
mod compat_sso;
mod consent;
mod device;
mod end_session;
mod failure;
mod grant;
mod hint;
mod index;
mod judge;
mod link;
mod login;
mod logout;
mod next;
mod path_id;
mod reauthenticate;
mod register;
mod visit;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use edge::App;
use http::{HeaderMap, StatusCode};
use kernel::Result;

use crate::{
    assets::AppAssets,
    view::{Branding, NotFound, Site, Views},
};

pub use compat_sso::app_of as app_behind;
pub use failure::{Failure, show_failures};
pub use visit::Visit;

/// Templates and texts, and what all pages have in common. Loaded once.
#[derive(Debug)]
pub struct Pages {
    pub views: Arc<Views>,
    pub site: Site,
    /// What the account app loads; `None` if the front end was built without it.
    pub app: Option<AppAssets>,
}

impl Pages {
    pub fn load(app: &App) -> Result<Self> {
        let branding = Branding {
            service_name: app.site.service_name.clone(),
            policy_uri: app.site.policy_uri.clone(),
            tos_uri: app.site.tos_uri.clone(),
            imprint: app.site.imprint.clone(),
            accent_hue: None,
        };
        Ok(Self {
            views: Views::load()?,
            site: Site::new(app.urls.prefix(), &app.site.server_name, branding)?,
            app: AppAssets::load(app.urls.prefix())?,
        })
    }
}

/// A name, a password and a token: what is longer is no form of ours.
const LONGEST_FORM: usize = 64 * 1024;

/// The `human` resource.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(index::show))
        .route("/login", get(login::show).post(login::submit))
        .route("/logout", get(logout::ask).post(logout::submit))
        .route("/register", get(register::enter))
        .route("/register/password", get(register::password::show).post(register::password::submit))
        .route("/register/steps/{id}/token", get(register::token::show).post(register::token::submit))
        .route("/register/steps/{id}/verify-email", get(register::email::show).post(register::email::submit))
        .route("/register/steps/{id}/display-name", get(register::name::show).post(register::name::submit))
        .route("/register/steps/{id}/finish", get(register::finish::go_on))
        .route("/reauthenticate", get(reauthenticate::show).post(reauthenticate::submit))
        .route("/authorize", get(authorize::authorize).post(authorize::by_form))
        .route("/consent/{id}", get(consent::show).post(consent::submit))
        .route("/complete-compat-sso/{id}", get(compat_sso::show).post(compat_sso::submit))
        .route("/link", get(link::show).post(link::submit))
        .route("/device/{id}", get(device::show).post(device::submit))
        .route("/oauth2/end_session", get(end_session::begin).post(end_session::submit))
        .route("/.well-known/change-password", get(to_password))
        .route("/account", get(account::with_slash))
        .route("/account/", get(account::enter))
        .route("/account/export.json", get(account_app::export))
        .route("/account/{*rest}", get(account_app::show))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
}

/// <https://w3c.github.io/webappsec-change-password-url/>
async fn to_password(app: App) -> Redirect {
    Redirect::to(&app.urls.path("/account/password/change"))
}

/// There is no page here.
pub async fn not_found(visit: Visit) -> Result<Response, Failure> {
    visit.show(StatusCode::NOT_FOUND, &NotFound {})
}

/// For answers that need no page of ours.
pub(crate) fn see_other(location: &str) -> Response {
    Redirect::to(location).into_response()
}

/// What the browser accepts, for the choice of language.
fn accept_language(headers: &HeaderMap) -> &str {
    headers.get(http::header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
