//! `POST /logout` and `POST /logout/all`.

use axum::response::Response;
use domain::{
    compat::logout,
    sessions::{SessionKind, accept::accept},
};
use edge::{App, app::Request};
use http::{HeaderMap, StatusCode};
use kernel::{Actor, Token};
use serde::Deserialize;
use serde_json::json;

use super::{
    Problem,
    body::{self, Body, bearer},
    reply::done,
};

fn unknown() -> Problem {
    Problem::unknown_token("this is not the access token of a session that can be logged out here")
}

/// The body means nothing, and is not read.
pub async fn logout(app: App, Request(op): Request, headers: HeaderMap) -> Result<Response, Problem> {
    let token = bearer(&headers)?;
    let ended = logout::logout(&app.db, &op, token.expose()).await?.ok_or_else(unknown)?;
    app.activity.by_client(&op, ended.session);
    Ok(done(ended.user, json!({})))
}

#[derive(Default, Deserialize)]
struct Members {
    #[serde(rename = "io.element.only_compat_is_fine")]
    only_compat_is_fine: Option<bool>,
}

/// Only sessions of this API end, which is less than the specification promises: clients must say that they know.
pub async fn logout_all(
    app: App,
    Request(op): Request,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let presented = bearer(&headers)?;
    let members: Members = if body.is_absent() { Members::default() } else { body::read(&body.bytes)? };
    let token = Token::parse(presented.expose()).filter(|token| !token.is_refresh()).ok_or_else(unknown)?;
    let accepted = accept(&app.db, &op, &token, app.lifetimes.overlap).await?;
    let accepted = accepted.filter(|accepted| accepted.kind == SessionKind::Compat).ok_or_else(unknown)?;
    let user = accepted.user.ok_or_else(Problem::internal)?.id;
    app.activity.by_client(&op, accepted.session);
    if members.only_compat_is_fine != Some(true) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "M_UNRECOGNIZED",
            "sessions of OAuth apps cannot be ended here: people do it on their account page",
        ));
    }
    logout::logout_all(&app.db, &op.by(Actor::User(user)), user, accepted.session).await?;
    Ok(done(user, json!({})))
}
