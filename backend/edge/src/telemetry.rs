//! One operation and one log line per request.

use std::{
    fmt,
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
use http::{HeaderMap, StatusCode, Uri, Version, header};
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
    let asked = Asked {
        method,
        uri: request.uri().clone(),
        version: request.version(),
        user_agent: op.user_agent.clone(),
        address: op.address,
    };
    request.extensions_mut().insert(op);
    let usage = Arc::new(Usage::default());
    let work = measured(Arc::clone(&usage), next.run(request));
    let (response, effort) = observed(work.instrument(span.clone())).await;
    let line = Line { asked: &asked, response: &response, usage: &usage, effort, elapsed: timer.elapsed() };
    span.in_scope(|| line.write());
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

/// What the request log tells of a request; written once, straight into the log's buffer.
struct Line<'a> {
    asked: &'a Asked,
    response: &'a Response,
    usage: &'a Usage,
    effort: Effort,
    elapsed: Duration,
}

/// What is known before the handler takes the request.
struct Asked {
    method: &'static str,
    uri: Uri,
    version: Version,
    user_agent: Option<String>,
    address: Option<IpAddr>,
}

impl Line<'_> {
    fn write(&self) {
        match self.response.status().as_u16() {
            500.. => tracing::error!(name: "http.server.response", "{self}"),
            400.. => tracing::warn!(name: "http.server.response", "{self}"),
            _ => tracing::info!(name: "http.server.response", "{self}"),
        }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { asked, response, usage, effort, elapsed } = self;
        write!(
            f,
            "\"{} {} {:?}\" {} {:?} [polls: {}, cpu: {}, db: {}, elapsed: {}, queries: {}, fetched: {}]",
            asked.method,
            asked.uri.path(),
            asked.version,
            response.status(),
            asked.user_agent.as_deref().unwrap_or("-"),
            effort.polls,
            Millis(effort.busy),
            Millis(usage.time()),
            Millis(*elapsed),
            usage.statements(),
            usage.rows(),
        )?;
        match response.extensions().get::<Requester>() {
            None | Some(Requester(Actor::Anonymous, _)) => {}
            Some(Requester(actor, None)) => write!(f, " requester={}", domain::audit::actor(*actor))?,
            Some(Requester(actor, Some(name))) => {
                write!(f, " requester={}({name})", domain::audit::actor(*actor))?;
            }
        }
        asked.address.map_or(Ok(()), |address| write!(f, " client.address={address}"))
    }
}

/// Milliseconds with one decimal, by whole numbers: a good deal cheaper to print than floats.
struct Millis(Duration);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0.as_micros() + 50) / 100;
        write!(f, "{}.{}ms", tenths / 10, tenths % 10)
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
