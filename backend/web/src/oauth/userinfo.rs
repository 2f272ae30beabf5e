//! Userinfo (OpenID Connect Core §5.3), with bearer tokens as in RFC 6750.

use axum::{
    body::Bytes,
    response::{IntoResponse, Response},
};
use domain::sessions::{SessionKind, accept::accept};
use edge::{App, app::Request, form::Fields};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kernel::{Actor, Token};
use serde_json::json;

use super::reply::{Problem, by, uncached};

pub async fn userinfo(
    app: App,
    Request(op): Request,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if method != Method::GET && method != Method::POST {
        return Ok((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response());
    }
    let presented = match bearer(&headers, &body) {
        Ok(Some(presented)) => presented,
        Ok(None) => return Ok(challenge(StatusCode::UNAUTHORIZED, "Bearer")),
        Err(Malformed) => {
            return Ok(challenge(StatusCode::BAD_REQUEST, "Bearer error=\"invalid_request\""));
        }
    };
    let invalid = || challenge(StatusCode::UNAUTHORIZED, "Bearer error=\"invalid_token\"");
    let Some(token) = Token::parse(&presented).filter(|token| !token.is_refresh()) else {
        return Ok(invalid());
    };
    let accepted = accept(&app.db, &op, &token, app.lifetimes.overlap).await?;
    let Some(accepted) = accepted.filter(|accepted| accepted.kind == SessionKind::Oauth) else {
        return Ok(invalid());
    };
    app.activity.by_client(&op, accepted.session);
    let Some(user) = accepted.user.filter(|_| accepted.scope.split(' ').any(|scope| scope == "openid"))
    else {
        return Ok(challenge(StatusCode::FORBIDDEN, "Bearer error=\"insufficient_scope\", scope=\"openid\""));
    };
    let claims = json!({ "sub": user.id, "username": user.username });
    let mut response = by(uncached(StatusCode::OK, claims), Actor::User(user.id));
    response.extensions_mut().insert(edge::telemetry::Requester(Actor::User(user.id), Some(user.username)));
    Ok(response)
}

struct Malformed;

/// The token, in the header or in a form, but not in both (RFC 6750 §2), and never in the URL.
fn bearer(headers: &HeaderMap, body: &[u8]) -> Result<Option<String>, Malformed> {
    let mut in_header = None;
    for line in headers.get_all(header::AUTHORIZATION) {
        let (scheme, token) = line.to_str().ok().and_then(|line| line.split_once(' ')).ok_or(Malformed)?;
        if !scheme.eq_ignore_ascii_case("bearer") || in_header.is_some() {
            return Err(Malformed);
        }
        in_header = Some(token.trim().to_owned());
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let in_form = if kind.starts_with("application/x-www-form-urlencoded") {
        Fields::parse(body).map_err(|_| Malformed)?.get("access_token").map(str::to_owned)
    } else {
        None
    };
    match (in_header, in_form) {
        (Some(_), Some(_)) => Err(Malformed),
        (in_header, in_form) => Ok(in_header.or(in_form)),
    }
}

fn challenge(status: StatusCode, challenge: &'static str) -> Response {
    (status, [(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))]).into_response()
}
