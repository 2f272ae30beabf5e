//! A registration between its form and its account: who may go on with it.

use std::time::Duration;

use axum::response::Response;
use domain::{
    oauth::authorize,
    users::registrations::{self, Registration},
};
use edge::form::Fields;
use http::{HeaderValue, StatusCode, header};

use super::end;
use crate::{
    pages::{Failure, Visit, authorize::form_target, next::Next, see_other},
    view::{FormProblem, Page, RegisterEndReason},
};

/// Going on with a registration, in the browser that began it.
pub struct Underway {
    pub visit: Visit,
    pub registration: Registration,
    next: Fields,
}

impl Underway {
    /// Or the page that comes instead.
    pub async fn load(mut visit: Visit, id: &str) -> Result<Result<Self, Response>, Failure> {
        let found = match id.parse() {
            Ok(id) => registrations::get(&visit.app.db.read, id).await?,
            Err(_) => None,
        };
        let Some(registration) = found else {
            let unknown = (RegisterEndReason::Unknown, "");
            return end(&visit, Next::Index, StatusCode::NOT_FOUND, unknown).map(Err);
        };
        visit.speak(registration.language());
        let next = Fields::parse(registration.next().as_bytes()).unwrap_or_default();
        if let Next::Grant(id) = Next::read(&next)
            && let Some(grant) = authorize::get(&visit.app.db, id).await?
        {
            // As in signing in: where no question is left to ask, the last step's answer leads to the app.
            visit.allow_form_target(form_target(&grant.return_to.redirect_uri));
        }
        let underway = Self { visit, registration, next };
        Ok(match underway.obstacle()? {
            Some(response) => Err(response),
            None => Ok(underway),
        })
    }

    /// The form of a step, of somebody who wants an account still. `again` shows the step once more.
    pub async fn form(
        visit: Visit,
        id: &str,
        body: &[u8],
        again: impl FnOnce(&Self, &Fields, FormProblem) -> Result<Response, Failure>,
    ) -> Result<Result<(Self, Fields), Response>, Failure> {
        let underway = match Self::load(visit, id).await? {
            Ok(underway) => underway,
            Err(response) => return Ok(Err(response)),
        };
        let form = Fields::parse(body).unwrap_or_default();
        if !underway.visit.is_genuine(form.text("csrf")) {
            return again(&underway, &form, FormProblem::form_expired()).map(Err);
        }
        if form.get("action") == Some("cancel") {
            return underway.cancel().await.map(Err);
        }
        Ok(Ok((underway, form)))
    }

    fn obstacle(&self) -> Result<Option<Response>, Failure> {
        let Self { visit, registration, .. } = self;
        if registration.completed_at.is_some() {
            return Ok(Some(see_other(&self.next().destination(&visit.app.urls))));
        }
        let (status, reason) = if registration.has_expired(visit.op.now) {
            (StatusCode::GONE, RegisterEndReason::Expired)
        } else if !edge::registrations::holds(&visit.app, &visit.headers, registration.id) {
            (StatusCode::FORBIDDEN, RegisterEndReason::Foreign)
        } else if !visit.app.registers() {
            (StatusCode::FORBIDDEN, RegisterEndReason::Closed)
        } else {
            return Ok(None);
        };
        self.end(status, reason, "").map(Some)
    }

    /// What comes after there is an account.
    pub fn next(&self) -> Next<'_> {
        Next::read(&self.next)
    }

    /// `/register/steps/{id}` behind the public prefix.
    pub fn steps(&self) -> String {
        self.visit.app.urls.path(&format!("/register/steps/{}", self.registration.id))
    }

    /// To one of the steps.
    pub fn go_to(&self, step: &str) -> Response {
        see_other(&format!("{}/{step}", self.steps()))
    }

    pub fn end(
        &self,
        status: StatusCode,
        reason: RegisterEndReason,
        what: &str,
    ) -> Result<Response, Failure> {
        end(&self.visit, self.next(), status, (reason, what))
    }

    /// Whoever presses twice meets what the first press has left: the account's own name, for one. Then it leads on.
    pub async fn settled(&self) -> Result<Option<Response>, Failure> {
        let now = registrations::get(&self.visit.app.db.read, self.registration.id).await?;
        let is_finished = now.is_some_and(|now| now.completed_at.is_some());
        Ok(is_finished.then(|| see_other(&self.next().destination(&self.visit.app.urls))))
    }

    /// The person does not want an account after all.
    pub async fn cancel(self) -> Result<Response, Failure> {
        let Self { visit, registration, .. } = &self;
        registrations::cancel(&visit.app.db, registration.id).await?;
        let mut response = see_other(&self.next().carried_by(&visit.app.urls, "/login"));
        let cookie = edge::registrations::without(&visit.app, &visit.op, &visit.headers, registration.id);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        Ok(response)
    }

    /// A page that was asked for too often.
    pub fn throttled<P: Page>(&self, wait: Duration, page: &P) -> Result<Response, Failure> {
        throttled(&self.visit, wait, page)
    }
}

/// A page that was asked for too often.
pub fn throttled<P: Page>(visit: &Visit, wait: Duration, page: &P) -> Result<Response, Failure> {
    let mut response = visit.show(StatusCode::TOO_MANY_REQUESTS, page)?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
    Ok(response)
}
