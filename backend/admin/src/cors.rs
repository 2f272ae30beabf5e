//! Any origin may call: nothing here takes a cookie. Failures carry these headers as well, or consoles could not read
//! what went wrong.

use http::{HeaderName, header};
use tower_http::cors::{Any, CorsLayer};

use crate::{document, idempotency};

pub fn layer() -> CorsLayer {
    let named = [
        "x-requested-with",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "traceparent",
        "tracestate",
        "baggage",
    ];
    let headers = [header::AUTHORIZATION, header::ACCEPT, header::CONTENT_TYPE];
    let headers = headers.into_iter().chain(named.map(HeaderName::from_static));
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(headers.collect::<Vec<_>>())
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            HeaderName::from_static(document::JOB),
            HeaderName::from_static(idempotency::REPLAYED),
            HeaderName::from_static("x-request-id"),
        ])
}
