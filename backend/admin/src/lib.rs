//! The REST API for administrators, `/api/admin/v1`: paths, parameters and shapes are those of MAS, which scripts and
//! consoles know; the OpenAPI document at `/api/spec.json` is made from the handlers.
//!
//! One file per resource, read from top to bottom: its attributes, its filter, its operations. A handler translates; what
//! is decided and stored is the business of `domain`. Who calls is settled before a handler runs ([`auth`]), and every
//! failure is one document ([`Problem`]).
//!
//! Not here: the GraphQL API of the account pages; introspection.

mod audited;
mod auth;
mod body;
mod cors;
mod doc;
mod document;
mod idempotency;
mod if_match;
mod listed;
mod openapi;
mod problem;
mod types;

mod audit_events;
mod bulk_operations;
mod compat_sessions;
mod jobs;
mod oauth2_clients;
mod oauth2_sessions;
mod personal_sessions;
mod policy_data;
mod registration_tokens;
mod server;
mod sessions;
mod sorted;
mod upstream_links;
mod upstream_providers;
mod user_emails;
mod user_sessions;
mod users;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get},
};
use edge::App;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

pub use auth::Admin;
pub use doc::{Assets, UP};
pub use openapi::document;
pub use problem::Problem;

/// Below it lie all operations.
pub const BASE: &str = "/api/admin/v1";
const LONGEST_BODY: usize = 2 * 1024 * 1024;

/// The `adminapi` resource of a listener. `assets` are what the page at `/api/doc/` loads.
pub fn routes(app: &App, assets: Assets) -> Router<App> {
    let (operations, _) = operations().split_for_parts();
    let operations = operations
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .route_layer(from_fn_with_state(app.clone(), idempotency::once))
        // From here on it is known who calls, and that they may.
        .route_layer(from_fn_with_state(app.clone(), auth::authenticate))
        .route_layer(from_fn(problem::without_nul));
    Router::new()
        .merge(operations)
        .route("/api/spec.json", get(doc::specification))
        .route("/api/doc/", get(doc::page))
        .route("/api/doc/oauth2-callback", get(doc::callback))
        .route("/api", any(problem::unknown_path))
        .route("/api/", any(problem::unknown_path))
        .route("/api/{*path}", any(problem::unknown_path))
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(Extension(listed::Turns::default()))
        .layer(Extension(Arc::new(assets)))
        .layer(Extension(Arc::new(doc::Specification::default())))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn(problem::with_request_id))
        .layer(cors::layer())
}

fn operations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(server::routes())
        .merge(users::routes())
        .merge(user_emails::routes())
        .merge(user_sessions::routes())
        .merge(compat_sessions::routes())
        .merge(oauth2_clients::routes())
        .merge(oauth2_sessions::routes())
        .merge(personal_sessions::routes())
        .merge(policy_data::routes())
        .merge(registration_tokens::routes())
        .merge(upstream_links::routes())
        .merge(upstream_providers::routes())
        .merge(audit_events::routes())
        .merge(bulk_operations::routes())
        .merge(jobs::routes())
}
