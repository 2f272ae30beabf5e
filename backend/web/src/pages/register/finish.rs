//! The router of the steps, and the account at their end. What may have changed since the form is looked at each time.

use axum::response::Response;
use domain::{
    homeserver::Availability,
    users::{
        self, emails, registration_tokens,
        registrations::{self, Finished, Step},
    },
};
use edge::session;
use http::{StatusCode, header};
use kernel::Secret;

use super::{token, underway::Underway};
use crate::{
    pages::{Failure, Visit, path_id::PathId, see_other},
    view::{FormProblem, RegisterEndReason},
};

pub async fn go_on(visit: Visit, PathId(id): PathId) -> Result<Response, Failure> {
    let underway = match Underway::load(visit, &id).await? {
        Ok(underway) => underway,
        Err(response) => return Ok(response),
    };
    if let Some(response) = outdated(&underway).await? {
        return Ok(response);
    }
    let Underway { visit, registration, .. } = &underway;
    let token_required = visit.app.site_config.password_registration_token_required;
    match registration.step(token_required) {
        Step::Token => Ok(underway.go_to("token")),
        Step::Email => Ok(underway.go_to("verify-email")),
        Step::DisplayName => match address_taken(&underway).await? {
            Some(response) => Ok(response),
            None => Ok(underway.go_to("display-name")),
        },
        Step::Finish => finish(underway).await,
    }
}

/// Name and token were good when they were typed.
async fn outdated(underway: &Underway) -> Result<Option<Response>, Failure> {
    let Underway { visit, registration, .. } = underway;
    if users::by_username(&visit.app.db.read, &registration.username).await?.is_some() {
        return name_taken(underway).await.map(Some);
    }
    let required = visit.app.site_config.password_registration_token_required;
    let Some(token) = registration.token.filter(|_| required) else { return Ok(None) };
    if registration_tokens::is_good(&visit.app.db.read, &visit.op, token).await? {
        return Ok(None);
    }
    token_spent(underway).await.map(Some)
}

async fn name_taken(underway: &Underway) -> Result<Response, Failure> {
    if let Some(response) = underway.settled().await? {
        return Ok(response);
    }
    let name = &underway.registration.username;
    underway.end(StatusCode::CONFLICT, RegisterEndReason::UsernameTaken, name)
}

async fn address_in_use(underway: &Underway) -> Result<Response, Failure> {
    if let Some(response) = underway.settled().await? {
        return Ok(response);
    }
    let email = underway.registration.email.as_ref().map_or("", |proof| &proof.email);
    underway.end(StatusCode::OK, RegisterEndReason::EmailInUse, email)
}

async fn token_spent(underway: &Underway) -> Result<Response, Failure> {
    if let Some(response) = underway.settled().await? {
        return Ok(response);
    }
    let Underway { visit, registration, .. } = underway;
    if let Some(token) = registration.token {
        registrations::detach_token(&visit.app.db, registration.id, token).await?;
    }
    if !visit.app.site_config.password_registration_token_required {
        return Ok(underway.go_to("finish"));
    }
    token::page(underway, StatusCode::OK, "", Some(FormProblem::at("token", "token-spent")))
}

/// Told only to who has proven that the address is theirs.
async fn address_taken(underway: &Underway) -> Result<Option<Response>, Failure> {
    let Some(proof) = &underway.registration.email else { return Ok(None) };
    if !emails::is_taken(&underway.visit.app.db.read, &proof.email).await? {
        return Ok(None);
    }
    address_in_use(underway).await.map(Some)
}

async fn finish(underway: Underway) -> Result<Response, Failure> {
    if let Some(response) = address_taken(&underway).await? {
        return Ok(response);
    }
    let Underway { visit, registration, .. } = &underway;
    let app = &visit.app;
    if app.homeserver.availability(&registration.username).await? == Availability::Unavailable {
        return name_taken(&underway).await;
    }
    match registrations::finish(&app.db, &visit.op, registration).await? {
        Finished::Welcome { user, session, secret } => {
            tracing::info!(user.id = %user, "Somebody has registered");
            Ok(welcome(&underway, visit, session, &secret))
        }
        // Of a second press of the button: the first one has signed the browser in.
        Finished::Settled => Ok(see_other(&underway.next().destination(&app.urls))),
        Finished::UsernameTaken => name_taken(&underway).await,
        Finished::EmailTaken => address_in_use(&underway).await,
        Finished::TokenSpent => token_spent(&underway).await,
    }
}

/// Signed in, to where the browser was going.
fn welcome(
    underway: &Underway,
    visit: &Visit,
    session: kernel::id::BrowserSessionId,
    secret: &Secret<String>,
) -> Response {
    let mut response = see_other(&underway.next().destination(&visit.app.urls));
    let registrations =
        edge::registrations::without(&visit.app, &visit.op, &visit.headers, underway.registration.id);
    for cookie in [session::signed_in(&visit.app, session, secret), registrations] {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
