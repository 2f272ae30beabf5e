//! Userinfo (OpenID Connect Core §5.3), with bearer tokens as in RFC 6750. One statement.

use axum::{
    body::Bytes,
    response::{IntoResponse, Response},
};
use domain::{
    oauth::claims::{Person, display_name},
    sessions::{SessionKind, accept::accept_with_profile},
    users::display_name::Known,
};
use edge::{App, app::Request, form::Fields};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kernel::{
    Actor, Op, Scope, Token,
    id::ClientId,
    scope::{OPENID, PROFILE},
};
use serde_json::{Map, Value, json};

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
    let accepted = accept_with_profile(&app.db, &op, &token, app.lifetimes.overlap).await?;
    let Some((accepted, profile)) = accepted.filter(|(accepted, _)| accepted.kind == SessionKind::Oauth)
    else {
        return Ok(invalid());
    };
    app.activity.by_client(&op, accepted.session);
    let scope: Scope = accepted.scope.parse().map_err(kernel::Error::internal)?;
    let Some(user) = accepted.user.filter(|_| scope.contains(OPENID)) else {
        return Ok(challenge(StatusCode::FORBIDDEN, "Bearer error=\"insufficient_scope\", scope=\"openid\""));
    };
    let known =
        Known { user: user.id, username: &user.username, display_name: profile.display_name.as_deref() };
    let name = match scope.contains(PROFILE) {
        true => display_name(&app.db, &app.homeserver, known).await,
        false => None,
    };
    let person = Person {
        id: user.id,
        username: &user.username,
        email: profile.email.as_deref(),
        name: name.as_deref(),
    };
    let mut claims = person.claims(&scope);
    claims.insert("sub".into(), user.id.to_string().into());
    claims.insert("username".into(), user.username.clone().into());
    let answer = match profile.signing_alg {
        None => uncached(StatusCode::OK, claims),
        Some(alg) => signed(&app, &op, &alg, accepted.client, claims)?,
    };
    let mut response = by(answer, Actor::User(user.id));
    response.extensions_mut().insert(edge::telemetry::Requester(Actor::User(user.id), Some(user.username)));
    Ok(response)
}

/// As the client registered: a JWT (OpenID Connect Core §5.3.2).
fn signed(
    app: &App,
    op: &Op,
    alg: &str,
    client: Option<ClientId>,
    mut claims: Map<String, Value>,
) -> Result<Response, kernel::Error> {
    let algorithm = app.keys.algorithm_for(Some(alg))?;
    claims.insert("iss".into(), app.urls.issuer().into());
    claims.insert("aud".into(), json!(client));
    let jwt = app.keys.sign(op.now, algorithm, &claims)?;
    let headers = [(header::CONTENT_TYPE, "application/jwt"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, jwt).into_response())
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
