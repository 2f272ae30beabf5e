//! A browser's request for a page: all that rendering and guarding a page needs.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Response},
};
use domain::users::{
    browser::{BrowserSession, Visitor},
    display_name,
};
use edge::{
    App,
    csp::{self, Nonce},
    csrf, session,
};
use http::{Extensions, HeaderMap, StatusCode, header, request};
use kernel::{Actor, Error, Op, Result};

use super::{Failure, Pages, accept_language};
use crate::{
    assets::AppAssets,
    view::{Account, Continuation, Locale, Page, Shell, Stopped, StoppedReason},
};

/// For the homeserver to tell a display name, and for an app's site to give its logo: nobody waits long for them.
pub const PROFILE_WAIT: Duration = Duration::from_secs(1);

pub struct Visit {
    pub app: App,
    pub op: Op,
    pub headers: HeaderMap,
    pub locale: Locale,
    /// The person has chosen the language, here or for the account: no app's wish goes before that.
    language_is_chosen: bool,
    pages: Arc<Pages>,
    viewer: Option<Account>,
    /// Besides ourselves, where this page's form may end up.
    form_targets: Vec<String>,
}

/// Whether a page that needs somebody to be signed in may go on.
pub enum Gate {
    Open(Box<BrowserSession>),
    /// Nobody is signed in.
    Anonymous,
    /// The account or the session is of no use; this page says so.
    Stopped(Response),
}

impl Visit {
    /// `None` if the request did not come through the telemetry, which makes its operation.
    pub(super) fn of(
        app: &App,
        pages: &Arc<Pages>,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Option<Self> {
        let texts = pages.views.texts();
        let chosen = edge::language::read(app, headers).and_then(|tag| texts.first_of([tag.as_str()]));
        Some(Self {
            app: app.clone(),
            op: extensions.get::<Op>()?.clone(),
            headers: headers.clone(),
            language_is_chosen: chosen.is_some(),
            locale: chosen.unwrap_or_else(|| texts.pick(accept_language(headers))),
            pages: Arc::clone(pages),
            viewer: None,
            form_targets: Vec::new(),
        })
    }

    /// Who is behind the browser; a signed-in account is shown on the pages from then on.
    pub async fn visitor(&mut self) -> Result<Visitor> {
        let visitor = session::visitor(&self.app, &self.headers).await?;
        if let Visitor::SignedIn(session) = &visitor {
            self.op.actor = Actor::User(session.user);
            self.app.activity.by_browser(&self.op, session.id);
            self.viewer = Some(self.account(&session.username, None));
            let texts = self.pages.views.texts();
            if let Some(locale) = session.language.as_deref().and_then(|tag| texts.first_of([tag])) {
                (self.locale, self.language_is_chosen) = (locale, true);
            }
        }
        Ok(visitor)
    }

    /// Speaks the first of these languages that there are texts in, or else the browser's (`ui_locales`, OpenID
    /// Connect Core §3.1.2.1): a list of language tags with spaces between them. What the person has chosen goes first.
    pub fn speak(&mut self, ui_locales: &str) {
        if self.language_is_chosen {
            return;
        }
        let tags = ui_locales.split(' ').filter(|tag| !tag.is_empty());
        self.locale = self.pages.views.texts().first_of(tags).unwrap_or_else(|| self.locale.clone());
    }

    /// The person has just signed out: the page says so.
    pub fn forget_viewer(&mut self) {
        self.viewer = None;
    }

    /// Lets a signed-in person pass; `keep` is where a sign-out on the way comes back to.
    pub async fn gate(&mut self, keep: Continuation) -> Result<Gate, Failure> {
        let (reason, username) = match self.visitor().await? {
            Visitor::SignedIn(session) => return Ok(Gate::Open(session)),
            Visitor::Anonymous => return Ok(Gate::Anonymous),
            Visitor::Locked { username } => (StoppedReason::Locked, username),
            Visitor::Deactivated { username } => (StoppedReason::Deactivated, username),
            Visitor::Ended { username } => (StoppedReason::SessionEnded, username),
        };
        self.stopped(reason, &username, keep).map(Gate::Stopped)
    }

    pub fn stopped(
        &self,
        reason: StoppedReason,
        username: &str,
        keep: Continuation,
    ) -> Result<Response, Failure> {
        let mxid = self.account(username, None).mxid;
        self.show(StatusCode::OK, &Stopped { reason, mxid, keep })
    }

    pub fn account(&self, username: &str, display_name: Option<&str>) -> Account {
        Account::new(username, &self.app.site.server_name, display_name)
    }

    /// The account as others see it, if the homeserver says how.
    pub async fn account_with_name(&self, session: &BrowserSession) -> Account {
        let app = &self.app;
        let profile = display_name::ask(&app.db, &app.homeserver, session.known(), PROFILE_WAIT).await;
        let name = profile.ok().flatten().and_then(|profile| profile.display_name);
        self.account(&session.username, name.as_deref())
    }

    /// Lets the forms of the page end up at this origin, too.
    pub fn allow_form_target(&mut self, target: String) {
        self.form_targets.push(target);
    }

    /// What the account app loads, if it has been built.
    pub fn app_assets(&self) -> Option<&AppAssets> {
        self.pages.app.as_ref()
    }

    /// Whether a form came from a page of ours.
    pub fn is_genuine(&self, csrf: &str) -> bool {
        csrf::verify(&self.app, &self.op, &self.headers, csrf)
    }

    /// Renders a page, with a fresh token for its forms and the headers that protect it.
    pub fn show<P: Page>(&self, status: StatusCode, page: &P) -> Result<Response, Failure> {
        let nonce = Nonce::new(&self.op);
        let csrf = csrf::issue(&self.app, &self.op, &self.headers);
        let shell = Shell {
            site: &self.pages.site,
            locale: self.locale.clone(),
            theme: edge::theme::read(&self.headers),
            nonce: nonce.as_str(),
            csrf: &csrf.form_value,
            viewer: self.viewer.clone(),
        };
        let html = self.pages.views.render(&shell, page)?;
        let mut response = (status, html).into_response();
        csp::protect(response.headers_mut(), &nonce, &self.form_targets);
        response.headers_mut().append(header::SET_COOKIE, csrf.cookie);
        if let Some(session) = session::resealed(&self.app, &self.headers) {
            response.headers_mut().append(header::SET_COOKIE, session);
        }
        let requester = edge::telemetry::Requester(self.op.actor, None);
        response.extensions_mut().insert(requester);
        Ok(response)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit
where
    App: FromRef<S>,
{
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Self, Failure> {
        let Extension(pages) = Extension::<Arc<Pages>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Error::internal("the pages are missing from the router"))?;
        Self::of(&App::from_ref(state), &pages, &parts.headers, &parts.extensions)
            .ok_or_else(|| Error::internal("the request has no operation").into())
    }
}
