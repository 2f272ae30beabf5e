//! The protocol endpoints of OAuth 2.0 and OpenID Connect: reading requests, writing answers. What they mean is
//! decided in `domain::oauth`.

pub mod credentials;
mod device;
mod discovery;
mod introspect;
mod logo;
mod register;
mod reply;
mod revoke;
mod token;
mod userinfo;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{any, get, post},
};
use edge::App;
use http::{HeaderName, header};
use tower_http::cors::{Any, CorsLayer};

/// Bodies are short; what is longer is no request of ours.
const LONGEST_BODY: usize = 256 * 1024;

/// Discovery: `/.well-known/…`.
pub fn discovery() -> Router<App> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::metadata))
        .route("/.well-known/oauth-authorization-server", get(discovery::metadata))
        .route("/.well-known/webfinger", get(discovery::webfinger))
        .layer(cors([]))
}

/// The endpoints that clients and resource servers call.
pub fn endpoints() -> Router<App> {
    let routes = Router::new()
        .route("/oauth2/keys.json", get(discovery::keys))
        .route("/oauth2/userinfo", any(userinfo::userinfo))
        .route("/oauth2/introspect", post(introspect::introspect))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/device", post(device::device))
        .route("/oauth2/registration", post(register::register))
        .route("/oauth2/clients/{client_id}/logo", get(logo::logo));
    // Behind the same layers as what is compared with it.
    #[cfg(feature = "bench")]
    let routes = routes.merge(crate::ops::floor::routes());
    routes
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(cors([HeaderName::from_static("x-requested-with")]))
}

/// Any origin may call: these endpoints take no cookie.
pub(crate) fn cors<const N: usize>(more_headers: [HeaderName; N]) -> CorsLayer {
    let headers = [
        header::AUTHORIZATION,
        header::ACCEPT,
        header::ACCEPT_LANGUAGE,
        header::CONTENT_LANGUAGE,
        header::CONTENT_TYPE,
    ];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(headers.into_iter().chain(more_headers).collect::<Vec<_>>())
        .max_age(std::time::Duration::from_secs(3600))
}
