//! Where people type the code that a device shows (RFC 8628 §3.3).
//!
//! Nobody has to be signed in yet. Codes are short, so tries are limited: each address has a few, and wrong ones count
//! together (`domain::limits::WrongCodes`), so that many addresses do not guess better than one.

use std::time::Duration;

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::{
    limits::{Guesser, Place},
    oauth::{device_authorization, user_code},
};
use edge::form::Fields;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{Actor, Error, Kind, id::DeviceGrantId};

use super::{Failure, Visit, next::Next, see_other};
use crate::view::{Link, LinkProblem};

pub async fn show(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    enabled(&visit)?;
    visit.visitor().await?;
    let query = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let auto_fill = visit.app.device_grant.auto_fill && is_gone_to(&visit.headers);
    match query.get("code").filter(|_| auto_fill) {
        Some(code) => enter(&visit, code).await,
        None => page(&visit, StatusCode::OK, "", None),
    }
}

/// Whether a person goes there (Fetch Metadata), rather than that some page has their browser load the link as an image,
/// or ahead of time: that would use up their tries. Old browsers, and plain HTTP, do not say.
fn is_gone_to(headers: &HeaderMap) -> bool {
    let is_document = headers.get("sec-fetch-dest").is_none_or(|what| what == "document");
    is_document && !headers.contains_key("sec-purpose")
}

pub async fn submit(mut visit: Visit, body: Bytes) -> Result<Response, Failure> {
    enabled(&visit)?;
    visit.visitor().await?;
    let form = Fields::parse(&body).unwrap_or_default();
    let typed = form.text("code").trim();
    if !visit.is_genuine(form.text("csrf")) {
        return page(&visit, StatusCode::BAD_REQUEST, typed, Some(LinkProblem::FormExpired));
    }
    if typed.is_empty() {
        return page(&visit, StatusCode::OK, "", Some(LinkProblem::Missing));
    }
    enter(&visit, typed).await
}

/// The pages of a flow that is switched off are not there.
pub fn enabled(visit: &Visit) -> Result<(), Failure> {
    if visit.app.device_grant.enabled {
        return Ok(());
    }
    Err(Error::new(Kind::NotFound, "on this server, devices cannot be signed in by a code").into())
}

async fn enter(visit: &Visit, typed: &str) -> Result<Response, Failure> {
    if user_code::read(typed).is_none() {
        return page(visit, StatusCode::OK, typed, Some(LinkProblem::NoCode));
    }
    match look_up(visit, typed).await? {
        Ok(Some(id)) => Ok(see_other(&Next::Device(id).destination(&visit.app.urls))),
        Ok(None) => page(visit, StatusCode::OK, typed, Some(LinkProblem::Unknown)),
        Err(wait) => {
            let problem = LinkProblem::throttled(wait);
            let mut response = page(visit, StatusCode::TOO_MANY_REQUESTS, typed, Some(problem))?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
            Ok(response)
        }
    }
}

/// The grant, or how long to wait before the next try.
async fn look_up(visit: &Visit, typed: &str) -> Result<Result<Option<DeviceGrantId>, Duration>, Failure> {
    let (app, now) = (&visit.app, visit.op.now);
    let wrong_codes = &app.limits.wrong_user_codes;
    let who = match visit.op.actor {
        Actor::User(user) => Guesser::SignedIn(user),
        _ => Guesser::Stranger(visit.op.address),
    };
    let free = wrong_codes
        .check(now, who)
        .and_then(|()| app.limits.device_code_link.charge(now, Place::of(visit.op.address)));
    if let Err(throttled) = free {
        return Ok(Err(throttled.0));
    }
    let found = device_authorization::find(&app.db, &app.vault, &visit.op, typed).await?;
    if found.is_none() {
        wrong_codes.charge(now, who);
    }
    Ok(Ok(found))
}

fn page(
    visit: &Visit,
    status: StatusCode,
    typed: &str,
    problem: Option<LinkProblem>,
) -> Result<Response, Failure> {
    let page = Link::new(&visit.app.urls.absolute("/link"), typed, problem)?;
    visit.show(status, &page)
}
