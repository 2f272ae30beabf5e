//! The least that a request with one database read can cost: what `make bench` compares the hot paths with.
//! Only in builds with the feature `bench`.

use axum::{Router, extract::Path, routing::get};
use edge::App;
use http::StatusCode;
use kernel::id::UserId;

pub fn routes() -> Router<App> {
    Router::new().route("/bench/floor/{id}", get(username))
}

/// One prepared SELECT by primary key.
async fn username(app: App, Path(id): Path<UserId>) -> Result<String, StatusCode> {
    let row = store::sql::one(&app.db.read, "SELECT username FROM users WHERE id = $1", [id.into()]).await;
    let row = row.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?.ok_or(StatusCode::NOT_FOUND)?;
    row.try_get("", "username").map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
