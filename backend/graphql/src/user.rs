//! Accounts.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use domain::{
    account::{self, sessions::Filter, sign_ins},
    sessions::SessionKind,
    users::browser,
};
use kernel::{Timestamp, id::*};
use store::tables::users;

use crate::{
    app_session::{
        self, AppSession, CompatSession, CompatSessionType, CompatSsoLogin, Oauth2Session, SSO_LOGIN,
    },
    asking::Asking,
    browser_session::{self, BrowserSession},
    email::{self, UserEmail},
    fault::{ErrorCode, Fault},
    loads::{OthersOf, PasswordOf, ProfileOf},
    node_id,
    paging::{self, Asked, Connection, Total},
    personal_session::{self, PersonalSession},
    scalars::DateTime,
    security_event::{self, SecurityEvent, SecurityEventKind},
    shared::{DateFilter, SessionState, SignInCounts},
    sign_in::{self, SignIn, SignInKind},
    upstream::{self, UpstreamOAuth2Link},
};

/// What asking the homeserver costs.
const HOMESERVER: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserState {
    Active,
    Locked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserEmailState {
    Pending,
    Confirmed,
}

#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
    pub username: String,
    created_at: Timestamp,
    locked_at: Option<Timestamp>,
    deactivated_at: Option<Timestamp>,
    can_request_admin: bool,
    /// As last seen at the homeserver.
    display_name: Option<String>,
}

impl From<users::Model> for User {
    fn from(user: users::Model) -> Self {
        Self {
            id: user.id,
            username: user.username,
            created_at: user.created_at,
            locked_at: user.locked_at,
            deactivated_at: user.deactivated_at,
            can_request_admin: user.can_request_admin,
            display_name: user.display_name,
        }
    }
}

/// Who is signed in is neither locked nor deactivated.
impl From<&browser::BrowserSession> for User {
    fn from(session: &browser::BrowserSession) -> Self {
        Self {
            id: session.user,
            username: session.username.clone(),
            created_at: session.user_created_at,
            locked_at: None,
            deactivated_at: None,
            can_request_admin: session.can_request_admin,
            display_name: session.display_name.clone(),
        }
    }
}

impl User {
    pub async fn get(ctx: &Context<'_>, id: UserId) -> Result<Option<Self>> {
        let asking = Asking::of(ctx);
        if let Some(session) = asking.browser().filter(|session| session.user == id) {
            return Ok(Some(session.into()));
        }
        Ok(asking.loads.load_one(id).await?.map(Into::into))
    }

    /// An account that there is.
    pub async fn load(ctx: &Context<'_>, id: UserId) -> Result<Self> {
        let user = Self::get(ctx, id).await?;
        Ok(user.ok_or_else(|| kernel::Error::internal("a session's user is gone"))?)
    }
}

/// The account as the homeserver knows it: each request asks it.
#[derive(SimpleObject)]
pub struct MatrixUser {
    mxid: String,
    display_name: Option<String>,
    avatar_url: Option<String>,
    deactivated: bool,
}

