//! The step that asks for a display name.

use axum::{body::Bytes, response::Response};
use domain::users::registrations;
use edge::form::Fields;
use http::StatusCode;

use super::underway::Underway;
use crate::{
    pages::{Failure, Visit, path_id::PathId},
    view::{FormProblem, RegisterName},
};

/// In bytes.
const LONGEST: usize = 255;

pub async fn show(visit: Visit, PathId(id): PathId) -> Result<Response, Failure> {
    match Underway::load(visit, &id).await? {
        Ok(underway) => page(&underway, StatusCode::OK, "", None),
        Err(response) => Ok(response),
    }
}

pub async fn submit(visit: Visit, PathId(id): PathId, body: Bytes) -> Result<Response, Failure> {
    let again = |underway: &_, form: &Fields, problem| {
        page(underway, StatusCode::BAD_REQUEST, form.text("display_name"), Some(problem))
    };
    let (underway, form) = match Underway::form(visit, &id, &body, again).await? {
        Ok(sent) => sent,
        Err(response) => return Ok(response),
    };
    let typed = form.text("display_name").trim();
    let Underway { visit, registration, .. } = &underway;
    let name = match form.get("action") {
        Some("skip") => registration.username.as_str(),
        _ if typed.is_empty() || typed.len() > LONGEST => {
            let problem = FormProblem::at("display_name", "name-invalid");
            return page(&underway, StatusCode::OK, typed, Some(problem));
        }
        _ => typed,
    };
    registrations::set_display_name(&visit.app.db, registration.id, name).await?;
    Ok(underway.go_to("finish"))
}

fn page(
    underway: &Underway,
    status: StatusCode,
    typed: &str,
    problem: Option<FormProblem>,
) -> Result<Response, Failure> {
    let Underway { visit, registration, .. } = underway;
    let page = RegisterName {
        steps: underway.steps(),
        username: registration.username.clone(),
        mxid: visit.account(&registration.username, None).mxid,
        display_name: typed.to_owned(),
        problems: problem.into_iter().collect(),
    };
    visit.show(status, &page)
}
