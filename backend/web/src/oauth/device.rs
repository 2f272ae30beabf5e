//! The device authorization endpoint (RFC 8628 §3.1, §3.2).

use axum::response::Response;
use domain::{
    limits::Place,
    oauth::{
        Code, Refusal,
        device_authorization::{self, INTERVAL, LIFETIME},
    },
};
use edge::{App, app::Request};
use http::StatusCode;
use kernel::{Actor, Scope};
use serde_json::json;

use super::{
    credentials::ClientRequest,
    reply::{Problem, by, uncached},
};

pub async fn device(
    app: App,
    Request(op): Request,
    request: Result<ClientRequest, Problem>,
) -> Result<Response, Problem> {
    if !app.device_grant.enabled {
        return Err(Code::InvalidRequest.because("this server does not sign devices in by code").into());
    }
    let place = Place::of(op.address);
    app.limits
        .device_authorization
        .charge(op.now, place)
        .map_err(|throttled| Refusal::throttled(throttled.0))?;
    let request = request?;
    let client = app.clients.authenticate(&app.db, &op, request.client()?).await?;
    let op = op.by(Actor::Client(client.id));
    let scope: Scope = request
        .fields
        .text("scope")
        .parse()
        .map_err(|error: kernel::scope::InvalidScope| Code::InvalidScope.because(error.to_string()))?;
    let wanted = device_authorization::Request {
        client: &client,
        scope: &scope,
        login_hint: request.fields.get("login_hint"),
    };
    let started = device_authorization::start(&app.db, &app.vault, &op, wanted).await?;
    let link = app.urls.absolute("/link");
    let mut body = json!({
        "device_code": started.device_code.expose(),
        "user_code": started.user_code.expose(),
        "verification_uri": link,
        "expires_in": LIFETIME.as_secs(),
        "interval": INTERVAL.as_secs(),
    });
    if app.device_grant.auto_fill {
        body["verification_uri_complete"] = format!("{link}?code={}", started.user_code.expose()).into();
    }
    Ok(by(uncached(StatusCode::OK, body), op.actor))
}
