//! Who asks, and what answering takes.

use std::sync::{Mutex, PoisonError};

use async_graphql::{Context, dataloader::DataLoader};
use domain::{
    sessions::{SessionKind, accept},
    users::browser::{BrowserSession, Visitor},
};
use edge::{App, session};
use http::{HeaderMap, HeaderValue, header};
use kernel::{Actor, Op, Result, Scope, Token, id::*, scope};

use crate::{fault::Fault, loads::Loads, mutations::administered::Change};

/// What a request proves itself by.
#[derive(Clone, Debug)]
pub enum Requester {
    Anonymous,
    Browser(Box<BrowserSession>),
    App(Bearer),
}

/// An OAuth 2.0 session.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub session: SessionId,
    pub token: TokenId,
    /// Who acts with it.
    pub actor: Actor,
    pub client: Option<ClientId>,
    /// None for a client that acts for itself.
    pub user: Option<(UserId, String)>,
    /// `urn:mas:admin`
    pub is_admin: bool,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Unknown, expired, revoked, or not welcome here at all.
    Invalid,
    /// `urn:mas:graphql:*` is missing.
    Scope,
}

/// A request, for as long as it is answered.
pub struct Asking {
    pub app: App,
    pub op: Op,
    pub requester: Requester,
    pub loads: DataLoader<Loads>,
    cookies: Mutex<Vec<HeaderValue>>,
}

impl Asking {
    pub fn new(app: App, mut op: Op, requester: Requester) -> Self {
        match &requester {
            Requester::Anonymous => {}
            Requester::Browser(session) => {
                (op.actor, op.browser) = (Actor::User(session.user), Some(session.id));
                app.activity.by_browser(&op, session.id);
            }
            Requester::App(bearer) => {
                op.actor = bearer.actor;
                app.activity.by_client(&op, bearer.session);
            }
        }
        let loads = Loads { app: app.clone(), browser: op.browser };
        let loads = DataLoader::new(loads, |work| tokio::spawn(store::usage::carried(work)));
        Self { app, op, requester, loads, cookies: Mutex::default() }
    }

    pub fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_unchecked::<std::sync::Arc<Self>>()
    }

    /// Whether nobody is known to be behind the request: to them nothing of anybody's is shown, so nothing is looked for.
    pub const fn is_anonymous(&self) -> bool {
        matches!(self.requester, Requester::Anonymous)
    }

    /// The person behind the request.
    pub fn user(&self) -> Option<UserId> {
        match &self.requester {
            Requester::Anonymous => None,
            Requester::Browser(session) => Some(session.user),
            Requester::App(bearer) => bearer.user.as_ref().map(|(user, _)| *user),
        }
    }

    pub fn browser(&self) -> Option<&BrowserSession> {
        match &self.requester {
            Requester::Browser(session) => Some(session),
            Requester::Anonymous | Requester::App(_) => None,
        }
    }

    /// Only with a token; browsers never are.
    pub fn is_admin(&self) -> bool {
        self.admin_session().is_some()
    }

    /// The session of the token, if [`Self::is_admin`].
    pub fn admin_session(&self) -> Option<SessionId> {
        match &self.requester {
            Requester::App(bearer) if bearer.is_admin => Some(bearer.session),
            _ => None,
        }
    }

    /// Whether what belongs to this account may be seen and changed.
    pub fn may(&self, owner: UserId) -> bool {
        self.is_admin() || self.user() == Some(owner)
    }

    /// The change that this mutation is, if an administrator makes it.
    pub fn administers(&self, operation: &'static str) -> Option<Change> {
        self.admin_session().map(|by| Change { operation, by })
    }

    pub fn unauthorized(&self) -> Fault {
        Fault::unauthorized(!self.is_anonymous())
    }

    /// Fails unless [`Self::may`].
    pub fn must_own(&self, owner: UserId) -> Result<(), Fault> {
        if self.may(owner) { Ok(()) } else { Err(self.unauthorized()) }
    }

    /// Fails if nobody is signed in: to them nothing is to be found, which is not the same as gone.
    pub fn must_be_somebody(&self) -> Result<(), Fault> {
        if self.is_anonymous() { Err(self.unauthorized()) } else { Ok(()) }
    }

    /// The session of the administrator's token.
    pub fn must_be_admin(&self) -> Result<SessionId, Fault> {
        self.admin_session().ok_or_else(|| self.unauthorized())
    }

    pub fn must_be_browser(&self) -> Result<&BrowserSession, Fault> {
        self.browser().ok_or_else(|| self.unauthorized())
    }

    /// Has the answer set a cookie.
    pub fn set_cookie(&self, cookie: HeaderValue) {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).push(cookie);
    }

    pub fn take_cookies(&self) -> Vec<HeaderValue> {
        std::mem::take(&mut *self.cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The token of an `Authorization` header, if there is one: it goes before any cookie. An empty one for other schemes.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    Some(token.map_or("", |(_, token)| token.trim()))
}

pub async fn by_cookie(app: &App, headers: &HeaderMap) -> Result<Requester> {
    Ok(match session::visitor(app, headers).await? {
        Visitor::SignedIn(session) => Requester::Browser(session),
        _ => Requester::Anonymous,
    })
}

pub async fn by_token(app: &App, op: &Op, token: &str) -> Result<Result<Requester, Refused>> {
    let Some(token) = Token::parse(token).filter(|token| !token.is_refresh()) else {
        return Ok(Err(Refused::Invalid));
    };
    let accepted = accept::accept(&app.db, op, &token, app.lifetimes.overlap).await?;
    let Some(accepted) = accepted.filter(|accepted| accepted.kind == SessionKind::Oauth) else {
        return Ok(Err(Refused::Invalid));
    };
    let granted: Scope = accepted.scope.parse().map_err(kernel::Error::internal)?;
    if !granted.contains(scope::GRAPHQL) {
        return Ok(Err(Refused::Scope));
    }
    Ok(Ok(Requester::App(Bearer {
        session: accepted.session,
        token: accepted.token,
        actor: accepted.actor(),
        client: accepted.client,
        user: accepted.user.map(|user| (user.id, user.username)),
        is_admin: granted.contains(scope::MAS_ADMIN),
    })))
}
