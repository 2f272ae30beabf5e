//! The protocol endpoints and the pages that people see: reading requests, writing answers. What is decided, and
//! stored, is the business of `domain`.

pub mod oauth;
mod ops;

use axum::{Router, middleware};
use edge::App;
use tower_http::catch_panic::CatchPanicLayer;

/// What a listener serves (`http.listeners[].resources[].name`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    Discovery,
    Oauth,
    Human,
    Assets,
    Health,
}

impl Resource {
    pub const ALL: [Self; 5] = [Self::Discovery, Self::Oauth, Self::Human, Self::Assets, Self::Health];
}

/// The routes of a listener, below its prefix.
pub fn router(app: App, resources: &[Resource], prefix: &str) -> Router {
    let mut routes = Router::new();
    for resource in resources {
        routes = routes.merge(match resource {
            Resource::Discovery => oauth::discovery(),
            Resource::Oauth => oauth::endpoints(),
            Resource::Health => ops::health(),
            Resource::Human | Resource::Assets => Router::new(),
        });
    }
    let prefix = prefix.trim_end_matches('/');
    let routes = if prefix.is_empty() { routes } else { Router::new().nest(prefix, routes) };
    routes
        .layer(CatchPanicLayer::custom(edge::telemetry::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), edge::telemetry::middleware))
        .with_state(app)
}
