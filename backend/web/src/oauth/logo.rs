//! `GET /oauth2/clients/{client_id}/logo`: a client's logo, from our own origin.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use edge::{App, app::Request};
use http::{StatusCode, header};
use kernel::id::ClientId;

use super::reply::Problem;

pub async fn logo(app: App, Request(op): Request, Path(id): Path<String>) -> Result<Response, Problem> {
    let client = match id.parse::<ClientId>() {
        Ok(id) => app.clients.get(&app.db, id).await?,
        Err(_) => None,
    };
    let logo = match &client {
        Some(client) => app.logos.get(&app.outbound, op.now, client).await,
        None => None,
    };
    let Some(logo) = logo else {
        return Ok((StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "public, max-age=60")]).into_response());
    };
    // It is a stranger's file: whatever it is taken for, it can do nothing.
    let headers = [
        (header::CONTENT_TYPE, logo.content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    Ok((headers, logo.bytes.to_vec()).into_response())
}
