//! What operators and their machines ask of a running service.

#[cfg(feature = "bench")]
pub mod floor;

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use edge::App;
use http::{StatusCode, header};

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
