//! The form: name, address, password, terms.
//!
//! Everything is looked at together, so that all that is wrong is told at once. The limit of registrations is charged first and
//! given back unless one has begun: who has used it up costs nobody any work, and mistakes are free, but for a wider limit.

use axum::{
    body::Bytes,
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use domain::{
    homeserver::Availability,
    limits::{Place, Throttled},
    passwords::{Complexity, Hasher, Password, Verdict},
    policy::{
        Field,
        input::{self, RegistrationMethod},
    },
    users::{
        self,
        login::localpart,
        registrations::{self, NewRegistration},
    },
};
use edge::form::Fields;
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, Kind, id::RegistrationId};
use url::form_urlencoded;

use super::{
    already_in,
    email::{charge_mail, objection},
    end,
    underway::throttled,
};
use crate::{
    pages::{
        Failure, Visit,
        hint::suggested,
        login::{going_to, told},
        next::Next,
        see_other,
    },
    view::{FormProblem, RegisterEndReason, RegisterPassword},
};

/// What was typed.
#[derive(Clone, Copy, Debug)]
struct Typed<'a> {
    username: &'a str,
    /// `None` if none is asked for.
    email: Option<&'a str>,
    password: &'a str,
    confirmed: &'a str,
    accepts_terms: bool,
}

pub async fn show(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let next = Next::read(&query);
    if let Some(response) = already_in(&mut visit, next).await? {
        return Ok(response);
    }
    if !visit.app.registers() {
        return Ok(see_other(&next.carried_by(&visit.app.urls, "/login")));
    }
    let (mut page, hint) = page(&mut visit, next).await?;
    match query.get("username").map(str::to_owned).or(hint) {
        Some(email) if email.contains('@') => page.email = page.email.map(|_| email),
        Some(name) => page.username = name,
        None => {}
    }
    visit.show(StatusCode::OK, &page)
}

pub async fn submit(mut visit: Visit, RawQuery(query): RawQuery, body: Bytes) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let form = Fields::parse(&body).unwrap_or_default();
    let next = Next::read(&query);
    if !visit.app.registers() {
        let closed = (RegisterEndReason::Closed, "");
        let mut response = end(&visit, next, StatusCode::METHOD_NOT_ALLOWED, closed)?;
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return Ok(response);
    }
    if let Some(response) = already_in(&mut visit, next).await? {
        return Ok(response);
    }
    let app = visit.app.clone();
    let typed = Typed::read(&visit, &form);
    let (empty, _) = page(&mut visit, next).await?;
    let page = typed.kept_on(empty);
    if !visit.is_genuine(form.text("csrf")) {
        let page = page.with_problems(vec![FormProblem::form_expired()]);
        return visit.show(StatusCode::BAD_REQUEST, &page);
    }
    let (limits, place) = (&app.limits, Place::of(visit.op.address));
    let charged = limits
        .registration
        .hold(visit.op.now, place)
        .and_then(|held| limits.registration_form.charge(visit.op.now, place).map(|()| held));
    let held = match charged {
        Ok(held) => held,
        Err(Throttled(wait)) => {
            return throttled(&visit, wait, &page.with_problems(vec![FormProblem::throttled(wait)]));
        }
    };
    let problems = typed.problems(&visit).await?;
    if !problems.is_empty() {
        return visit.show(StatusCode::OK, &page.with_problems(problems));
    }
    if let Some(email) = typed.email
        && let Err(Throttled(wait)) = charge_mail(&app.limits.email_authentication, &visit.op, email)
    {
        return throttled(&visit, wait, &page.with_problems(vec![FormProblem::throttled(wait)]));
    }
    let id = typed.begin(&visit, next).await?;
    held.keep();
    let mut response = see_other(&app.urls.path(&format!("/register/steps/{id}/finish")));
    let cookie = edge::registrations::with(&app, &visit.op, &visit.headers, id);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response.into_response())
}

/// The empty form, and whom the app expects.
async fn page(visit: &mut Visit, next: Next<'_>) -> Result<(RegisterPassword, Option<String>), Failure> {
    let (client, hint) = going_to(visit, next).await?;
    let (app, urls) = (&visit.app, &visit.app.urls);
    let form =
        RegisterPassword::new(next.carried_by(urls, "/register/password"), next.carried_by(urls, "/login"));
    let page = RegisterPassword {
        next: told(next, client),
        email: app.site_config.password_registration_email_required.then(String::new),
        terms: app.site.tos_uri.clone(),
        ..form
    };
    Ok((page, hint.and_then(|hint| suggested(visit, &hint))))
}

