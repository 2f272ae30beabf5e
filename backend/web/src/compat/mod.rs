//! The legacy login API of Matrix (client-server API, §Legacy API; MSC3824): reading requests, writing answers. What they
//! mean is decided in `domain::compat`.
//!
//! Invariant: whatever is asked for below `/_matrix/` is answered in the API's own JSON, also what is not there.

mod body;
mod login;
pub mod login_request;
mod logout;
mod redirect;
mod refresh;
mod reply;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::IntoResponse,
    routing::{any, get, post},
};
use edge::App;
use http::HeaderName;
use tower_http::catch_panic::CatchPanicLayer;

pub use redirect::UNSTABLE_ACTION;
pub use reply::Problem;

/// As Synapse has it.
const LONGEST_BODY: usize = 2 * 1024 * 1024;

/// The `compat` resource, below every version that a client may name.
pub fn routes() -> Router<App> {
    let api = Router::new()
        .route("/_matrix/client/{version}/login", get(login::flows).post(login::login))
        .route("/_matrix/client/{version}/logout", post(logout::logout))
        .route("/_matrix/client/{version}/logout/all", post(logout::logout_all))
        .route("/_matrix/client/{version}/refresh", post(refresh::refresh))
        .route("/_matrix", any(reply::not_found))
        .route("/_matrix/", any(reply::not_found))
        .route("/_matrix/{*path}", any(reply::not_found))
        .method_not_allowed_fallback(reply::not_allowed)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(crate::oauth::cors([HeaderName::from_static("x-requested-with")]));
    // Browsers go there themselves: no script needs to.
    let browsers = Router::new()
        .route("/_matrix/client/{version}/login/sso/redirect", get(redirect::redirect))
        .route("/_matrix/client/{version}/login/sso/redirect/", get(redirect::redirect))
        .route("/_matrix/client/{version}/login/sso/redirect/{idp}", get(redirect::redirect))
        .method_not_allowed_fallback(reply::not_allowed);
    api.merge(browsers).layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
}
