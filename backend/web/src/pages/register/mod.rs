//! Registering: a form, then steps, then an account. The router of the steps is [`finish`]: each step that is done leads there,
//! and it leads to the next one.
//!
//! Nobody is signed in meanwhile; what binds the steps to the browser is a cookie ([`edge::registrations`]). Whoever is signed in
//! already goes on to where they were going.
//! Invariant: no page tells whether an address has an account, except to who has proven that it is theirs.

pub mod email;
pub mod finish;
pub mod name;
pub mod password;
pub mod token;
mod underway;

use axum::{extract::RawQuery, response::Response};
use domain::users::browser::Visitor;
use edge::form::Fields;
use http::StatusCode;

use super::{Failure, Visit, next::Next, see_other};
use crate::view::{RegisterEnd, RegisterEndReason};

/// `GET /register`: to the one way to register that there is.
pub async fn enter(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let next = Next::read(&query);
    if let Some(response) = already_in(&mut visit, next).await? {
        return Ok(response);
    }
    match visit.app.registers() {
        true => Ok(see_other(&next.carried_by(&visit.app.urls, "/register/password"))),
        false => end(&visit, next, StatusCode::OK, (RegisterEndReason::Closed, "")),
    }
}

/// Who is signed in has an account. A session that is of no use counts for nobody.
async fn already_in(visit: &mut Visit, next: Next<'_>) -> Result<Option<Response>, Failure> {
    let signed_in = matches!(visit.visitor().await?, Visitor::SignedIn(_));
    Ok(signed_in.then(|| see_other(&next.destination(&visit.app.urls))))
}

/// There can be no account; where it makes sense, one may start over.
fn end(
    visit: &Visit,
    next: Next<'_>,
    status: StatusCode,
    (reason, what): (RegisterEndReason, &str),
) -> Result<Response, Failure> {
    let urls = &visit.app.urls;
    let again = visit.app.registers().then(|| next.carried_by(urls, "/register"));
    let sign_in = next.carried_by(urls, "/login");
    visit.show(status, &RegisterEnd { reason, what: what.to_owned(), again, sign_in })
}
