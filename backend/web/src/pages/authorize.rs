//! The authorization endpoint: where an app sends people (RFC 6749 §3.1), and how the answer gets back to it.

use std::sync::Arc;

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::{
    limits::{Asker, Place, Throttled},
    oauth::{
        Code, Refusal,
        authorize::{self, Fulfilled, Judgement, Parameters, Request, ResponseMode, ReturnTo},
        clients::Client,
        consents,
        demands::{Demands, Prompt, Standing, unsupported_prompt},
    },
    users::browser::{BrowserSession, Visitor},
};
use edge::{App, form::Fields};
use http::{HeaderValue, StatusCode, header};
use kernel::{
    Error, Kind,
    id::{ClientId, UserId},
};
use url::{Url, form_urlencoded};

use super::{
    Failure, Visit,
    grant::{self, Asked, refusal_of},
    hint,
    judge::need_to_remove,
    next::Next,
    see_other,
};
use crate::view::{AppProblem, Busy, FormPost, Way};

/// Of a request, in bytes: it is kept as it came.
const LONGEST_QUERY: usize = 16 * 1024;

pub async fn authorize(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    if query.len() > LONGEST_QUERY {
        let why = format!("the app's request is too long: it may have {LONGEST_QUERY} bytes");
        return unanswerable(&visit, &why, None);
    }
    let again = format!("{}?{query}", visit.app.urls.path("/authorize"));
    let query = match Fields::parse(query.as_bytes()) {
        Ok(query) => query,
        Err(malformed) => {
            return unanswerable(&visit, &format!("the app's request is malformed: {malformed}"), None);
        }
    };
    visit.speak(query.text("ui_locales"));
    let Some(id) = query.get("client_id") else {
        let why = "the app's request does not say which app it is (client_id is missing)";
        return unanswerable(&visit, why, None);
    };
    let client = match id.parse::<ClientId>() {
        Ok(id) => visit.app.clients.get(&visit.app.db, id).await?,
        Err(_) => None,
    };
    let Some(client) = client else {
        return unanswerable(&visit, "the app is not known here: it may have to be added again", None);
    };
    let parameters: Parameters = query.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let judged = authorize::judge(&client, &visit.app.keys, visit.app.urls.issuer(), parameters);
    match within_means(&visit.app, judged) {
        Judgement::Unanswerable(why) => unanswerable(&visit, &why, Some(&client)),
        Judgement::Refused(return_to, refusal) => {
            let silent = query.text("prompt").split(' ').any(|prompt| prompt == Prompt::None.as_str());
            if silent || leads_on(&mut visit, &client).await? {
                refuse(&mut visit, &return_to, &refusal)
            } else {
                hand_over(&mut visit, &client, &return_to, &refusal)
            }
        }
        Judgement::Good(request) => go_on(visit, client, &request, again).await,
    }
}

/// Nobody can be asked to register where people may not.
fn within_means(app: &App, judged: Judgement) -> Judgement {
    match judged {
        Judgement::Good(request) if request.demands.asks_for(Prompt::Create) && !app.registers() => {
            Judgement::Refused(request.return_to, Box::new(unsupported_prompt()))
        }
        judged => judged,
    }
}

/// The same request as a form (OpenID Connect Core §3.1.2.1). From another site it comes without our cookies, which are
/// `SameSite=Lax`; so the browser is sent to ask by GET, with them. Nothing is judged before that.
pub async fn by_form(app: App, body: Bytes) -> Response {
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(&body)).finish();
    see_other(&format!("{}?{query}", app.urls.path("/authorize")))
}

/// `again` makes the same request anew.
async fn go_on(
    mut visit: Visit,
    client: Arc<Client>,
    request: &Request,
    again: String,
) -> Result<Response, Failure> {
    let visitor = visit.visitor().await?;
    let silent = request.demands.asks_for(Prompt::None);
    match visitor {
        Visitor::SignedIn(session) if silent => return silently(visit, client, session, request).await,
        _ if silent => {
            let refusal =
                Code::LoginRequired.because("nobody is signed in, and prompt=none does not let us ask");
            return refuse(&mut visit, &request.return_to, &refusal);
        }
        _ => {}
    }
    let signed_in = match &visitor {
        Visitor::SignedIn(session) => Some(session.user),
        _ => None,
    };
    if let Err(throttled) = charge(&visit, signed_in) {
        return busy(&visit, throttled, again);
    }
    let locale = Some(visit.locale.to_string());
    let grant = authorize::start(&visit.app.db, &visit.op, &client, request, locale).await?;
    let next = Next::Grant(grant.id);
    let urls = &visit.app.urls;
    Ok(see_other(&match signed_in {
        Some(_) => next.destination(urls),
        None => next.carried_by(urls, way_in(&visit.app, &request.demands)),
    }))
}

