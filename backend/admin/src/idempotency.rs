//! `idempotency-key`: a change that is sent twice, because the answer to the first was lost, is made once, and both get the same
//! answer. Without the header nothing of this happens.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::idempotency::{self, Key, Standing};
use edge::App;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use kernel::{Actor, Error, scope::is_admin};
use serde::{Deserialize, Serialize};
use store::usage::carried;
use tracing::Instrument;

use crate::{Admin, Problem, document};

pub const HEADER: &str = "idempotency-key";
pub const REPLAYED: &str = "idempotency-replayed";
pub const LONGEST_KEY: usize = 255;

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    etag: Option<String>,
    #[serde(default)]
    location: Option<String>,
    #[serde(default)]
    job: Option<String>,
    body: String,
}

pub async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    let key = request.headers().get(HEADER).filter(|_| is_change).cloned();
    let admin = request.extensions().get::<Admin>().cloned();
    match (key, admin) {
        (Some(key), Some(admin)) => carry_out(app, admin, &key, request, next).await.into_response(),
        _ => next.run(request).await,
    }
}

async fn carry_out(
    app: App,
    admin: Admin,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len())).ok_or_else(|| {
        Problem::invalid(
            "invalid_idempotency_key",
            format!("The header {HEADER} is not 1 to {LONGEST_KEY} characters of ASCII"),
        )
    })?;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, crate::LONGEST_BODY).await.map_err(|_| {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is larger than 2 MiB")
    })?;
    let rights = rights(&admin);
    let bound = bound(&parts.headers);
    let (method, uri, content) = (&parts.method, &parts.uri, String::from_utf8_lossy(&body));
    let whole = format!("{method} {uri}{bound}\n{rights}\n{content}");
    let key = Key::new(&admin.op, key, &whole);
    match idempotency::begin(&app.db, &app.vault, &admin.op, &key).await? {
        Standing::New => {}
        Standing::Answered(kept) => return replay(&kept),
        Standing::Unsettled => {
            let title =
                "A request with this key is being carried out, or was interrupted: look what came of it";
            return Err(Problem::conflict("idempotency_key_in_use", title));
        }
        Standing::Reused => {
            let title = "This key was used for another request, or with a token of other scopes";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", title));
        }
    }
    let request = Request::from_parts(parts, Body::from(body));
    // In a task of its own: if the caller goes away, the answer is kept all the same.
    let (db, taken) = (app.db.clone(), key.clone());
    let work = carried(async move {
        let response = next.run(request).await;
        keep(&app, &admin, &key, response).await
    });
    match tokio::spawn(work.in_current_span()).await {
        Ok(answer) => answer,
        // It has panicked: a fault, like those that are answered.
        Err(error) => {
            idempotency::abandon(&db, &taken).await?;
            Err(Error::internal(error).into())
        }
    }
}

/// What the request is bound to. Without that, it is another request.
fn bound(headers: &HeaderMap) -> String {
    let lines = headers.get_all(header::IF_MATCH).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    lines.map(|line| format!(" if-match: {line}")).collect()
}

/// What of a scope the API looks at, and whom the token acts as if that is somebody else. It is a part of the request: who may do less
/// now is not told what more rights were answered.
fn rights(admin: &Admin) -> String {
    let lent = admin.user.filter(|user| admin.op.actor != Actor::User(*user));
    let lent = lent.map(|user| format!(" as {user}")).unwrap_or_default();
    admin.scope.iter().filter(|token| is_admin(token)).collect::<Vec<_>>().join(" ") + &lent
}

/// Keeps the answer, unless it is a fault that may be gone the next time.
async fn keep(app: &App, admin: &Admin, key: &Key, response: Response) -> Result<Response, Problem> {
    if response.status().is_server_error() {
        idempotency::abandon(&app.db, key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let kept = Kept {
        status: parts.status.as_u16(),
        etag: text(header::ETAG),
        location: text(header::LOCATION),
        job: text(HeaderName::from_static(document::JOB)),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let kept = serde_json::to_vec(&kept).map_err(Error::internal)?;
    idempotency::settle(&app.db, &app.vault, &admin.op, key, &kept).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(kept: &[u8]) -> Result<Response, Problem> {
    let kept: Kept = serde_json::from_slice(kept).map_err(Error::internal)?;
    let status = StatusCode::from_u16(kept.status).map_err(Error::internal)?;
    let mut response = (status, kept.body.clone()).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if !kept.body.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let job = HeaderName::from_static(document::JOB);
    for (name, value) in [(header::ETAG, kept.etag), (header::LOCATION, kept.location), (job, kept.job)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
