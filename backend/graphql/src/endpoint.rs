//! `/graphql` over HTTP.
//!
//! Browsers prove themselves by the session cookie. That would let other sites act for a person, so: mutations only by POST,
//! only with a JSON body (which a form cannot send), and only from pages of ours, as the browser tells (`Sec-Fetch-Site`, or
//! `Origin`). Programs prove themselves by a bearer token, which goes before any cookie and needs none of this.

use std::sync::Arc;

use async_graphql::{Request, Response as Answer, ServerError, Variables, parser::types::OperationType};
use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery},
    response::{IntoResponse, Response},
    routing::get,
};
use edge::{App, app, form::Fields, nul, telemetry};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kernel::Op;
use serde::Deserialize;
use tower_http::cors::{Any, CorsLayer};

use crate::{
    SCHEMA,
    asking::{self, Asking, Refused, Requester},
    extent,
    fault::{ErrorCode, Fault, explain},
    text,
};

/// Questions are a few kilobytes.
const LONGEST: usize = 64 * 1024;

/// Brackets inside each other, before anything is parsed: [`extent`] says what selections may be.
const MOST_NESTED: usize = 100;

/// What a listener allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// `undocumented_oauth2_access`: tokens are taken.
    pub by_token: bool,
}

/// The `graphql` resource.
pub fn routes(access: Access) -> Router<App> {
    let headers = [
        header::AUTHORIZATION,
        header::ACCEPT,
        header::ACCEPT_LANGUAGE,
        header::CONTENT_LANGUAGE,
        header::CONTENT_TYPE,
    ];
    // Without credentials: no cookie comes with a request of another site's script.
    let cors = CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(headers);
    Router::new()
        .route("/graphql", get(by_get).post(by_post))
        .layer(cors)
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(Extension(access))
}

/// The body of a POST.
#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    query: String,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<serde_json::Value>,
}

impl Body {
    /// PostgreSQL cannot keep NUL. Once here, for whatever a text is for.
    fn has_nul(&self) -> bool {
        text::has_nul(&self.query)
            || self.operation_name.as_ref().is_some_and(|name| name.contains('\0'))
            || self.variables.as_ref().is_some_and(nul::is_in_json)
    }
}

async fn by_post(
    app: App,
    app::Request(op): app::Request,
    Extension(access): Extension<Access>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if asking::bearer(&headers).is_none() && is_from_elsewhere(&app, &headers) {
        return refuse(StatusCode::FORBIDDEN, Fault::new(ErrorCode::Forbidden, FOREIGN));
    }
    if !is_json(&headers) {
        let fault = Fault::new(ErrorCode::BadInput, "send JSON, with `Content-Type: application/json`");
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, fault);
    }
    match serde_json::from_slice::<Body>(&body) {
        Ok(body) => answer((app, op, access), Method::POST, &headers, body).await,
        Err(error) => malformed(format!("not the JSON object of a GraphQL request: {error}")),
    }
}

async fn by_get(
    app: App,
    app::Request(op): app::Request,
    Extension(access): Extension<Access>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = match Fields::parse(query.unwrap_or_default().as_bytes()) {
        Ok(fields) => fields,
        Err(problem) => return malformed(problem.to_string()),
    };
    let variables = fields.get("variables").map(serde_json::from_str).transpose();
    let Ok(variables) = variables else { return malformed("variables: not JSON".into()) };
    let body = Body {
        query: fields.text("query").to_owned(),
        operation_name: fields
            .get("operation_name")
            .or_else(|| fields.get("operationName"))
            .map(str::to_owned),
        variables,
    };
    answer((app, op, access), Method::GET, &headers, body).await
}

