//! `POST /refresh`.

use axum::response::Response;
use domain::compat::refresh::{self, Refresh};
use edge::{App, app::Request};
use http::StatusCode;
use kernel::Secret;
use serde::Deserialize;
use serde_json::json;

use super::{
    Problem,
    body::{self, Body},
    reply::uncached,
};

#[derive(Deserialize)]
struct Members {
    refresh_token: Secret<String>,
}

/// A refusal is final: clients take any of them for the end of the session.
pub async fn refresh(app: App, Request(op): Request, body: Body) -> Result<Response, Problem> {
    let Members { refresh_token } = body::read(&body.bytes)?;
    let parts = refresh::Parts { db: &app.db, lineage: &app.lineage, lifetimes: &app.lifetimes };
    let refreshed = match refresh::refresh(parts, &op, refresh_token.expose()).await? {
        Refresh::Done(refreshed) => refreshed,
        Refresh::Unknown => {
            return Err(Problem::unknown_token("this refresh token is not known, or its session has ended"));
        }
        Refresh::Superseded => {
            return Err(Problem::unknown_token(
                "this refresh token was used before: use the one that succeeded it",
            ));
        }
        Refresh::Locked => return Err(Problem::user_locked().soft()),
    };
    app.activity.by_refresh(&op, refreshed.session);
    let body = json!({
        "access_token": refreshed.access.expose(),
        "refresh_token": refreshed.refresh.expose(),
        "expires_in_ms": app.lifetimes.compat_access_token.as_secs() * 1000,
    });
    Ok(uncached(StatusCode::OK, body))
}
