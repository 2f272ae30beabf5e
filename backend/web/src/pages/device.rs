//! Asking whether a device may use the account (RFC 8628 §3.3, with the warnings of §5.4).

use std::sync::Arc;

use axum::{body::Bytes, response::Response};
use domain::{
    oauth::{
        clients::Client,
        device_authorization::{self, Decided, Decider, DeviceGrant, State},
    },
    policy::{Violation, input::GrantType},
    users::browser::BrowserSession,
};
use edge::form::Fields;
use http::StatusCode;
use kernel::{Error, Kind};

use super::{
    Failure, Visit,
    grant::app_of,
    judge::{Question, need_to_remove},
    link,
    next::Next,
    path_id::PathId,
    see_other,
    visit::Gate,
};
use crate::view::{Device, DeviceEnd, DeviceProblem, Permission, Refusal, Requester};

/// Everything that both showing and submitting need.
struct Asked {
    grant: DeviceGrant,
    client: Arc<Client>,
    session: Box<BrowserSession>,
}

pub async fn show(mut visit: Visit, PathId(id): PathId) -> Result<Response, Failure> {
    match load(&mut visit, &id).await? {
        Ok(asked) => ask(&visit, &asked, None).await,
        Err(page) => Ok(page),
    }
}

pub async fn submit(mut visit: Visit, PathId(id): PathId, body: Bytes) -> Result<Response, Failure> {
    let asked = match load(&mut visit, &id).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    let form = Fields::parse(&body).unwrap_or_default();
    if !visit.is_genuine(form.text("csrf")) {
        return ask(&visit, &asked, Some(DeviceProblem::FormExpired)).await;
    }
    let Asked { grant, client, session } = &asked;
    // Another tab may have changed who is signed in: whoever was not shown has agreed to nothing.
    if form.get("account").is_some_and(|mxid| mxid != visit.account(&session.username, None).mxid) {
        return ask(&visit, &asked, Some(DeviceProblem::FormExpired)).await;
    }
    let by = Decider { user: session.user, browser: session.id, locale: visit.locale.to_string() };
    let db = &visit.app.db;
    let decided = match form.get("action") {
        Some("reject") => device_authorization::reject(db, &visit.op, grant, &by).await?,
        Some("consent") if form.get("confirm_device").is_none() => {
            return ask(&visit, &asked, Some(DeviceProblem::Unconfirmed)).await;
        }
        Some("consent") => {
            let violations = judge(&visit, &asked).await?;
            if !violations.is_empty() {
                return refused(&visit, &asked, &violations);
            }
            device_authorization::fulfil(db, &visit.op, &visit.app.policy.get(), grant, &by).await?
        }
        _ => return Err(Error::new(Kind::Invalid, "action must be consent or reject").into()),
    };
    match decided {
        Decided::Done => {
            let is_rejected = form.get("action") == Some("reject");
            let end = if is_rejected { DeviceEnd::Rejected } else { DeviceEnd::Granted };
            visit.show(StatusCode::OK, &end.page(Some(app_of(client, &visit.locale))))
        }
        Decided::Denied => refused(&visit, &asked, &[]),
        // Somebody was faster, or the time has run out this very moment: the page as it stands now.
        Decided::TooLate => match load(&mut visit, &id).await? {
            Ok(asked) => ask(&visit, &asked, None).await,
            Err(page) => Ok(page),
        },
    }
}

/// The grant, its app and the person; or the page that is shown instead of the question.
async fn load(visit: &mut Visit, id: &str) -> Result<Result<Asked, Response>, Failure> {
    link::enabled(visit)?;
    let (app, op) = (visit.app.clone(), visit.op.clone());
    let grant = match id.parse() {
        Ok(id) => device_authorization::get(&app.db, &app.vault, &op, id).await?,
        Err(_) => None,
    };
    let Some(grant) = grant else { return ended(visit, DeviceEnd::Unknown, None).map(Err) };
    let Some(client) = app.clients.get(&app.db, grant.client).await? else {
        return ended(visit, DeviceEnd::Unknown, None).map(Err);
    };
    if grant.state == State::Expired {
        return ended(visit, DeviceEnd::Expired, Some(&client)).map(Err);
    }
    let next = Next::Device(grant.id);
    let session = match visit.gate(next.continuation()).await? {
        Gate::Open(session) => session,
        Gate::Anonymous => return Ok(Err(see_other(&next.carried_by(&app.urls, "/login")))),
        Gate::Stopped(page) => return Ok(Err(page)),
    };
    match grant.state {
        State::Pending => Ok(Ok(Asked { grant, client, session })),
        State::Rejected => ended(visit, DeviceEnd::Rejected, Some(&client)).map(Err),
        State::Expired | State::Fulfilled | State::Exchanged => {
            ended(visit, DeviceEnd::Granted, Some(&client)).map(Err)
        }
    }
}

fn ended(visit: &Visit, end: DeviceEnd, client: Option<&Client>) -> Result<Response, Failure> {
    let status = match end {
        DeviceEnd::Granted | DeviceEnd::Rejected => StatusCode::OK,
        DeviceEnd::Expired => StatusCode::GONE,
        DeviceEnd::Unknown => StatusCode::NOT_FOUND,
    };
    visit.show(status, &end.page(client.map(|client| app_of(client, &visit.locale))))
}

async fn ask(visit: &Visit, asked: &Asked, problem: Option<DeviceProblem>) -> Result<Response, Failure> {
    let violations = judge(visit, asked).await?;
    if !violations.is_empty() {
        return refused(visit, asked, &violations);
    }
    let Asked { grant, client, session } = asked;
    let status = if problem.is_none() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = Device {
        id: grant.id.to_string(),
        app: app_of(client, &visit.locale),
        account: visit.account_with_name(session).await,
        permissions: Permission::of_scope(grant.scope.iter()),
        user_code: grant.user_code.clone(),
        requester: Requester::new(grant, visit.op.now),
        problem,
        keep: Next::Device(grant.id).continuation(),
    };
    visit.show(status, &page)
}

async fn judge(visit: &Visit, asked: &Asked) -> Result<Vec<Violation>, Failure> {
    let Asked { grant, client, session } = asked;
    let question = Question { client, session, scope: &grant.scope, grant_type: GrantType::DeviceCode };
    question.judge(visit).await
}

fn refused(visit: &Visit, asked: &Asked, violations: &[Violation]) -> Result<Response, Failure> {
    let page = Refusal {
        app: Some(app_of(&asked.client, &visit.locale)),
        account: visit.account(&asked.session.username, None),
        grant_id: None,
        need_to_remove: need_to_remove(violations),
        keep: Next::Device(asked.grant.id).continuation(),
    };
    visit.show(StatusCode::OK, &page)
}
