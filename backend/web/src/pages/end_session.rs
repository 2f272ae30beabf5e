//! The end-session endpoint, to which an app sends people who sign out of it (OpenID Connect RP-Initiated Logout 1.0).

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::{
    oauth::end_session::{self, Judgement, Logout, Request},
    users::browser::{self, Visitor},
};
use edge::{form::Fields, session};
use http::{StatusCode, header};
use url::form_urlencoded;

use super::{
    Failure, Visit,
    authorize::form_target,
    grant::{app_of, home_of},
    see_other,
};
use crate::view::{self, AppLink, AppProblem, Continuation, EndSession, Way};

/// What an app may send. `logout_hint` is not needed: a browser has one account here.
const PARAMETERS: [&str; 5] =
    ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

/// The app's request.
pub async fn begin(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = match Fields::parse(query.unwrap_or_default().as_bytes()) {
        Ok(query) => query,
        Err(malformed) => {
            return unanswerable(&visit, &format!("the app's request is malformed: {malformed}"));
        }
    };
    visit.speak(query.text("ui_locales"));
    let logout = match judge(&visit, &query).await? {
        Judgement::Good(logout) => logout,
        Judgement::Unanswerable(why) => return unanswerable(&visit, why),
    };
    let Visitor::SignedIn(session) = visit.visitor().await? else { return nobody(visit, &logout) };
    let Some(claim) = session::claim(&visit.app, &visit.headers) else { return done(visit, &logout) };
    if !logout.is_proven(&visit.app.db, &session).await? {
        return ask(visit, &logout, &query, StatusCode::OK);
    }
    logout.proven(&visit.app.db, &visit.op, claim.id, &claim.secret).await?;
    done(visit, &logout)
}

/// The answer to our question; or the app's request by POST (§2), which goes the way of the others, because a browser
/// does not show its cookie to a form of another site.
pub async fn submit(mut visit: Visit, body: Bytes) -> Result<Response, Failure> {
    let form = match Fields::parse(&body) {
        Ok(form) => form,
        Err(malformed) => {
            return unanswerable(&visit, &format!("the app's request is malformed: {malformed}"));
        }
    };
    if form.get("csrf").is_none() {
        let pairs = PARAMETERS.iter().filter_map(|name| Some((name, form.get(name)?)));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        return Ok(see_other(&format!("{}?{query}", visit.app.urls.path("/oauth2/end_session"))));
    }
    visit.speak(form.text("ui_locales"));
    let logout = match judge(&visit, &form).await? {
        Judgement::Good(logout) => logout,
        Judgement::Unanswerable(why) => return unanswerable(&visit, why),
    };
    if !visit.is_genuine(form.text("csrf")) {
        visit.visitor().await?;
        return ask(visit, &logout, &form, StatusCode::FORBIDDEN);
    }
    if let Some(claim) = session::claim(&visit.app, &visit.headers) {
        let app = visit.app.clone();
        app.db
            .write(async |tx| browser::finish(tx, &visit.op, claim.id, claim.secret.expose()).await)
            .await?;
    }
    done(visit, &logout)
}

async fn judge(visit: &Visit, fields: &Fields) -> Result<Judgement, Failure> {
    let app = &visit.app;
    let request = Request {
        id_token_hint: fields.get("id_token_hint"),
        client_id: fields.get("client_id"),
        post_logout_redirect_uri: fields.get("post_logout_redirect_uri"),
        state: fields.get("state"),
    };
    Ok(end_session::judge(&app.db, &app.clients, &app.keys, app.urls.issuer(), request).await?)
}

/// Nobody is signed out by a link of somebody's.
fn ask(mut visit: Visit, logout: &Logout, fields: &Fields, status: StatusCode) -> Result<Response, Failure> {
    if let Some(uri) = &logout.return_to {
        visit.allow_form_target(form_target(uri));
    }
    let mut keep: Vec<_> = PARAMETERS
        .into_iter()
        .filter(|name| !matches!(*name, "id_token_hint" | "client_id"))
        .filter_map(|name| Some((name.to_owned(), fields.get(name)?.to_owned())))
        .collect();
    keep.extend(logout.client.as_ref().map(|client| ("client_id".to_owned(), client.id.to_string())));
    let app = logout.client.as_deref().map(|client| app_of(client, &visit.locale));
    visit.show(status, &EndSession { app, keep: Continuation(keep) })
}

/// Nobody is signed in here. Where nothing shows that the app speaks of somebody whom this service knows, and the operator
/// does not vouch for it, a link could lead anywhere (RFC 9700 §4.11.2; RP-Initiated Logout §3): the person reads where.
fn nobody(mut visit: Visit, logout: &Logout) -> Result<Response, Failure> {
    let known = logout.is_hinted || logout.client.as_ref().is_none_or(|client| client.is_static);
    let Some(uri) = logout.return_to.as_ref().filter(|_| !known) else { return done(visit, logout) };
    let way = Way::new(uri, uri.to_string(), Vec::new());
    let back = way.map(|way| AppLink { name: way.place, href: way.href });
    visit.forget_viewer();
    let page = visit.show(StatusCode::OK, &view::Logout { back, ..view::Logout::default() })?;
    Ok(without_session(&visit, page))
}

/// This browser is signed out: on to where the app wants the person, or to a page that says so.
fn done(mut visit: Visit, logout: &Logout) -> Result<Response, Failure> {
    visit.forget_viewer();
    let response = match &logout.return_to {
        Some(uri) => see_other(uri.as_str()),
        None => {
            let back = logout.client.as_deref().and_then(|client| home_of(client, &visit.locale));
            visit.show(StatusCode::OK, &view::Logout { back, ..view::Logout::default() })?
        }
    };
    Ok(without_session(&visit, response))
}

fn without_session(visit: &Visit, mut response: Response) -> Response {
    response.headers_mut().append(header::SET_COOKIE, session::signed_out(&visit.app, &visit.op));
    response
}

fn unanswerable(visit: &Visit, why: &str) -> Result<Response, Failure> {
    visit.show(StatusCode::BAD_REQUEST, &AppProblem::new(why, None))
}
