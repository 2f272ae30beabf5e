//! The front page.

use axum::response::Response;
use http::StatusCode;

use super::{Failure, Visit, visit::Gate};
use crate::view::{Continuation, Index};

pub async fn show(mut visit: Visit) -> Result<Response, Failure> {
    if let Gate::Stopped(page) = visit.gate(Continuation::default()).await? {
        return Ok(page);
    }
    let discovery_url = visit.app.urls.absolute("/.well-known/openid-configuration");
    visit.show(StatusCode::OK, &Index { discovery_url, registers: visit.app.registers() })
}
