//! The protocol endpoints and the pages that people see: reading requests, writing answers. What is decided, and
//! stored, is the business of `domain`.

pub mod assets;
pub mod compat;
pub mod oauth;
mod ops;
pub mod pages;
pub mod view;

use std::sync::Arc;

use axum::{Router, middleware, routing::get};
use edge::App;
use tower_http::catch_panic::CatchPanicLayer;

pub use pages::Pages;

/// What a listener serves (`http.listeners[].resources[].name`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    Discovery,
    Oauth,
    Human,
    /// The legacy login API of Matrix.
    Compat,
    Assets,
    Health,
    Prometheus,
}

impl Resource {
    pub const ALL: [Self; 7] = [
        Self::Discovery,
        Self::Oauth,
        Self::Human,
        Self::Compat,
        Self::Assets,
        Self::Health,
        Self::Prometheus,
    ];
}

/// The routes of a listener, below its prefix; `others` are those of other surfaces. What no route matches is answered by a
/// page that says so.
pub fn router(
    app: App,
    pages: &Arc<Pages>,
    resources: &[Resource],
    others: Router<App>,
    prefix: &str,
) -> Router {
    let prefix = prefix.trim_end_matches('/');
    let mut endpoints = others;
    let mut people = Router::new();
    for resource in resources {
        match resource {
            Resource::Discovery => endpoints = endpoints.merge(oauth::discovery()),
            Resource::Oauth => endpoints = endpoints.merge(oauth::endpoints()),
            Resource::Human => people = people.merge(pages::routes()),
            Resource::Compat => endpoints = endpoints.merge(compat::routes()),
            Resource::Assets => endpoints = endpoints.route("/assets/{*path}", get(assets::get)),
            Resource::Health => endpoints = endpoints.merge(ops::health()),
            Resource::Prometheus => endpoints = endpoints.merge(ops::prometheus()),
        }
    }
    // Only what people see needs pages for its failures, and only there is the price of being able to show one paid.
    let people = below(prefix, people)
        .fallback(pages::not_found)
        .layer(middleware::from_fn_with_state(app.clone(), pages::show_failures))
        .layer(axum::Extension(Arc::clone(pages)));
    below(prefix, endpoints)
        .merge(people)
        .layer(CatchPanicLayer::custom(edge::telemetry::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), edge::telemetry::middleware))
        .with_state(app)
}

fn below(prefix: &str, routes: Router<App>) -> Router<App> {
    if prefix.is_empty() { routes } else { Router::new().nest(prefix, routes) }
}
