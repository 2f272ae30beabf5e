//! Asking whether an app may use the account.

use std::sync::Arc;

use axum::{body::Bytes, response::Response};
use domain::{
    oauth::{
        Code,
        authorize::{self, Fulfilled, GrantState},
        clients::Client,
        consents,
        demands::Prompt,
    },
    policy::Violation,
};
use edge::form::Fields;
use http::StatusCode;
use kernel::{Error, Kind};

use super::{
    Failure, Visit,
    authorize::{answer, refuse},
    grant::{Asked, app_of, hindered, judge, load, settled, spent},
    judge::need_to_remove,
    next::Next,
    path_id::PathId,
    visit::PROFILE_WAIT,
};
use crate::view::{self, Consent, Destination, Permission, Refusal, SpentReason};

pub async fn show(mut visit: Visit, PathId(id): PathId) -> Result<Response, Failure> {
    match load(&mut visit, &id).await? {
        Ok(asked) => go_on(visit, asked).await,
        Err(page) => Ok(page),
    }
}

/// To the question, or past it.
async fn go_on(mut visit: Visit, asked: Asked) -> Result<Response, Failure> {
    if let Some(page) = settled(&visit, &asked)? {
        return Ok(page);
    }
    if let Some(response) = hindered(&mut visit, &asked).await? {
        return Ok(response);
    }
    let Asked { grant, client, session, .. } = &asked;
    let redirect_uri = &grant.return_to.redirect_uri;
    let known = !grant.demands.asks_for(Prompt::Consent)
        && consents::is_given(&visit.app.db, client, session.user, &grant.scope, redirect_uri).await?;
    if known { agree(visit, &asked, false).await } else { ask(visit, &asked, StatusCode::OK).await }
}

pub async fn submit(mut visit: Visit, PathId(id): PathId, body: Bytes) -> Result<Response, Failure> {
    let asked = match load(&mut visit, &id).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    let form = Fields::parse(&body).unwrap_or_default();
    if !visit.is_genuine(form.text("csrf")) {
        return ask_again(visit, &asked).await;
    }
    // Another tab may have changed who is signed in: whoever was not shown has agreed to nothing.
    let shown =
        form.get("account").is_none_or(|mxid| mxid == visit.account(&asked.session.username, None).mxid);
    match form.get("action") {
        Some("choose" | "allow") | None if !shown => ask_again(visit, &asked).await,
        Some("cancel") => cancel(visit, &asked).await,
        Some("choose") => choose(visit, asked).await,
        Some("allow") | None => {
            if let Some(code) = authorize::deliver_again(&visit.op, &asked.grant, asked.approval(true)) {
                return answer(&mut visit, &asked.grant.return_to, vec![("code", code)]);
            }
            if let Some(page) = settled(&visit, &asked)? {
                return Ok(page);
            }
            if let Some(response) = hindered(&mut visit, &asked).await? {
                return Ok(response);
            }
            agree(visit, &asked, true).await
        }
        Some(_) => Err(Error::new(Kind::Invalid, "action must be allow, choose or cancel").into()),
    }
}

/// The form was left open for too long, or is not ours: the same question with a fresh token.
async fn ask_again(mut visit: Visit, asked: &Asked) -> Result<Response, Failure> {
    if let Some(page) = settled(&visit, asked)? {
        return Ok(page);
    }
    match hindered(&mut visit, asked).await? {
        Some(response) => Ok(response),
        None => ask(visit, asked, StatusCode::BAD_REQUEST).await,
    }
}

/// The person refuses, whatever else would have come first.
async fn cancel(mut visit: Visit, asked: &Asked) -> Result<Response, Failure> {
    let grant = &asked.grant;
    if !matches!(grant.state, GrantState::Pending | GrantState::Cancelled) {
        return Ok(settled(&visit, asked)?.ok_or_else(|| Error::internal("a settled grant has a page"))?);
    }
    if !authorize::cancel(&visit.app.db, &visit.op, grant.id).await? {
        return settled_meanwhile(visit, asked).await;
    }
    refuse(&mut visit, &grant.return_to, &Code::AccessDenied.because("the person has refused"))
}

/// The account that is signed in is the right one.
async fn choose(visit: Visit, mut asked: Asked) -> Result<Response, Failure> {
    authorize::choose_account(&visit.app.db, asked.grant.id, asked.session.id).await?;
    asked.grant.account_chosen_by = Some(asked.session.id);
    go_on(visit, asked).await
}

/// Lets the app in, if the policy does. `asked` tells whether the person was.
async fn agree(mut visit: Visit, asked: &Asked, was_asked: bool) -> Result<Response, Failure> {
    let violations = judge(&visit, asked).await?;
    if !violations.is_empty() {
        return refused(&visit, asked, &violations);
    }
    let grant = &asked.grant;
    let (app, approval) = (&visit.app, asked.approval(was_asked));
    match authorize::fulfil(&app.db, &visit.op, &app.policy.get(), grant, approval).await? {
        Fulfilled::Code(code) => answer(&mut visit, &grant.return_to, vec![("code", code)]),
        Fulfilled::Settled => settled_meanwhile(visit, asked).await,
        Fulfilled::Denied => refused(&visit, asked, &[]),
    }
}

/// Another press of the button came first: the same browser gets what that one got.
async fn settled_meanwhile(mut visit: Visit, asked: &Asked) -> Result<Response, Failure> {
    if let Some(grant) = authorize::get(&visit.app.db, asked.grant.id).await?
        && let Some(code) = authorize::deliver_again(&visit.op, &grant, asked.approval(true))
    {
        return answer(&mut visit, &grant.return_to, vec![("code", code)]);
    }
    visit.show(StatusCode::CONFLICT, &spent(&visit, asked, SpentReason::Used))
}

async fn ask(visit: Visit, asked: &Asked, status: StatusCode) -> Result<Response, Failure> {
    let violations = judge(&visit, asked).await?;
    if !violations.is_empty() {
        return refused(&visit, asked, &violations);
    }
    let Asked { grant, client, session, .. } = asked;
    let (account, logo) = tokio::join!(visit.account_with_name(session), logo_of(&visit, client));
    let page = Consent {
        id: grant.id.to_string(),
        app: view::App { logo, ..app_of(client, &visit.locale) },
        account,
        permissions: Permission::of_scope(grant.scope.iter()),
        next: Destination::of(&grant.return_to.redirect_uri),
        keep: Next::Grant(grant.id).continuation(),
    };
    visit.show(status, &page)
}

fn refused(visit: &Visit, asked: &Asked, violations: &[Violation]) -> Result<Response, Failure> {
    let Asked { grant, client, session, .. } = asked;
    let page = Refusal {
        app: Some(app_of(client, &visit.locale)),
        account: visit.account(&session.username, None),
        grant_id: Some(grant.id.to_string()),
        need_to_remove: need_to_remove(violations),
        keep: Next::Grant(grant.id).continuation(),
    };
    visit.show(StatusCode::OK, &page)
}

/// Where the page finds the app's logo. One that is not here soon is left to be fetched for the next time.
async fn logo_of(visit: &Visit, client: &Arc<Client>) -> Option<String> {
    client.metadata.logo_uri.as_ref()?;
    let (app, op, client) = (visit.app.clone(), visit.op.clone(), Arc::clone(client));
    let path = app.urls.path(&format!("/oauth2/clients/{}/logo", client.id));
    let fetching = tokio::spawn(async move { app.logos.get(&app.outbound, op.now, &client).await.is_some() });
    let is_here = tokio::time::timeout(PROFILE_WAIT, fetching).await;
    matches!(is_here, Ok(Ok(true))).then_some(path)
}
