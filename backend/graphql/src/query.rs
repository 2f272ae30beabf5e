//! What can be asked.

use async_graphql::{Context, ID, Object, Result, Union};
use domain::{account, users};
use kernel::id::*;

use crate::{
    app_session::{AppSession, CompatSession, DeviceSession, Oauth2Session},
    asking::{Asking, Requester},
    browser_session::BrowserSession,
    client::Oauth2Client,
    email::{UserEmail, UserEmailAuthentication},
    node::{self, Anonymous, Node},
    node_id,
    paging::{self, Asked, Connection, Total},
    recovery::UserRecoveryTicket,
    site_config::SiteConfig,
    upstream::{self, UpstreamOAuth2Link, UpstreamOAuth2Provider},
    user::{User, UserState},
};

/// As cursors name it.
const USER: &str = "User";

/// Who is looking: somebody, or nobody in particular.
#[derive(Union)]
pub enum Viewer {
    User(User),
    Anonymous(Anonymous),
}

/// What the request proves itself by.
// One per answer: boxes would save nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Union)]
pub enum ViewerSession {
    BrowserSession(BrowserSession),
    Oauth2Session(Oauth2Session),
    Anonymous(Anonymous),
}

async fn viewing(ctx: &Context<'_>) -> Result<Option<User>> {
    match Asking::of(ctx).user() {
        Some(user) => User::get(ctx, user).await,
        None => Ok(None),
    }
}

async fn viewing_browser(ctx: &Context<'_>) -> Result<Option<BrowserSession>> {
    let asking = Asking::of(ctx);
    let Some(current) = asking.browser() else { return Ok(None) };
    Ok(asking.loads.load_one(current.id).await?.map(BrowserSession))
}

pub struct Query;

#[Object]
impl Query {
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(viewing(ctx).await?.map_or(Viewer::Anonymous(Anonymous), Viewer::User))
    }

    async fn viewer_session(&self, ctx: &Context<'_>) -> Result<ViewerSession> {
        let asking = Asking::of(ctx);
        Ok(match &asking.requester {
            Requester::Anonymous => ViewerSession::Anonymous(Anonymous),
            Requester::Browser(_) => match viewing_browser(ctx).await? {
                Some(session) => ViewerSession::BrowserSession(session),
                None => ViewerSession::Anonymous(Anonymous),
            },
            Requester::App(bearer) => {
                match account::sessions::get(&asking.app.db, bearer.session).await?.and_then(AppSession::of) {
                    Some(AppSession::Oauth2Session(session)) => ViewerSession::Oauth2Session(session),
                    _ => ViewerSession::Anonymous(Anonymous),
                }
            }
        })
    }

    #[graphql(deprecation = "Use viewer.")]
    async fn current_user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        viewing(ctx).await
    }

    #[graphql(deprecation = "Use viewerSession.")]
    async fn current_browser_session(&self, ctx: &Context<'_>) -> Result<Option<BrowserSession>> {
        viewing_browser(ctx).await
    }

    async fn site_config(&self) -> SiteConfig {
        SiteConfig
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Node>> {
        node::find(ctx, &id).await
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn user(&self, ctx: &Context<'_>, id: ID) -> Result<Option<User>> {
        node::user(ctx, &id).await
    }

    /// In any case; the exact one where several differ only in that.
    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn user_by_username(&self, ctx: &Context<'_>, username: String) -> Result<Option<User>> {
        let asking = Asking::of(ctx);
        if asking.is_anonymous() {
            return Ok(None);
        }
        let found = users::by_username(&asking.app.db.read, &username).await?;
        Ok(found.filter(|user| asking.may(user.id)).map(Into::into))
    }

    /// For administrators.
    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        state: Option<UserState>,
        can_request_admin: Option<bool>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<User>> {
        let asking = Asking::of(ctx);
        asking.must_be_admin()?;
        let window = Asked { after, before, first, last }.window(&[USER])?;
        let filter = account::users::Filter {
            active: state.map(|state| state == UserState::Active),
            can_request_admin,
        };
        let page = paging::fetch(window, account::users::list(&asking.app.db, filter, window)).await?;
        let total = Total::by(move |app| async move { account::users::count(&app.db, filter).await });
        Ok(paging::answer((window.from, page), total, |user| (paging::cursor(USER, user.id), user.into())))
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn user_email(&self, ctx: &Context<'_>, id: ID) -> Result<Option<UserEmail>> {
        node::user_email(ctx, &id).await
    }

    /// Only for the browser session that started it.
    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn user_email_authentication(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<Option<UserEmailAuthentication>> {
        node::email_authentication(ctx, &id).await
    }

    /// By the secret in the link.
    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn user_recovery_ticket(
        &self,
        ctx: &Context<'_>,
        ticket: String,
    ) -> Result<Option<UserRecoveryTicket>> {
        let found = users::recovery_tickets::find(&Asking::of(ctx).app.db, &ticket).await?;
        Ok(found.map(UserRecoveryTicket))
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn browser_session(&self, ctx: &Context<'_>, id: ID) -> Result<Option<BrowserSession>> {
        node::browser_session(ctx, &id).await
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn compat_session(&self, ctx: &Context<'_>, id: ID) -> Result<Option<CompatSession>> {
        node::compat_session(ctx, &id).await
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn oauth2_session(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Oauth2Session>> {
        node::oauth2_session(ctx, &id).await
    }

    /// By its id here, not by its OAuth `client_id`.
    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn oauth2_client(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Oauth2Client>> {
        node::client(ctx, &id).await
    }

    /// The newest active session with this Matrix device: of a legacy app if there is one, else of an app.
    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn session(
        &self,
        ctx: &Context<'_>,
        user_id: ID,
        device_id: String,
    ) -> Result<Option<DeviceSession>> {
        let asking = Asking::of(ctx);
        let user: UserId = node_id::parse(node_id::USER, &user_id)?;
        if !asking.may(user) {
            return Ok(None);
        }
        let found = account::sessions::of_device(&asking.app.db, user, &device_id).await?;
        Ok(found.and_then(AppSession::of).map(Into::into))
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn upstream_oauth2_provider(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<Option<UpstreamOAuth2Provider>> {
        node::provider(ctx, &id).await
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn upstream_oauth2_providers(
        &self,
        ctx: &Context<'_>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<UpstreamOAuth2Provider>> {
        let window = Asked { after, before, first, last }.window(&[upstream::PROVIDER])?;
        let db = &Asking::of(ctx).app.db;
        let page = paging::fetch(window, account::upstream::providers(db, window)).await?;
        let total = Total::by(|app| async move { account::upstream::count_providers(&app.db).await });
        Ok(paging::answer((window.from, page), total, UpstreamOAuth2Provider::edge))
    }

    #[graphql(complexity = "paging::LOOKUP + child_complexity")]
    async fn upstream_oauth2_link(&self, ctx: &Context<'_>, id: ID) -> Result<Option<UpstreamOAuth2Link>> {
        node::link(ctx, &id).await
    }
}
