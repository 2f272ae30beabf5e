//! An app's request that is kept, before the person who answers it: what stands in the way, and how it ends.

use std::sync::Arc;

use axum::response::Response;
use domain::{
    oauth::{
        Code,
        authorize::{self, Approval, Grant, GrantState},
        clients::Client,
        demands::{Hindrance, Standing},
        registration::Localized,
    },
    policy::{Violation, input::GrantType},
    users::browser::BrowserSession,
};
use http::StatusCode;
use kernel::{Error, Kind, Secret, id::GrantId};
use url::{Url, form_urlencoded};

use super::{
    Failure, Visit,
    authorize::{form_target, way_in},
    hint,
    judge::Question,
    next::Next,
    see_other,
    visit::Gate,
};
use crate::view::{self, AppLink, ChooseAccount, Locale, Spent, SpentReason, web_link};

/// A request, its app, and the person.
pub struct Asked {
    pub grant: Grant,
    pub client: Arc<Client>,
    pub session: Box<BrowserSession>,
    /// In the browser's cookie.
    pub secret: Secret<String>,
}

impl Asked {
    pub const fn approval(&self, asked: bool) -> Approval<'_> {
        Approval { session: &self.session, secret: &self.secret, asked }
    }
}

/// The request before the person who is signed in; or the page that comes instead.
pub async fn load(visit: &mut Visit, id: &str) -> Result<Result<Asked, Response>, Failure> {
    let gone = || Error::new(Kind::NotFound, "there is no such request: go back to the app and start again");
    let id: GrantId = id.parse().map_err(|_| gone())?;
    let grant = authorize::get(&visit.app.db, id).await?.ok_or_else(gone)?;
    let client = visit.app.clients.get(&visit.app.db, grant.client).await?.ok_or_else(gone)?;
    visit.speak(grant.locale.as_deref().unwrap_or_default());
    let next = Next::Grant(id);
    let session = match visit.gate(next.continuation()).await? {
        Gate::Open(session) => session,
        Gate::Anonymous => {
            let way_in = way_in(&visit.app, &grant.demands);
            return Ok(Err(see_other(&next.carried_by(&visit.app.urls, way_in))));
        }
        Gate::Stopped(page) => return Ok(Err(page)),
    };
    let secret = secret(visit)?;
    visit.allow_form_target(form_target(&grant.return_to.redirect_uri));
    Ok(Ok(Asked { grant, client, session, secret }))
}

/// The secret in the cookie of somebody who is signed in.
pub fn secret(visit: &Visit) -> Result<Secret<String>, Error> {
    let claim = edge::session::claim(&visit.app, &visit.headers);
    Ok(claim.ok_or_else(|| Error::internal("somebody is signed in without a cookie"))?.secret)
}

/// The page for a request that nobody can agree to any more.
pub fn settled(visit: &Visit, asked: &Asked) -> Result<Option<Response>, Failure> {
    let Asked { grant, .. } = asked;
    let expired = grant.has_expired(visit.op.now);
    let (status, reason) = match grant.state {
        GrantState::Pending if !expired => return Ok(None),
        GrantState::Pending => (StatusCode::GONE, SpentReason::Expired),
        GrantState::Fulfilled { .. } => {
            match authorize::deliver_again(&visit.op, grant, asked.approval(true)) {
                Some(_) => (StatusCode::OK, SpentReason::Ready),
                None if expired => (StatusCode::GONE, SpentReason::Expired),
                None => (StatusCode::CONFLICT, SpentReason::Used),
            }
        }
        GrantState::Cancelled => (StatusCode::CONFLICT, SpentReason::Cancelled),
        GrantState::Exchanged => (StatusCode::CONFLICT, SpentReason::Used),
    };
    visit.show(status, &spent(visit, asked, reason)).map(Some)
}

