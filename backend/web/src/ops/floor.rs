//! The least that a request with one database read can cost: what `make bench` compares the hot paths with.
//! Only in builds with the feature `bench`.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use edge::App;
use kernel::{Error, Kind, id::UserId};

use crate::pages::Failure;

pub fn routes() -> Router<App> {
    Router::new().route("/bench/floor/{id}", get(username))
}

/// One prepared SELECT by primary key.
async fn username(app: App, Path(id): Path<UserId>) -> Result<Response, Failure> {
    let row = store::sql::one(&app.db.read, "SELECT username FROM users WHERE id = $1", [id.into()]).await;
    let row = row.map_err(Error::from)?.ok_or_else(|| Error::new(Kind::NotFound, "no such user"))?;
    let username: String = row.try_get("", "username").map_err(Error::from)?;
    Ok(username.into_response())
}
