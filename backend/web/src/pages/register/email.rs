//! The step that asks for the code which was sent to the address; or for another code, or another address.

use std::time::Duration;

use axum::{body::Bytes, response::Response};
use domain::{
    limits::{EmailAuthentications, Place, Prover, Throttled},
    mail,
    policy::input,
    users::{
        email_authentications::{self, Completion, EmailAuthentication},
        registrations,
    },
};
use edge::form::Fields;
use http::StatusCode;
use kernel::{Op, name::normalise, token};

use super::underway::Underway;
use crate::{
    pages::{Failure, Visit, path_id::PathId},
    view::{FormProblem, RegisterEmail},
};

/// With the address that is still to be proven.
struct Unproven {
    underway: Underway,
    proof: EmailAuthentication,
}

pub async fn show(visit: Visit, PathId(id): PathId) -> Result<Response, Failure> {
    match load(visit, &id).await? {
        Ok(step) => step.show(StatusCode::OK, step.page()),
        Err(response) => Ok(response),
    }
}

pub async fn submit(visit: Visit, PathId(id): PathId, body: Bytes) -> Result<Response, Failure> {
    let step = match load(visit, &id).await? {
        Ok(step) => step,
        Err(response) => return Ok(response),
    };
    let form = Fields::parse(&body).unwrap_or_default();
    if !step.underway.visit.is_genuine(form.text("csrf")) {
        let page = step.page().with_problem(FormProblem::form_expired());
        return step.show(StatusCode::BAD_REQUEST, page);
    }
    match form.get("action") {
        Some("cancel") => step.underway.cancel().await,
        Some("resend") => step.resend().await,
        Some("change") => step.change(form.text("email").trim()).await,
        _ => step.enter(form.text("code")).await,
    }
}

/// Where no address is to be proven, the router knows what is.
async fn load(visit: Visit, id: &str) -> Result<Result<Unproven, Response>, Failure> {
    let underway = match Underway::load(visit, id).await? {
        Ok(underway) => underway,
        Err(response) => return Ok(Err(response)),
    };
    match underway.registration.email.clone().filter(|proof| proof.completed_at.is_none()) {
        Some(proof) => Ok(Ok(Unproven { underway, proof })),
        None => Ok(Err(underway.go_to("finish"))),
    }
}

/// What sending a code to an address costs, in this order. The first that is used up stops; those before it stay charged.
pub fn charge_mail(limits: &EmailAuthentications, op: &Op, email: &str) -> Result<(), Throttled> {
    limits.per_ip.charge(op.now, Place::of(op.address))?;
    limits.per_address.charge(op.now, token::hash(&normalise(email)))
}

impl Unproven {
    fn prover(&self) -> Prover {
        Prover::Registration(self.underway.registration.id)
    }

    /// Another code can be asked for in a while, or at once.
    fn wait(&self) -> Option<Duration> {
        let visit = &self.underway.visit;
        let mails = &visit.app.limits.email_authentication.mails;
        mails.check(visit.op.now, self.prover()).err().map(|throttled| throttled.0)
    }

    fn page(&self) -> RegisterEmail {
        RegisterEmail::new(self.underway.steps(), self.proof.email.clone(), self.wait())
    }

    fn show(&self, status: StatusCode, page: RegisterEmail) -> Result<Response, Failure> {
        self.underway.visit.show(status, &page)
    }

    fn throttled(&self, throttled: Throttled) -> Result<Response, Failure> {
        let page = self.page().with_problem(FormProblem::throttled(throttled.0));
        self.underway.throttled(throttled.0, &page)
    }

    async fn enter(self, code: &str) -> Result<Response, Failure> {
        let wrong = |kind| {
            let page = self.page().with_problem(FormProblem::at("code", kind));
            self.show(StatusCode::OK, page)
        };
        if code.trim().is_empty() {
            return wrong("code-missing");
        }
        let Visit { app, op, .. } = &self.underway.visit;
        if let Err(used_up) = app.limits.email_authentication.attempts.charge(op.now, self.prover()) {
            return self.throttled(used_up);
        }
        let prove = async |tx: &_| email_authentications::prove(tx, &app.vault, op, &self.proof, code).await;
        match app.db.write(prove).await? {
            Completion::WrongCode => wrong("code-wrong"),
            Completion::Expired => wrong("code-expired"),
            Completion::Completed | Completion::Settled | Completion::InUse => {
                Ok(self.underway.go_to("finish"))
            }
        }
    }

    async fn resend(self) -> Result<Response, Failure> {
        let Visit { app, op, locale, .. } = &self.underway.visit;
        let limits = &app.limits.email_authentication;
        let charged = charge_mail(limits, op, &self.proof.email)
            .and_then(|()| limits.mails.charge(op.now, self.prover()));
        if let Err(used_up) = charged {
            return self.throttled(used_up);
        }
        let language = locale.to_string();
        let send = async |tx: &_| email_authentications::send_code(tx, op, self.proof.id, &language).await;
        app.db.write(send).await?;
        self.show(StatusCode::OK, RegisterEmail { resent: true, ..self.page() })
    }

    async fn change(self, email: &str) -> Result<Response, Failure> {
        let Visit { app, op, locale, .. } = &self.underway.visit;
        if let Some(kind) = objection(&self.underway.visit, email) {
            let page = RegisterEmail { new_email: email.to_owned(), ..self.page() };
            return self.show(StatusCode::OK, page.with_problem(FormProblem::at("email", kind)));
        }
        let limits = &app.limits.email_authentication;
        let charged =
            charge_mail(limits, op, email).and_then(|()| limits.mails.charge(op.now, self.prover()));
        if let Err(used_up) = charged {
            return self.throttled(used_up);
        }
        let (id, language) = (self.underway.registration.id, locale.to_string());
        let change = async |tx: &_| registrations::change_email(tx, op, id, email, &language).await;
        app.db.write(change).await?;
        Ok(self.underway.go_to("verify-email"))
    }
}

/// Why the address cannot be taken. Whether it has an account is not told before it is proven.
pub fn objection(visit: &Visit, email: &str) -> Option<&'static str> {
    if email.is_empty() {
        return Some("email-missing");
    }
    if !mail::is_address(email) {
        return Some("email-invalid");
    }
    let op = &visit.op;
    let requester = input::Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() };
    let violations = visit.app.policy.get().email(&input::Email { email, requester });
    (!violations.is_empty()).then_some("email-refused")
}