#[Object]
impl User {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::USER, self.id)
    }

    /// The localpart of the Matrix id.
    async fn username(&self) -> &String {
        &self.username
    }

    async fn created_at(&self) -> DateTime {
        DateTime(self.created_at)
    }

    async fn locked_at(&self) -> Option<DateTime> {
        self.locked_at.map(DateTime)
    }

    async fn can_request_admin(&self) -> bool {
        self.can_request_admin
    }

    /// Asks the homeserver. Ask for it in a request of its own, so that its failure spoils nothing else.
    #[graphql(complexity = "HOMESERVER + child_complexity")]
    async fn matrix(&self, ctx: &Context<'_>) -> Result<MatrixUser> {
        let Asking { app, loads, .. } = Asking::of(ctx);
        let Self { id, username, display_name, .. } = self.clone();
        let profile = loads.load_one(ProfileOf { user: id, username, display_name }).await;
        let profile = profile.map_err(|error| Fault::homeserver(&error))?;
        let (display_name, avatar_url) =
            profile.map_or((None, None), |profile| (profile.display_name, profile.avatar_url));
        let mxid = format!("@{}:{}", self.username, app.site.server_name);
        Ok(MatrixUser { mxid, display_name, avatar_url, deactivated: self.deactivated_at.is_some() })
    }

    async fn has_password(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(Asking::of(ctx).loads.load_one(PasswordOf(self.id)).await?.unwrap_or_default())
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn emails(
        &self,
        ctx: &Context<'_>,
        #[graphql(deprecation = "All addresses are confirmed.")] state: Option<UserEmailState>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<UserEmail>> {
        let _ = state;
        let window = Asked { after, before, first, last }.window(&[email::CURSOR])?;
        let (db, user) = (&Asking::of(ctx).app.db, self.id);
        let page = paging::fetch(window, account::emails::list(db, user, window)).await?;
        let total = Total::by(move |app| async move { account::emails::count(&app.db, user).await });
        Ok(paging::answer((window.from, page), total, UserEmail::edge))
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn browser_sessions(
        &self,
        ctx: &Context<'_>,
        state: Option<SessionState>,
        last_active: Option<DateFilter>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<BrowserSession>> {
        let window = Asked { after, before, first, last }.window(&[browser_session::CURSOR])?;
        let (state, last_active) = (state.map(Into::into), DateFilter::bounds(last_active));
        let filter = account::browser_sessions::Filter { user: self.id, state, last_active };
        let db = &Asking::of(ctx).app.db;
        let page = paging::fetch(window, account::browser_sessions::list(db, filter, window)).await?;
        let total =
            Total::by(move |app| async move { account::browser_sessions::count(&app.db, filter).await });
        Ok(paging::answer((window.from, page), total, BrowserSession::edge))
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn compat_sessions(
        &self,
        ctx: &Context<'_>,
        state: Option<SessionState>,
        #[graphql(name = "type")] kind: Option<CompatSessionType>,
        last_active: Option<DateFilter>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<CompatSession>> {
        let filter = Filter {
            kind: Some(SessionKind::Compat),
            state: state.map(Into::into),
            through_browser: kind.map(|kind| kind == CompatSessionType::SsoLogin),
            last_active: DateFilter::bounds(last_active),
            ..Filter::of(self.id)
        };
        let asked = Asked { after, before, first, last };
        app_session::list_of(ctx, filter, &asked, CompatSession::edge).await
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn oauth2_sessions(
        &self,
        ctx: &Context<'_>,
        state: Option<SessionState>,
        client: Option<ID>,
        last_active: Option<DateFilter>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<Oauth2Session>> {
        let client = match client {
            None => None,
            Some(id) => {
                let id: ClientId = node_id::parse(node_id::OAUTH2_CLIENT, &id)?;
                if Asking::of(ctx).loads.load_one(id).await?.is_none() {
                    return Err(Fault::new(ErrorCode::BadInput, "Unknown client ID").into());
                }
                Some(id)
            }
        };
        let filter = Filter {
            kind: Some(SessionKind::Oauth),
            state: state.map(Into::into),
            client,
            last_active: DateFilter::bounds(last_active),
            ..Filter::of(self.id)
        };
        let asked = Asked { after, before, first, last };
        app_session::list_of(ctx, filter, &asked, Oauth2Session::edge).await
    }

    /// Apps of both APIs, oldest first. Personal access tokens are not among them.
    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn app_sessions(
        &self,
        ctx: &Context<'_>,
        state: Option<SessionState>,
        device: Option<String>,
        last_active: Option<DateFilter>,
        browser_session: Option<ID>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<AppSession>> {
        let browser_session =
            browser_session.map(|id| node_id::parse(node_id::BROWSER_SESSION, &id)).transpose()?;
        let filter = Filter {
            state: state.map(Into::into),
            device,
            browser_session,
            last_active: DateFilter::bounds(last_active),
            ..Filter::of(self.id)
        };
        app_session::list(ctx, filter, &Asked { after, before, first, last }).await
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn compat_sso_logins(
        &self,
        ctx: &Context<'_>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<CompatSsoLogin>> {
        let window = Asked { after, before, first, last }.window(&[SSO_LOGIN])?;
        let (db, user) = (&Asking::of(ctx).app.db, self.id);
        let page = paging::fetch(window, account::sessions::sso_logins(db, user, window)).await?;
        let total =
            Total::by(move |app| async move { account::sessions::count_sso_logins(&app.db, user).await });
        Ok(paging::answer((window.from, page), total, CompatSsoLogin::edge))
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn upstream_oauth2_links(
        &self,
        ctx: &Context<'_>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<UpstreamOAuth2Link>> {
        let window = Asked { after, before, first, last }.window(&[upstream::LINK])?;
        let (db, user) = (&Asking::of(ctx).app.db, self.id);
        let page = paging::fetch(window, account::upstream::links(db, user, window)).await?;
        let total = Total::by(move |app| async move { account::upstream::count_links(&app.db, user).await });
        Ok(paging::answer((window.from, page), total, UpstreamOAuth2Link::edge))
    }

    /// Everything that is signed in, the newest device first and its sign-ins side by side, a browser before its apps, the newest app first.
    /// `search` holds words that must all be found, anywhere and in any case, in the app's name or address, the device's name or id, the user agent, or the IP
    /// address. Latchkey.
    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn sign_ins(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        state: Option<SessionState>,
        kinds: Option<Vec<SignInKind>>,
        last_active: Option<DateFilter>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<SignIn>> {
        let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
        let filter = sign_ins::Filter {
            user: self.id,
            kinds: kinds.unwrap_or_else(|| sign_ins::Kind::ALL.to_vec()),
            state: state.map(Into::into),
            last_active: DateFilter::bounds(last_active),
            search,
        };
        sign_in::list(ctx, filter, &Asked { after, before, first, last }).await
    }

    /// What `endOtherSessions` would end. Latchkey.
    #[graphql(complexity = "paging::cost(None, None, child_complexity)")]
    async fn other_sign_ins(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = true)] keep_apps_of_this_browser: bool,
    ) -> Result<SignInCounts> {
        let others = Asking::of(ctx).loads.load_one(OthersOf(self.id)).await?.unwrap_or_default();
        let kept = if keep_apps_of_this_browser { others.apps_of_this_browser } else { 0 };
        Ok(SignInCounts::new(others.browsers, others.apps.saturating_sub(kept)))
    }

    /// The newest first, revoked and expired ones included unless `state` or `revoked` says otherwise. Latchkey.
    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn personal_sessions(
        &self,
        ctx: &Context<'_>,
        state: Option<SessionState>,
        revoked: Option<bool>,
        device: Option<String>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<PersonalSession>> {
        let window = Asked { after, before, first, last }.newest_first(&[personal_session::CURSOR])?;
        let asking = Asking::of(ctx);
        let now = asking.op.now;
        let state = state.map(|state| (state.into(), now));
        let filter = account::personal::Filter { user: self.id, state, revoked, device };
        let page = paging::fetch(window, account::personal::list(&asking.app.db, &filter, window)).await?;
        let total = Total::by(move |app| {
            let filter = filter.clone();
            async move { account::personal::count(&app.db, &filter).await }
        });
        Ok(paging::answer_newest_first((window.from, page), total, |session| {
            PersonalSession::edge(session, now)
        }))
    }

    /// The newest first. Latchkey.
    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn security_events(
        &self,
        ctx: &Context<'_>,
        kinds: Option<Vec<SecurityEventKind>>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<SecurityEvent>> {
        let asked = Asked { after, before, first, last };
        security_event::list(ctx, self.id, kinds, &asked).await
    }

    /// The origins (`https://app.example.com`) of web apps that are signed in to this account, in order: nobody else needs to hear that something
    /// was done here. Latchkey.
    #[graphql(complexity = "paging::cost(None, None, child_complexity)")]
    async fn web_app_origins(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        Ok(account::sessions::web_origins(&Asking::of(ctx).app.db, self.id).await?)
    }
}
