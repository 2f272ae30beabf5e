//! What operators and their machines ask of a running service.

#[cfg(feature = "bench")]
pub mod floor;

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use edge::App;
use http::{StatusCode, header};

const PROMETHEUS_TEXT: &str = "text/plain;version=1.0.0";

pub fn health() -> Router<App> {
    Router::new().route("/health", get(answer))
}

/// `ok` when the database answers. The text never tells why it does not: that is in the log.
async fn answer(app: App) -> Response {
    match store::sql::one(&app.db.read, "SELECT 1 AS one", []).await {
        Ok(_) => (StatusCode::OK, "ok").into_response(),
        Err(error) => {
            edge::telemetry::report(&error.into());
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], "the database does not answer")
                .into_response()
        }
    }
}

pub fn prometheus() -> Router<App> {
    Router::new().route("/metrics", any(metrics))
}

/// Anybody who reaches the listener may read it: nothing in it is about a person.
async fn metrics(app: App) -> Response {
    match app.metrics.render() {
        Ok(Some(text)) => ([(header::CONTENT_TYPE, PROMETHEUS_TEXT)], text).into_response(),
        Ok(None) => {
            let why = "nothing is measured for Prometheus: set telemetry.metrics.exporter to prometheus";
            (StatusCode::INTERNAL_SERVER_ERROR, why).into_response()
        }
        Err(error) => {
            edge::telemetry::report(&error);
            (StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written down").into_response()
        }
    }
}
