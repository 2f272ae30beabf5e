//! Proving again who one is, while signed in.

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::users::{
    browser::BrowserSession,
    reauthenticate::{self, Proof},
};
use edge::form::Fields;
use http::{HeaderValue, StatusCode, header};

use super::{
    Failure, Visit,
    login::{going_to, parts},
    next::Next,
    see_other,
    visit::Gate,
};
use crate::view::{LoginProblem, Reauthenticate};

pub async fn show(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let (next, session) = match begin(&mut visit, &query).await? {
        Ok(begun) => begun,
        Err(response) => return Ok(response),
    };
    ask(&mut visit, next, &session, Vec::new(), StatusCode::OK).await
}

pub async fn submit(mut visit: Visit, RawQuery(query): RawQuery, body: Bytes) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let (next, session) = match begin(&mut visit, &query).await? {
        Ok(begun) => begun,
        Err(response) => return Ok(response),
    };
    let form = Fields::parse(&body).unwrap_or_default();
    let password = form.text("password");
    let problem = match (visit.is_genuine(form.text("csrf")), password.is_empty()) {
        (false, _) => Some(LoginProblem::FormExpired),
        (true, true) => Some(LoginProblem::PasswordMissing),
        (true, false) => None,
    };
    if let Some(problem) = problem {
        return ask(&mut visit, next, &session, vec![problem], StatusCode::OK).await;
    }
    let app = visit.app.clone();
    match reauthenticate::by_password(parts(&app)?, &visit.op, &session, password).await? {
        Proof::Given => Ok(see_other(&next.destination(&app.urls))),
        Proof::Gone => Ok(see_other(&next.carried_by(&app.urls, "/login"))),
        Proof::Wrong => {
            ask(&mut visit, next, &session, vec![LoginProblem::WrongPassword], StatusCode::OK).await
        }
        Proof::Throttled(wait) => {
            let problems = vec![LoginProblem::throttled(wait)];
            let mut response =
                ask(&mut visit, next, &session, problems, StatusCode::TOO_MANY_REQUESTS).await?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
            Ok(response)
        }
    }
}

/// What comes after, and who is signed in; nobody has to prove anything who is not.
async fn begin<'a>(
    visit: &mut Visit,
    query: &'a Fields,
) -> Result<Result<(Next<'a>, Box<BrowserSession>), Response>, Failure> {
    let next = Next::read(query);
    Ok(match visit.gate(next.continuation()).await? {
        Gate::Open(session) => Ok((next, session)),
        Gate::Anonymous => Err(see_other(&next.carried_by(&visit.app.urls, "/login"))),
        Gate::Stopped(page) => Err(page),
    })
}

async fn ask(
    visit: &mut Visit,
    next: Next<'_>,
    session: &BrowserSession,
    problems: Vec<LoginProblem>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let (app, _) = going_to(visit, next).await?;
    let page = Reauthenticate {
        action: next.carried_by(&visit.app.urls, "/reauthenticate"),
        grant_id: next.grant().filter(|_| app.is_some()).map(|id| id.to_string()),
        app,
        account: visit.account(&session.username, None),
        username: session.username.clone(),
        password: visit.app.hasher.is_some(),
        problems,
        keep: next.continuation(),
    };
    visit.show(status, &page)
}