impl<'a> Typed<'a> {
    fn read(visit: &Visit, form: &'a Fields) -> Self {
        let asks_for_email = visit.app.site_config.password_registration_email_required;
        Self {
            username: localpart(form.text("username"), &visit.app.site.server_name),
            email: asks_for_email.then(|| form.text("email").trim()),
            password: form.text("password"),
            confirmed: form.text("password_confirm"),
            accepts_terms: form.text("accept_terms") == "on",
        }
    }

    /// Passwords are never kept.
    fn kept_on(self, page: RegisterPassword) -> RegisterPassword {
        let (username, email) = (self.username.to_owned(), self.email.map(str::to_owned));
        RegisterPassword { username, email, ..page }
    }

    /// All that is wrong.
    async fn problems(self, visit: &Visit) -> Result<Vec<FormProblem>, Failure> {
        let mut problems = self.refused(visit);
        if let Some(problem) = self.name_problem(visit, &problems).await? {
            problems.insert(0, problem);
        }
        let email = self.email.and_then(|email| objection(visit, email));
        problems.extend(email.map(|kind| FormProblem::at("email", kind)));
        problems.extend(self.password_problem(visit).await?);
        if visit.app.site.tos_uri.is_some() && !self.accepts_terms {
            problems.push(FormProblem::at("accept_terms", "terms-missing"));
        }
        Ok(problems)
    }

    /// What the policy has against it; addresses and empty names are looked at otherwise.
    fn refused(self, visit: &Visit) -> Vec<FormProblem> {
        let op = &visit.op;
        let violations = visit.app.policy.get().register(&input::Register {
            registration_method: RegistrationMethod::Password,
            username: self.username,
            email: self.email,
            requester: input::Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() },
        });
        violations
            .iter()
            .filter(|violation| match violation.field {
                Some(Field::Email) => false,
                Some(Field::Username) => !self.username.is_empty(),
                _ => true,
            })
            .inspect(|violation| tracing::info!("The policy refuses a registration: {}", violation.msg))
            .map(FormProblem::of_policy)
            .collect()
    }

    /// The homeserver is asked about names that are good for anything.
    async fn name_problem(
        self,
        visit: &Visit,
        refused: &[FormProblem],
    ) -> Result<Option<FormProblem>, Failure> {
        let app = &visit.app;
        let problem = |kind| Some(FormProblem::at("username", kind));
        if self.username.is_empty() {
            return Ok(problem("username-missing"));
        }
        if users::by_username(&app.db.read, self.username).await?.is_some() {
            return Ok(problem("username-taken"));
        }
        if refused.iter().any(|refused| refused.is_about("username")) {
            return Ok(None);
        }
        Ok(match app.homeserver.availability(self.username).await? {
            Availability::Available => None,
            Availability::Unavailable => problem("username-taken"),
        })
    }

    async fn password_problem(self, visit: &Visit) -> Result<Option<FormProblem>, Failure> {
        let problem = |kind| Ok(Some(FormProblem::at("password", kind)));
        if self.password.is_empty() {
            return problem("password-missing");
        }
        if self.password != self.confirmed {
            return Ok(Some(FormProblem::at("password_confirm", "password-mismatch")));
        }
        let Ok(password) = Password::parse(self.password) else { return problem("password-too-long") };
        let complexity = Complexity::new(visit.app.site_config.minimum_password_complexity);
        let about = std::iter::once(self.username).chain(self.email).map(str::to_owned).collect();
        match hasher(visit)?.judge_knowing(complexity, password, about).await? {
            Verdict::Strong { .. } => Ok(None),
            Verdict::Weak { .. } => problem("password-weak"),
        }
    }

    async fn begin(self, visit: &Visit, next: Next<'_>) -> Result<RegistrationId, Failure> {
        let (app, op) = (&visit.app, &visit.op);
        let password = hasher(visit)?.hash(Password::parse(self.password)?, op.random()).await?;
        let new = NewRegistration {
            username: self.username,
            password: &password,
            email: self.email,
            terms: app.site.tos_uri.as_deref(),
            next: form_urlencoded::Serializer::new(String::new()).extend_pairs(next.parameters()).finish(),
            language: &visit.locale.to_string(),
        };
        Ok(app.db.write(async |tx| registrations::begin(tx, op, &new).await).await?)
    }
}

fn hasher(visit: &Visit) -> Result<&Hasher, Error> {
    let off = || Error::new(Kind::Forbidden, "this server does not sign people in by password");
    visit.app.hasher.as_ref().ok_or_else(off)
}
