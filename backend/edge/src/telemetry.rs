//! One operation and one log line per request.

use std::{
    future::poll_fn,
    net::IpAddr,
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Version, header};
use kernel::Actor;
use store::usage::{Usage, measured};
use tracing::Instrument;

use crate::{App, address};

/// The other end of the connection; the listener puts it into the request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub Option<IpAddr>);

/// Handlers put the authenticated caller into the response's extensions, for the log.
#[derive(Clone, Debug)]
pub struct Requester(pub Actor, pub Option<String>);

/// Makes the [`Op`] of each request, and writes the request log.
pub async fn middleware(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let timer = tokio::time::Instant::now();
    let peer = request.extensions().get::<Peer>().and_then(|peer| peer.0);
    let count = app.requests.fetch_add(1, Ordering::Relaxed);
    let method = known_method(request.method());
    let mut op = app.op(&format!("{method}-{count}"));
    op.address = address::client(peer, request.headers(), &app.trusted_proxies);
    op.user_agent = user_agent(request.headers());
    let span = tracing::info_span!("request", context = %op.request_id);
    let line = Line {
        method,
        path: request.uri().path().to_owned(),
        version: request.version(),
        user_agent: op.user_agent.clone(),
        address: op.address,
    };
    request.extensions_mut().insert(op);
    let usage = Arc::new(Usage::default());
    let work = measured(Arc::clone(&usage), next.run(request));
    let (response, effort) = observed(work.instrument(span.clone())).await;
    span.in_scope(|| line.write(&response, &usage, effort, timer.elapsed()));
    response
}

/// How often the runtime came back to a task, and how long it stayed.
#[derive(Clone, Copy, Debug, Default)]
struct Effort {
    polls: u32,
    busy: Duration,
}

async fn observed<T>(work: impl Future<Output = T>) -> (T, Effort) {
    let (mut work, mut effort) = (pin!(work), Effort::default());
    let done = poll_fn(|context| {
        let began = Instant::now();
        let polled = work.as_mut().poll(context);
        effort.polls += 1;
        effort.busy += began.elapsed();
        polled
    });
    let done = done.await;
    (done, effort)
}

fn known_method(method: &http::Method) -> &'static str {
    ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"]
        .into_iter()
        .find(|known| method.as_str() == *known)
        .unwrap_or("_OTHER")
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    // Kept with sessions and shown in lists: a header of megabytes is not worth it.
    Some(text.chars().take(512).collect())
}

struct Line {
    method: &'static str,
    path: String,
    version: Version,
    user_agent: Option<String>,
    address: Option<IpAddr>,
}

impl Line {
    fn write(&self, response: &Response, usage: &Usage, effort: Effort, elapsed: Duration) {
        let status = response.status();
        let version = format!("{:?}", self.version);
        let message = format!(
            "\"{} {} {version}\" {} {:?} [polls: {}, cpu: {:.1}ms, db: {:.1}ms, elapsed: {:.1}ms, queries: {}, fetched: {}]{}{}",
            self.method,
            self.path,
            status,
            self.user_agent.as_deref().unwrap_or("-"),
            effort.polls,
            effort.busy.as_secs_f64() * 1e3,
            usage.time().as_secs_f64() * 1e3,
            elapsed.as_secs_f64() * 1e3,
            usage.statements(),
            usage.rows(),
            requester(response),
            self.address.map(|address| format!(" client.address={address}")).unwrap_or_default(),
        );
        match status.as_u16() {
            500.. => tracing::error!(name: "http.server.response", "{message}"),
            400.. => tracing::warn!(name: "http.server.response", "{message}"),
            _ => tracing::info!(name: "http.server.response", "{message}"),
        }
    }
}

fn requester(response: &Response) -> String {
    match response.extensions().get::<Requester>() {
        None | Some(Requester(Actor::Anonymous, _)) => String::new(),
        Some(Requester(actor, None)) => format!(" requester={}", domain::audit::actor(*actor)),
        Some(Requester(actor, Some(name))) => format!(" requester={}({name})", domain::audit::actor(*actor)),
    }
}

/// Logs a failure once, where a surface turns it into its own shape.
pub fn report(error: &kernel::Error) {
    use kernel::Kind::{Internal, Unavailable};
    let cause = kernel::error::chain(error);
    match error.kind {
        Internal => tracing::error!(at = %error.at, "{cause}"),
        Unavailable => tracing::warn!(at = %error.at, "{cause}"),
        _ => tracing::debug!(at = %error.at, "{cause}"),
    }
}

/// A panic in a handler is our fault, never the end of the process: it becomes a bare 500.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