async fn answer(
    (app, op, access): (App, Op, Access),
    method: Method,
    headers: &HeaderMap,
    body: Body,
) -> Response {
    if body.has_nul() {
        return malformed("a text contains the character U+0000, which nothing here may contain".into());
    }
    if text::nesting(&body.query) > MOST_NESTED {
        let fault = Fault::new(ErrorCode::TooComplex, "the question has too many brackets inside each other");
        return reply(StatusCode::OK, &failed(fault));
    }
    let requester = match requester(&app, &op, access, headers).await {
        Ok(requester) => requester,
        Err(refusal) => return *refusal,
    };
    let asking = Arc::new(Asking::new(app, op, requester));
    let mut request = Request::new(body.query);
    if let Some(variables) = body.variables.filter(|variables| !variables.is_null()) {
        if !variables.is_object() {
            return malformed("variables: not a JSON object".into());
        }
        request = request.variables(Variables::from_json(variables));
    }
    if let Some(name) = body.operation_name {
        request = request.operation_name(name);
    }
    // What cannot be parsed goes on: executing it tells why.
    if let Ok(document) = request.parsed_query() {
        let mutates = document.operations.iter().any(|(_, one)| one.node.ty == OperationType::Mutation);
        if mutates && method != Method::POST {
            let fault = Fault::new(ErrorCode::BadInput, "mutations are sent by POST");
            let mut refusal = refuse(StatusCode::METHOD_NOT_ALLOWED, fault);
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            return refusal;
        }
        if let Err(fault) = extent::check(document) {
            return reply(StatusCode::OK, &failed(fault));
        }
    }
    let mut answer = SCHEMA.execute(request.data(Arc::clone(&asking))).await;
    for error in &mut answer.errors {
        explain(error, &asking.op);
    }
    let mut response = reply(StatusCode::OK, &answer);
    for cookie in asking.take_cookies() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response.extensions_mut().insert(telemetry::Requester(asking.op.actor, None));
    response
}

async fn requester(
    app: &App,
    op: &Op,
    access: Access,
    headers: &HeaderMap,
) -> Result<Requester, Box<Response>> {
    let failed = |error: kernel::Error| {
        telemetry::report(&error);
        let message = format!("{} ({})", error.public, op.request_id);
        let unavailable = error.kind == kernel::Kind::Unavailable;
        let status =
            if unavailable { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
        Box::new(refuse(status, Fault::new(ErrorCode::Internal, message)))
    };
    let Some(token) = asking::bearer(headers) else {
        return asking::by_cookie(app, headers).await.map_err(failed);
    };
    let invalid = || {
        let fault = Fault::new(ErrorCode::Unauthenticated, "Invalid token");
        Box::new(refuse(StatusCode::UNAUTHORIZED, fault))
    };
    if !access.by_token {
        return Err(invalid());
    }
    match asking::by_token(app, op, token).await.map_err(failed)? {
        Ok(requester) => Ok(requester),
        Err(Refused::Invalid) => Err(invalid()),
        Err(Refused::Scope) => {
            let message = "Missing scope: urn:mas:graphql:*";
            Err(Box::new(refuse(StatusCode::UNAUTHORIZED, Fault::new(ErrorCode::Forbidden, message))))
        }
    }
}

const FOREIGN: &str = "this request comes from a page of another site";

/// What the browser says of the page that sent the request. Programs say nothing.
fn is_from_elsewhere(app: &App, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes() != app.urls.origin().as_bytes())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn malformed(message: String) -> Response {
    refuse(StatusCode::BAD_REQUEST, Fault::new(ErrorCode::BadInput, message))
}

fn refuse(status: StatusCode, fault: Fault) -> Response {
    reply(status, &failed(fault))
}

/// An answer that is nothing but an error.
fn failed(fault: Fault) -> Answer {
    let mut error = ServerError::new(fault.message, None);
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    extensions.set("code", fault.code.name());
    error.extensions = Some(extensions);
    Answer::from_errors(vec![error])
}

fn reply(status: StatusCode, answer: &Answer) -> Response {
    let body = serde_json::to_vec(answer).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}
