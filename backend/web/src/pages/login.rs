//! Signing in.

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::{
    compat::sso,
    oauth::{authorize, device_authorization},
    users::login::{self, login},
};
use edge::{App, form::Fields, session};
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, Kind};

use super::{Failure, Visit, authorize::form_target, hint::suggested, next::Next, see_other, visit::Gate};
use crate::view::{self, Login, LoginProblem, StoppedReason};

pub async fn show(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let next = Next::read(&query);
    match visit.gate(next.continuation()).await? {
        Gate::Stopped(page) => return Ok(page),
        Gate::Open(_) => return Ok(see_other(&next.destination(&visit.app.urls))),
        Gate::Anonymous => {}
    }
    let (app, hint) = going_to(&mut visit, next).await?;
    let hint = query.get("login_hint").map(str::to_owned).or(hint);
    let username = hint.and_then(|hint| suggested(&visit, &hint)).unwrap_or_default();
    visit.show(StatusCode::OK, &page(&visit, next, app, username, Vec::new()))
}

pub async fn submit(mut visit: Visit, RawQuery(query): RawQuery, body: Bytes) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let form = Fields::parse(&body).unwrap_or_default();
    let next = Next::read(&query);
    let app = visit.app.clone();
    let typed = form.text("username").trim();
    let problems = problems(&visit, &form);
    if !problems.is_empty() {
        let (client, _) = going_to(&mut visit, next).await?;
        return visit.show(StatusCode::OK, &page(&visit, next, client, typed.to_owned(), problems));
    }
    let parts = parts(&app)?;
    match login(parts, &visit.op, typed, form.text("password")).await? {
        login::Login::Welcome { session, secret, user } => {
            visit.op.actor = kernel::Actor::User(user);
            let mut response = see_other(&next.destination(&app.urls));
            response.headers_mut().append(header::SET_COOKIE, session::signed_in(&app, session, &secret));
            Ok(response)
        }
        login::Login::Locked { username } => {
            visit.stopped(StoppedReason::Locked, &username, next.continuation())
        }
        login::Login::Deactivated { username } => {
            visit.stopped(StoppedReason::Deactivated, &username, next.continuation())
        }
        login::Login::WrongCredentials => {
            let (client, _) = going_to(&mut visit, next).await?;
            let problems = vec![LoginProblem::WrongCredentials];
            visit.show(StatusCode::OK, &page(&visit, next, client, typed.to_owned(), problems))
        }
        login::Login::Throttled(wait) => {
            let (client, _) = going_to(&mut visit, next).await?;
            let problems = vec![LoginProblem::throttled(wait)];
            let page = page(&visit, next, client, typed.to_owned(), problems);
            let mut response = visit.show(StatusCode::TOO_MANY_REQUESTS, &page)?;
            let seconds = HeaderValue::from(wait.as_secs() + 1);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            Ok(response)
        }
    }
}

/// What signing in by password works with, if it is switched on.
pub fn parts(app: &App) -> Result<login::Parts<'_>, Failure> {
    let forbidden = || Error::new(Kind::Forbidden, "this server does not sign people in by password");
    Ok(login::Parts {
        db: &app.db,
        hasher: app.hasher.as_ref().ok_or_else(forbidden)?,
        limiter: &app.limiter,
        server_name: &app.site.server_name,
        with_email: app.site.login_with_email,
    })
}

fn problems(visit: &Visit, form: &Fields) -> Vec<LoginProblem> {
    if !visit.is_genuine(form.text("csrf")) {
        return vec![LoginProblem::FormExpired];
    }
    let mut problems = Vec::new();
    if form.text("username").trim().is_empty() {
        problems.push(LoginProblem::UsernameMissing);
    }
    if form.text("password").is_empty() {
        problems.push(LoginProblem::PasswordMissing);
    }
    problems
}

/// The app that asked for the sign-in, if one did and its request is still there, and whom it expects.
/// From then on, the page speaks the language in which the request began.
pub async fn going_to(
    visit: &mut Visit,
    next: Next<'_>,
) -> Result<(Option<view::App>, Option<String>), Failure> {
    let app = visit.app.clone();
    let asked = match next {
        Next::Index | Next::Account(_) | Next::AccountPage(_) => None,
        Next::Grant(id) => authorize::get(&app.db, id).await?.map(|grant| {
            visit.speak(grant.locale.as_deref().unwrap_or_default());
            // Where no question is left to ask, the form's answer leads to the app at once.
            visit.allow_form_target(form_target(&grant.return_to.redirect_uri));
            (grant.client, grant.login_hint)
        }),
        Next::CompatSso(id) => {
            let login = sso::get(&app.db, id).await?;
            return Ok((login.map(|login| super::compat_sso::app_of(&login.redirect_uri)), None));
        }
        Next::Device(id) => device_authorization::get(&app.db, &app.vault, &visit.op, id)
            .await?
            .map(|grant| (grant.client, grant.login_hint)),
    };
    let Some((client, hint)) = asked else { return Ok((None, None)) };
    let client = app.clients.get(&app.db, client).await?;
    Ok((client.map(|client| super::grant::app_of(&client, &visit.locale)), hint))
}

/// What comes next, as pages tell of it.
pub fn told(next: Next<'_>, app: Option<view::App>) -> Option<view::Next> {
    match next {
        Next::Account(_) | Next::AccountPage(_) => Some(view::Next::Account),
        _ => app.map(|app| view::Next::App { app }),
    }
}

fn page(
    visit: &Visit,
    next: Next<'_>,
    app: Option<view::App>,
    username: String,
    problems: Vec<LoginProblem>,
) -> Login {
    Login {
        action: next.carried_by(&visit.app.urls, "/login"),
        next: told(next, app),
        password: visit.app.hasher.is_some(),
        email: visit.app.site.login_with_email,
        username,
        problems,
        providers: Vec::new(),
        register: visit.app.registers().then(|| next.carried_by(&visit.app.urls, "/register")),
    }
}
