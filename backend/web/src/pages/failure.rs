//! Failures on the way to a page, and the page that tells of them.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use edge::App;
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, Kind};

use super::{Pages, Visit};
use crate::view::ErrorPage;

/// A handler could not make its page.
#[derive(Debug)]
pub struct Failure(Error);

impl<E: Into<Error>> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.0.kind).into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::Throttled => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Logs a failure and puts its page in place of the bare status.
pub async fn show_failures(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    request: Request,
    next: Next,
) -> Response {
    let visit = Visit::of(&app, &pages, request.headers(), request.extensions());
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<Arc<Error>>().cloned() else { return response };
    edge::telemetry::report(&error);
    let page =
        ErrorPage::new(&error, response.status(), visit.as_ref().map_or("-", |visit| &visit.op.request_id));
    let shown = visit.and_then(|visit| visit.show(response.status(), &page).ok());
    let mut response = shown.unwrap_or_else(|| (response.status(), error.public.to_string()).into_response());
    if error.kind == Kind::Unavailable {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
