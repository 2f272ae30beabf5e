//! The authorization endpoint: where an app sends people (RFC 6749 §3.1), and how the answer gets back to it.

use axum::{body::Bytes, extract::RawQuery, response::Response};
use domain::{
    oauth::{
        Code, Refusal,
        authorize::{self, Judgement, Parameters, Request, ResponseMode, ReturnTo},
        clients::Client,
    },
    users::browser::Visitor,
};
use edge::{App, form::Fields};
use http::StatusCode;
use kernel::{Error, Kind, id::ClientId};
use url::{Url, form_urlencoded};

use super::{Failure, Visit, next::Next, see_other};
use crate::view::FormPost;

pub async fn authorize(mut visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let refused = |why: String| Failure::from(Error::new(Kind::Invalid, why));
    let query = Fields::parse(query.unwrap_or_default().as_bytes())
        .map_err(|malformed| refused(format!("the app's request is malformed: {malformed}")))?;
    let Some(id) = query.get("client_id") else {
        return Err(refused("the app's request does not say which app it is (client_id is missing)".into()));
    };
    let client = match id.parse::<ClientId>() {
        Ok(id) => visit.app.clients.get(&visit.app.db, id).await?,
        Err(_) => None,
    };
    let Some(client) = client else {
        return Err(refused("the app is not known here: it may have to be added again".into()));
    };
    let parameters: Parameters = query.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    match authorize::judge(&client, parameters) {
        Judgement::Unanswerable(why) => Err(refused(why)),
        Judgement::Refused(return_to, refusal) => refuse(&mut visit, &return_to, &refusal),
        Judgement::Good(request) => go_on(visit, &client, &request).await,
    }
}

/// The same request as a form (OpenID Connect Core §3.1.2.1). From another site it comes without our cookies, which are
/// `SameSite=Lax`; so the browser is sent to ask by GET, with them. Nothing is judged before that.
pub async fn by_form(app: App, body: Bytes) -> Response {
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(&body)).finish();
    see_other(&format!("{}?{query}", app.urls.path("/authorize")))
}

async fn go_on(mut visit: Visit, client: &Client, request: &Request) -> Result<Response, Failure> {
    let signed_in = matches!(visit.visitor().await?, Visitor::SignedIn(_));
    if request.prompt.iter().any(|word| word == "none") {
        let refusal = if signed_in {
            Code::ConsentRequired
                .because("the person has to agree, which prompt=none does not let us ask for")
        } else {
            Code::LoginRequired.because("nobody is signed in, and prompt=none does not let us ask")
        };
        return refuse(&mut visit, &request.return_to, &refusal);
    }
    let locale = Some(visit.locale.to_string());
    let grant = authorize::start(&visit.app.db, &visit.op, client, request, locale).await?;
    let next = Next::Grant(grant);
    let urls = &visit.app.urls;
    Ok(see_other(&if signed_in { next.destination(urls) } else { next.carried_by(urls, "/login") }))
}

/// Tells the app that it does not get what it asked for.
pub fn refuse(visit: &mut Visit, return_to: &ReturnTo, refusal: &Refusal) -> Result<Response, Failure> {
    let description = refusal.description.to_string();
    let parameters = vec![("error", refusal.code.as_str().to_owned()), ("error_description", description)];
    answer(visit, return_to, parameters)
}

/// Sends an answer to the app, in the way that it asked for. `iss` tells it who answers (RFC 9207).
pub fn answer(
    visit: &mut Visit,
    return_to: &ReturnTo,
    parameters: Vec<(&'static str, String)>,
) -> Result<Response, Failure> {
    let state = return_to.state.clone().map(|state| ("state", state));
    let issuer = ("iss", visit.app.urls.issuer().to_owned());
    let all: Vec<(&str, String)> = state.into_iter().chain(parameters).chain([issuer]).collect();
    match return_to.mode {
        ResponseMode::Query => Ok(see_other(&in_query(&return_to.redirect_uri, &all))),
        ResponseMode::Fragment => {
            let fragment = form_urlencoded::Serializer::new(String::new()).extend_pairs(&all).finish();
            Ok(see_other(&format!("{}#{fragment}", return_to.redirect_uri)))
        }
        ResponseMode::FormPost => {
            visit.allow_form_target(form_target(&return_to.redirect_uri));
            let all = all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let page = FormPost::new(&return_to.redirect_uri, all)
                .ok_or_else(|| Error::new(Kind::Invalid, "this app cannot take the answer as a form"))?;
            visit.show(StatusCode::OK, &page)
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
