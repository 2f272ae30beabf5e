//! Token revocation (RFC 7009).

use axum::response::Response;
use domain::oauth::revoke;
use edge::{App, app::Request};
use http::StatusCode;
use kernel::Actor;
use serde_json::json;

use super::{
    credentials::ClientRequest,
    reply::{Problem, by, uncached},
};

/// The body is `{}` because matrix-js-sdk reads one.
pub async fn revoke(app: App, Request(op): Request, request: ClientRequest) -> Result<Response, Problem> {
    let client = app.clients.authenticate(&app.db, &op, request.client()?).await?;
    let op = op.by(Actor::Client(client.id));
    let hint = request.fields.get("token_type_hint");
    let ended = revoke::revoke(&app.db, &op, client.id, request.required("token")?, hint).await?;
    if let Some(session) = ended {
        app.activity.by_client(&op, session);
    }
    Ok(by(uncached(StatusCode::OK, json!({})), op.actor))
}