/// There is always a way on: the answer once more, the same request anew, or the app's own page.
pub fn spent(visit: &Visit, asked: &Asked, reason: SpentReason) -> Spent {
    let Asked { grant, client, .. } = asked;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let pairs = grant.parameters.iter().map(|(name, value)| (name, text(value)));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Spent {
        reason,
        app: Some(app_of(client, &visit.locale)),
        deliver: (reason == SpentReason::Ready).then(|| grant.id.to_string()),
        again: Some(format!("{}?{query}", visit.app.urls.path("/authorize"))),
        home: home_of(client, &visit.locale),
    }
}

/// What has to be done before the question, as a page or as a way to one.
pub async fn hindered(visit: &mut Visit, asked: &Asked) -> Result<Option<Response>, Failure> {
    let Asked { grant, client, session, .. } = asked;
    let expected = hint::somebody_else(visit, session, grant.login_hint.as_deref()).await?;
    let standing = Standing {
        session,
        asked_at: grant.created_at,
        now: visit.op.now,
        chosen_by: grant.account_chosen_by,
        unexpected: expected.is_some(),
    };
    let Some(hindrance) = grant.demands.hindrance(standing) else { return Ok(None) };
    let only_another = match hindrance {
        Hindrance::AnotherAccount => true,
        Hindrance::Choice => false,
        Hindrance::Proof => {
            let next = Next::Grant(grant.id);
            return Ok(Some(see_other(&next.carried_by(&visit.app.urls, "/reauthenticate"))));
        }
        Hindrance::Class => {
            authorize::cancel(&visit.app.db, &visit.op, grant.id).await?;
            return super::authorize::refuse(visit, &grant.return_to, &refusal_of(hindrance)).map(Some);
        }
    };
    let page = ChooseAccount {
        id: grant.id.to_string(),
        app: app_of(client, &visit.locale),
        account: visit.account(&session.username, None),
        create: way_in(&visit.app, &grant.demands) == "/register" && expected.is_none() && !only_another,
        expected: expected.filter(|_| !only_another).map(|name| view::tidy(&name)),
        only_another,
        keep: Next::Grant(grant.id).continuation(),
    };
    visit.show(StatusCode::OK, &page).map(Some)
}

/// What an app is told that does not want people to be asked (OpenID Connect Core §3.1.2.6).
pub fn refusal_of(hindrance: Hindrance) -> domain::oauth::Refusal {
    match hindrance {
        Hindrance::AnotherAccount => {
            Code::LoginRequired.because("somebody else is signed in than the request asks for")
        }
        Hindrance::Choice => {
            Code::AccountSelectionRequired.because("the person has to say which account to use")
        }
        Hindrance::Proof => Code::LoginRequired.because("the person has to sign in again"),
        Hindrance::Class => Code::UnmetAuthenticationRequirements
            .because("no sign-in here is of a class (acr) that the request insists on"),
    }
}

/// What the policy says to it.
pub async fn judge(visit: &Visit, asked: &Asked) -> Result<Vec<Violation>, Failure> {
    let Asked { grant, client, session, .. } = asked;
    let question =
        Question { client, session, scope: &grant.scope, grant_type: GrantType::AuthorizationCode };
    question.judge(visit).await
}

/// An app as pages in that language name it.
pub fn app_of(client: &Client, locale: &Locale) -> view::App {
    let (metadata, language) = (&client.metadata, &locale.to_string());
    let link = |uri: &Option<Localized<Url>>| web_link(uri.as_ref()?.in_language(language));
    let name = metadata.client_name.as_ref().map(|name| name.in_language(language).as_str());
    let uri = metadata.client_uri.as_ref().map(|uri| uri.in_language(language));
    view::App {
        policy_uri: link(&metadata.policy_uri),
        tos_uri: link(&metadata.tos_uri),
        ..view::App::new(name, &client.id.to_string(), uri)
    }
}

/// The way to the app's own page.
pub fn home_of(client: &Client, locale: &Locale) -> Option<AppLink> {
    let uri = client.metadata.client_uri.as_ref()?.in_language(&locale.to_string());
    AppLink::new(&app_of(client, locale), uri)
}
