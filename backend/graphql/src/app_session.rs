//! Apps that are signed in, by OAuth 2.0 or the legacy API.

use async_graphql::{Context, Enum, ID, Object, Result, Union};
use domain::{
    account::{
        sessions::{self, Filter, Session, SsoLogin},
        sign_ins::device_of,
    },
    sessions::SessionKind,
};
use kernel::id::Id;

use crate::{
    asking::Asking,
    browser_session::BrowserSession,
    client::Oauth2Client,
    loads::SessionOf,
    node_id,
    paging::{self, Asked, Connection, Total},
    scalars::{DateTime, Url},
    shared::{SessionState, UserAgent},
    user::User,
};

/// As cursors name them.
pub const COMPAT: &str = "CompatSession";
pub const OAUTH2: &str = "OAuth2Session";
pub const SSO_LOGIN: &str = "CompatSsoLogin";

/// An app that is signed in.
#[derive(Clone, Debug, Union)]
pub enum AppSession {
    CompatSession(CompatSession),
    Oauth2Session(Oauth2Session),
}

impl AppSession {
    /// `None` for personal ones, which are shown elsewhere.
    pub fn of(session: Session) -> Option<Self> {
        match SessionKind::from_name(&session.kind)? {
            SessionKind::Compat => Some(Self::CompatSession(CompatSession(session))),
            SessionKind::Oauth => Some(Self::Oauth2Session(Oauth2Session(session))),
            SessionKind::Personal => None,
        }
    }
}

/// The session behind a Matrix device.
#[derive(Clone, Debug, Union)]
#[graphql(name = "Session")]
pub enum DeviceSession {
    CompatSession(CompatSession),
    Oauth2Session(Oauth2Session),
}

impl From<AppSession> for DeviceSession {
    fn from(session: AppSession) -> Self {
        match session {
            AppSession::CompatSession(session) => Self::CompatSession(session),
            AppSession::Oauth2Session(session) => Self::Oauth2Session(session),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompatSessionType {
    SsoLogin,
    Unknown,
}

/// A page of sessions of both kinds.
pub async fn list(ctx: &Context<'_>, filter: Filter, asked: &Asked) -> Result<Connection<AppSession>> {
    let window = asked.window(&[COMPAT, OAUTH2])?;
    let db = &Asking::of(ctx).app.db;
    let page = paging::fetch(window, sessions::list(db, &filter, window)).await?;
    let page = page.try_map(|session| {
        let cursor = match session.kind.as_str() {
            "compat" => paging::cursor(COMPAT, session.id),
            _ => paging::cursor(OAUTH2, session.id),
        };
        let session = AppSession::of(session);
        session.map(|session| (cursor, session)).ok_or_else(|| kernel::Error::internal("a personal session"))
    })?;
    Ok(paging::answer((window.from, page), total(filter), |edge| edge))
}

/// A page of sessions of one kind.
pub async fn list_of<N: async_graphql::OutputType>(
    ctx: &Context<'_>,
    filter: Filter,
    asked: &Asked,
    node: impl Fn(Session) -> (String, N),
) -> Result<Connection<N>> {
    let window = asked.window(&[COMPAT, OAUTH2])?;
    let db = &Asking::of(ctx).app.db;
    let page = paging::fetch(window, sessions::list(db, &filter, window)).await?;
    Ok(paging::answer((window.from, page), total(filter), node))
}

fn total(filter: Filter) -> Total {
    Total::by(move |app| {
        let filter = filter.clone();
        async move { sessions::count(&app.db, &filter).await }
    })
}

async fn browser_of(ctx: &Context<'_>, session: &Session) -> Result<Option<BrowserSession>> {
    let Some(id) = session.browser_session_id else { return Ok(None) };
    Ok(Asking::of(ctx).loads.load_one(id).await?.map(BrowserSession))
}

fn device_key(session: &Session) -> String {
    kernel::id::BrowserSessionId(device_of(session)).ulid().to_string()
}

#[derive(Clone, Debug)]
pub struct CompatSession(pub Session);

impl CompatSession {
    pub fn edge(session: Session) -> (String, Self) {
        (paging::cursor(COMPAT, session.id), Self(session))
    }
}

#[Object]
impl CompatSession {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::COMPAT_SESSION, self.0.id)
    }

    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        let user = self.0.user_id.ok_or_else(|| kernel::Error::internal("a legacy session of nobody"))?;
        User::load(ctx, user).await
    }