/// Where somebody begins who is not signed in.
pub fn way_in(app: &App, demands: &Demands) -> &'static str {
    if demands.asks_for(Prompt::Create) && app.registers() { "/register" } else { "/login" }
}

/// Good requests are kept, whoever makes them: so there must not be too many.
fn charge(visit: &Visit, signed_in: Option<UserId>) -> Result<(), Throttled> {
    let asker = signed_in.map_or(Asker::Stranger(Place::of(visit.op.address)), Asker::SignedIn);
    visit.app.limits.app_request.charge(visit.op.now, asker)
}

fn busy(visit: &Visit, throttled: Throttled, again: String) -> Result<Response, Failure> {
    let mut response = visit.show(StatusCode::TOO_MANY_REQUESTS, &Busy { again })?;
    let seconds = HeaderValue::from(throttled.0.as_secs() + 1);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    Ok(response)
}

/// `prompt=none`: an answer without a page, or the reason why one is needed (OpenID Connect Core §3.1.2.1).
async fn silently(
    mut visit: Visit,
    client: Arc<Client>,
    session: Box<BrowserSession>,
    request: &Request,
) -> Result<Response, Failure> {
    let return_to = &request.return_to;
    let db = &visit.app.db;
    // Before anything else: whom nobody has agreed to tell anything learns nothing, not even whether a hint was right.
    if !consents::is_given(db, &client, session.user, &request.scope, &return_to.redirect_uri).await? {
        let refusal = Code::ConsentRequired
            .because("the person has to agree, which prompt=none does not let us ask for");
        return refuse(&mut visit, return_to, &refusal);
    }
    let unexpected = hint::somebody_else(&visit, &session, request.login_hint.as_deref()).await?.is_some();
    let standing = Standing {
        session: &session,
        asked_at: visit.op.now,
        now: visit.op.now,
        chosen_by: None,
        unexpected,
    };
    if let Some(hindrance) = request.demands.hindrance(standing) {
        return refuse(&mut visit, return_to, &refusal_of(hindrance));
    }
    if charge(&visit, Some(session.user)).is_err() {
        let refusal = Code::TemporarilyUnavailable.because("there were too many requests: try again later");
        return refuse(&mut visit, return_to, &refusal);
    }
    let grant = authorize::start(&visit.app.db, &visit.op, &client, request, None).await?;
    let asked = Asked { grant, client, session, secret: grant::secret(&visit)? };
    let violations = grant::judge(&visit, &asked).await?;
    if !violations.is_empty() {
        let refusal = match need_to_remove(&violations) {
            Some(_) => {
                Code::InteractionRequired.because("the person has too many sessions: some have to end first")
            }
            None => Code::AccessDenied.because("the rules of this server do not allow it"),
        };
        return refuse(&mut visit, return_to, &refusal);
    }
    let (app, approval) = (&visit.app, asked.approval(false));
    match authorize::fulfil(&app.db, &visit.op, &app.policy.get(), &asked.grant, approval).await? {
        Fulfilled::Code(code) => answer(&mut visit, return_to, vec![("code", code)]),
        // Nobody is let administer without a question.
        Fulfilled::Settled | Fulfilled::Denied => {
            Err(Error::internal("a grant that nobody knows of was settled").into())
        }
    }
}

/// Whether the browser may be sent on to the client without a word. Anybody can register an address where registration is
/// open, so a link to this service could lead anywhere (RFC 9700 §4.11.2): the operator must vouch for the client, or
/// somebody be signed in. Who asks with `prompt=none` wants no page, and gets none.
async fn leads_on(visit: &mut Visit, client: &Client) -> Result<bool, Failure> {
    Ok(client.is_static || matches!(visit.visitor().await?, Visitor::SignedIn(_)))
}

