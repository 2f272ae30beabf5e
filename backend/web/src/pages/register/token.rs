//! The step that asks for a registration token.

use axum::{body::Bytes, response::Response};
use domain::{
    limits::Place,
    users::{registration_tokens, registrations},
};
use edge::form::Fields;
use http::StatusCode;

use super::underway::Underway;
use crate::{
    pages::{Failure, Visit, path_id::PathId},
    view::{FormProblem, RegisterToken},
};

pub async fn show(visit: Visit, PathId(id): PathId) -> Result<Response, Failure> {
    match Underway::load(visit, &id).await? {
        Ok(underway) if underway.registration.token.is_some() => Ok(underway.go_to("display-name")),
        Ok(underway) => page(&underway, StatusCode::OK, "", None),
        Err(response) => Ok(response),
    }
}

pub async fn submit(visit: Visit, PathId(id): PathId, body: Bytes) -> Result<Response, Failure> {
    let again = |underway: &_, form: &Fields, problem| {
        page(underway, StatusCode::BAD_REQUEST, form.text("token"), Some(problem))
    };
    let (underway, form) = match Underway::form(visit, &id, &body, again).await? {
        Ok(sent) => sent,
        Err(response) => return Ok(response),
    };
    let typed = form.text("token").trim();
    if typed.is_empty() {
        return page(&underway, StatusCode::OK, "", Some(FormProblem::at("token", "token-missing")));
    }
    enter(underway, typed).await
}

/// Only wrong ones count, by place and by registration, but each is counted before anybody looks: of those who come at the same
/// time no more get through.
async fn enter(underway: Underway, typed: &str) -> Result<Response, Failure> {
    let Underway { visit, registration, .. } = &underway;
    let (app, op) = (&visit.app, &visit.op);
    let limits = &app.limits;
    let charged = limits.registration_token.hold(op.now, Place::of(op.address)).and_then(|here| {
        limits.registration_token_of.hold(op.now, registration.id).map(|in_all| (here, in_all))
    });
    let (here, in_all) = match charged {
        Ok(held) => held,
        Err(throttled) => {
            let problems = vec![FormProblem::throttled(throttled.0)];
            let page = RegisterToken { steps: underway.steps(), token: typed.to_owned(), problems };
            return underway.throttled(throttled.0, &page);
        }
    };
    let Some(token) = registration_tokens::find_good(&app.db.read, &app.vault, op, typed).await? else {
        here.keep();
        in_all.keep();
        return page(&underway, StatusCode::OK, typed, Some(FormProblem::at("token", "token-invalid")));
    };
    registrations::attach_token(&app.db, registration.id, token).await?;
    Ok(underway.go_to("finish"))
}

pub fn page(
    underway: &Underway,
    status: StatusCode,
    typed: &str,
    problem: Option<FormProblem>,
) -> Result<Response, Failure> {
    let problems = problem.into_iter().collect();
    let page = RegisterToken { steps: underway.steps(), token: typed.to_owned(), problems };
    underway.visit.show(status, &page)
}
