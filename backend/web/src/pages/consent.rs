//! Asking whether an app may use the account.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, extract::Path, response::Response};
use domain::{
    oauth::{
        Code,
        authorize::{self, Grant, GrantState},
        clients::Client,
    },
    policy::{Violation, input::GrantType},
    users::browser::BrowserSession,
};
use edge::form::Fields;
use http::StatusCode;
use kernel::{Error, Kind, id::GrantId};

use super::{
    Failure, Visit,
    authorize::{answer, form_target, refuse},
    judge::{Question, need_to_remove},
    next::Next,
    see_other,
    visit::Gate,
};
use crate::view::{self, AppLink, Consent, Destination, Permission, Refusal, Spent, SpentReason};

/// The homeserver may tell the display name, and the app's site its logo, but nobody waits long for them.
pub const PROFILE_WAIT: Duration = Duration::from_secs(1);

/// Everything that both showing and submitting need.
struct Asked {
    grant: Grant,
    client: Arc<Client>,
    session: Box<BrowserSession>,
}

pub async fn show(mut visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    match load(&mut visit, &id).await? {
        Ok(asked) => ask(visit, &asked, StatusCode::OK).await,
        Err(page) => Ok(page),
    }
}

pub async fn submit(mut visit: Visit, Path(id): Path<String>, body: Bytes) -> Result<Response, Failure> {
    let asked = match load(&mut visit, &id).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    let form = Fields::parse(&body).unwrap_or_default();
    if !visit.is_genuine(form.text("csrf")) {
        // Left open for too long: the same question with a fresh token.
        return ask(visit, &asked, StatusCode::BAD_REQUEST).await;
    }
    let Asked { grant, client, session } = &asked;
    match form.get("action") {
        Some("cancel") => {
            authorize::cancel(&visit.app.db, &visit.op, grant.id).await?;
            let refusal = Code::AccessDenied.because("the person has refused");
            return refuse(&mut visit, &grant.return_to, &refusal);
        }
        Some("allow") | None => {}
        Some(_) => return Err(Error::new(Kind::Invalid, "action must be allow or cancel").into()),
    }
    let violations = judge(&visit, &asked).await?;
    if !violations.is_empty() {
        return refused(&visit, &asked, &violations);
    }
    match authorize::fulfil(&visit.app.db, &visit.op, grant, session.id, session.user).await? {
        Some(code) => answer(&mut visit, &grant.return_to, vec![("code", code)]),
        None => spent(&visit, client, SpentReason::Used),
    }
}

/// The request, its app and the person; or the page that is shown instead of the question.
async fn load(visit: &mut Visit, id: &str) -> Result<Result<Asked, Response>, Failure> {
    let gone = || Error::new(Kind::NotFound, "there is no such request: go back to the app and start again");
    let id: GrantId = id.parse().map_err(|_| gone())?;
    let grant = authorize::get(&visit.app.db, id).await?.ok_or_else(gone)?;
    let client = visit.app.clients.get(&visit.app.db, grant.client).await?.ok_or_else(gone)?;
    let next = Next::Grant(id);
    let session = match visit.gate(next.continuation()).await? {
        Gate::Open(session) => session,
        Gate::Anonymous => return Ok(Err(see_other(&next.carried_by(&visit.app.urls, "/login")))),
        Gate::Stopped(page) => return Ok(Err(page)),
    };
    if grant.state != GrantState::Pending {
        return Ok(Err(spent(visit, &client, SpentReason::Used)?));
    }
    visit.allow_form_target(form_target(&grant.return_to.redirect_uri));
    Ok(Ok(Asked { grant, client, session }))
}

async fn ask(visit: Visit, asked: &Asked, status: StatusCode) -> Result<Response, Failure> {
    let violations = judge(&visit, asked).await?;
    if !violations.is_empty() {
        return refused(&visit, asked, &violations);
    }
    let Asked { grant, client, session } = asked;
    let (profile, logo) = tokio::join!(
        visit.app.homeserver.query_user(&session.username, PROFILE_WAIT),
        logo_of(&visit, client),
    );
    let display_name = profile.ok().flatten().and_then(|profile| profile.display_name);
    let page = Consent {
        id: grant.id.to_string(),
        app: view::App { logo, ..app_of(client) },
        account: visit.account(&session.username, display_name.as_deref()),
        permissions: Permission::of_scope(grant.scope.iter()),
        next: Destination::of(&grant.return_to.redirect_uri),
        keep: Next::Grant(grant.id).continuation(),
    };
    visit.show(status, &page)
}

async fn judge(visit: &Visit, asked: &Asked) -> Result<Vec<Violation>, Failure> {
    let Asked { grant, client, session } = asked;
    let question =
        Question { client, session, scope: &grant.scope, grant_type: GrantType::AuthorizationCode };
    question.judge(visit).await
}

fn refused(visit: &Visit, asked: &Asked, violations: &[Violation]) -> Result<Response, Failure> {
    let Asked { grant, client, session } = asked;
    let page = Refusal {
        app: Some(app_of(client)),
        account: visit.account(&session.username, None),
        grant_id: Some(grant.id.to_string()),
        need_to_remove: need_to_remove(violations),
        keep: Next::Grant(grant.id).continuation(),
    };
    visit.show(StatusCode::OK, &page)
}

/// The request was settled before: the app can start a new one.
fn spent(visit: &Visit, client: &Client, reason: SpentReason) -> Result<Response, Failure> {
    let uri = client.metadata.client_uri.as_ref().map(|uri| &uri.plain);
    let retry = uri.and_then(|uri| AppLink::new(&app_of(client), uri));
    visit.show(StatusCode::CONFLICT, &Spent { reason, retry })
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

/// An app as pages name it.
pub fn app_of(client: &Client) -> view::App {
    let name = client.metadata.client_name.as_ref().map(|name| name.plain.as_str());
    let uri = client.metadata.client_uri.as_ref().map(|uri| &uri.plain);
    view::App::new(name, &client.id.to_string(), uri)
}