/// As [`refuse`], by the person's own hand, who reads where it goes.
fn hand_over(
    visit: &mut Visit,
    client: &Client,
    return_to: &ReturnTo,
    refusal: &Refusal,
) -> Result<Response, Failure> {
    let way = match pack(visit, return_to, told_of(refusal)) {
        Parcel::Link(href) => Way::new(&return_to.redirect_uri, href, Vec::new()),
        Parcel::Form(fields) => {
            visit.allow_form_target(form_target(&return_to.redirect_uri));
            Way::new(&return_to.redirect_uri, return_to.redirect_uri.to_string(), fields)
        }
    };
    let page = AppProblem {
        app: Some(grant::app_of(client, &visit.locale)),
        way,
        ..AppProblem::new(&refusal.description, None)
    };
    visit.show(StatusCode::BAD_REQUEST, &page)
}

/// Nothing is sent anywhere until app and address are proven: the person is told, and shown the way to the app's own
/// page if the app is known.
fn unanswerable(visit: &Visit, why: &str, client: Option<&Client>) -> Result<Response, Failure> {
    let home = client.and_then(|client| grant::home_of(client, &visit.locale));
    visit.show(StatusCode::BAD_REQUEST, &AppProblem::new(why, home))
}

/// Tells the app that it does not get what it asked for.
pub fn refuse(visit: &mut Visit, return_to: &ReturnTo, refusal: &Refusal) -> Result<Response, Failure> {
    answer(visit, return_to, told_of(refusal))
}

fn told_of(refusal: &Refusal) -> Vec<(&'static str, String)> {
    let description = refusal.description.to_string();
    vec![("error", refusal.code.as_str().to_owned()), ("error_description", description)]
}

/// Sends an answer to the app, in the way that it asked for.
pub fn answer(
    visit: &mut Visit,
    return_to: &ReturnTo,
    parameters: Vec<(&'static str, String)>,
) -> Result<Response, Failure> {
    match pack(visit, return_to, parameters) {
        Parcel::Link(location) => Ok(see_other(&location)),
        Parcel::Form(fields) => {
            visit.allow_form_target(form_target(&return_to.redirect_uri));
            let page = FormPost::new(&return_to.redirect_uri, fields)
                .ok_or_else(|| Error::new(Kind::Invalid, "this app cannot take the answer as a form"))?;
            visit.show(StatusCode::OK, &page)
        }
    }
}

/// An answer, ready to be sent.
enum Parcel {
    Link(String),
    /// To the redirect URI.
    Form(Vec<(String, String)>),
}

/// `iss` tells the app who answers (RFC 9207).
fn pack(visit: &Visit, return_to: &ReturnTo, parameters: Vec<(&'static str, String)>) -> Parcel {
    let state = return_to.state.clone().map(|state| ("state", state));
    let issuer = ("iss", visit.app.urls.issuer().to_owned());
    let all: Vec<(&str, String)> = state.into_iter().chain(parameters).chain([issuer]).collect();
    match return_to.mode {
        ResponseMode::Query => Parcel::Link(in_query(&return_to.redirect_uri, &all)),
        ResponseMode::Fragment => {
            let fragment = form_urlencoded::Serializer::new(String::new()).extend_pairs(&all).finish();
            Parcel::Link(format!("{}#{fragment}", return_to.redirect_uri))
        }
        ResponseMode::FormPost => {
            Parcel::Form(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        }
    }
}

/// The empty fragment at the end keeps one of the page before from being carried along.
fn in_query(redirect_uri: &Url, parameters: &[(&str, String)]) -> String {
    let mut uri = redirect_uri.clone();
    uri.query_pairs_mut().extend_pairs(parameters);
    format!("{uri}#")
}

/// As the Content-Security-Policy names where a redirect URI leads: the origin, or the scheme of an app.
pub fn form_target(redirect_uri: &Url) -> String {
    if redirect_uri.origin().is_tuple() {
        redirect_uri.origin().ascii_serialization()
    } else {
        format!("{}:", redirect_uri.scheme())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_the_redirect_uri_is_kept() {
        let uri: Url = "https://app.example/cb?x=1".parse().unwrap();
        let parameters = [("state", "a b&c".to_owned()), ("code", "X".to_owned())];
        assert_eq!(in_query(&uri, &parameters), "https://app.example/cb?x=1&state=a+b%26c&code=X#");
    }

    #[test]
    fn forms_may_end_at_exactly_this_origin_or_scheme() {
        let target = |uri: &str| form_target(&uri.parse().unwrap());
        assert_eq!(target("https://app.example:8443/cb?x"), "https://app.example:8443");
        assert_eq!(target("http://127.0.0.1:1234/"), "http://127.0.0.1:1234");
        assert_eq!(target("io.element.app:/callback"), "io.element.app:");
    }
}