    async fn device_id(&self) -> Option<&String> {
        self.0.device_id.as_ref()
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    pub async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    pub async fn user_agent(&self) -> Option<UserAgent> {
        UserAgent::of(self.0.user_agent.as_ref())
    }

    async fn sso_login(&self, ctx: &Context<'_>) -> Result<Option<CompatSsoLogin>> {
        Ok(Asking::of(ctx).loads.load_one(self.0.id).await?.map(CompatSsoLogin))
    }

    async fn browser_session(&self, ctx: &Context<'_>) -> Result<Option<BrowserSession>> {
        browser_of(ctx, &self.0).await
    }

    pub async fn state(&self) -> SessionState {
        SessionState::of(self.0.finished_at.is_some())
    }

    pub async fn last_active_ip(&self) -> Option<&String> {
        self.0.last_active_ip.as_ref()
    }

    pub async fn last_active_at(&self) -> Option<DateTime> {
        self.0.last_active_at.map(DateTime)
    }

    async fn human_name(&self) -> Option<&String> {
        self.0.human_name.as_ref()
    }

    pub async fn device_key(&self) -> String {
        device_key(&self.0)
    }
}

#[derive(Clone, Debug)]
pub struct CompatSsoLogin(pub SsoLogin);

impl CompatSsoLogin {
    pub fn edge(login: SsoLogin) -> (String, Self) {
        (paging::cursor(SSO_LOGIN, login.id), Self(login))
    }
}

#[Object]
impl CompatSsoLogin {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::COMPAT_SSO_LOGIN, self.0.id)
    }

    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    async fn redirect_uri(&self) -> Result<Url> {
        Ok(Url(self.0.redirect_uri.parse().map_err(kernel::Error::internal)?))
    }

    async fn fulfilled_at(&self) -> Option<DateTime> {
        self.0.fulfilled_at.map(DateTime)
    }

    async fn exchanged_at(&self) -> Option<DateTime> {
        self.0.exchanged_at.map(DateTime)
    }

    async fn session(&self, ctx: &Context<'_>) -> Result<Option<CompatSession>> {
        let Some(id) = self.0.session else { return Ok(None) };
        Ok(Asking::of(ctx).loads.load_one(SessionOf(id)).await?.map(CompatSession))
    }
}

#[derive(Clone, Debug)]
pub struct Oauth2Session(pub Session);

impl Oauth2Session {
    pub fn edge(session: Session) -> (String, Self) {
        (paging::cursor(OAUTH2, session.id), Self(session))
    }
}

#[Object]
impl Oauth2Session {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::OAUTH2_SESSION, self.0.id)
    }

    async fn client(&self, ctx: &Context<'_>) -> Result<Oauth2Client> {
        let id =
            self.0.client_id.ok_or_else(|| kernel::Error::internal("an OAuth session without a client"))?;
        let client = Asking::of(ctx).loads.load_one(id).await?;
        Ok(Oauth2Client(client.ok_or_else(|| kernel::Error::internal("a session's client is gone"))?))
    }

    /// Parted by spaces.
    async fn scope(&self) -> &String {
        &self.0.scope
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    pub async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    pub async fn user_agent(&self) -> Option<UserAgent> {
        UserAgent::of(self.0.user_agent.as_ref())
    }

    pub async fn state(&self) -> SessionState {
        SessionState::of(self.0.finished_at.is_some())
    }

    async fn browser_session(&self, ctx: &Context<'_>) -> Result<Option<BrowserSession>> {
        browser_of(ctx, &self.0).await
    }

    /// Whose it is; none for an app that acts for itself.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(user) = self.0.user_id else { return Ok(None) };
        Asking::of(ctx).must_own(user)?;
        User::load(ctx, user).await.map(Some)
    }

    pub async fn last_active_ip(&self) -> Option<&String> {
        self.0.last_active_ip.as_ref()
    }

    pub async fn last_active_at(&self) -> Option<DateTime> {
        self.0.last_active_at.map(DateTime)
    }

    async fn human_name(&self) -> Option<&String> {
        self.0.human_name.as_ref()
    }

    /// The Matrix device that the scope names. Latchkey.
    async fn device_id(&self) -> Option<&String> {
        self.0.device_id.as_ref()
    }

    pub async fn device_key(&self) -> String {
        device_key(&self.0)
    }
}
