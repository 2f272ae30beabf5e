//! Signing out of this browser. Apps that were signed in through it stay signed in.

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::users::browser;
use edge::{form::Fields, session};
use http::{StatusCode, header};

use super::{Failure, Visit, next::Next, see_other};
use crate::view::Logout;

/// Following a link signs nobody out: the person is asked.
pub async fn ask(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    visit.visitor().await?;
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    visit.show(StatusCode::OK, &Logout { keep: Next::read(&query).continuation(), back: None })
}

pub async fn submit(mut visit: Visit, body: Bytes) -> Result<Response, Failure> {
    let form = Fields::parse(&body).unwrap_or_default();
    let next = Next::read(&form);
    if !visit.is_genuine(form.text("csrf")) {
        visit.visitor().await?;
        return visit.show(StatusCode::FORBIDDEN, &Logout { keep: next.continuation(), back: None });
    }
    let app = visit.app.clone();
    if let Some(claim) = session::claim(&app, &visit.headers) {
        app.db
            .write(async |tx| browser::finish(tx, &visit.op, claim.id, claim.secret.expose()).await)
            .await?;
    }
    let destination = match next {
        Next::Index => app.urls.path("/login"),
        next => next.destination(&app.urls),
    };
    let mut response = see_other(&destination);
    response.headers_mut().append(header::SET_COOKIE, session::signed_out(&app, &visit.op));
    Ok(response)
}
