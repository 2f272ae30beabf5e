//! What has an id or an instant of creation.

use async_graphql::{Context, ID, Interface, Object, Result};
use domain::{account, users};
use kernel::id::*;

use crate::{
    app_session::{AppSession, CompatSession, CompatSsoLogin, Oauth2Session},
    asking::Asking,
    browser_session::{Authentication, BrowserSession},
    client::Oauth2Client,
    email::{UserEmail, UserEmailAuthentication},
    node_id,
    personal_session::PersonalSession,
    recovery::UserRecoveryTicket,
    scalars::DateTime,
    security_event::SecurityEvent,
    site_config::SiteConfig,
    upstream::{UpstreamOAuth2Link, UpstreamOAuth2Provider},
    user::User,
};

/// Nobody in particular.
pub struct Anonymous;

#[Object]
impl Anonymous {
    pub async fn id(&self) -> ID {
        ID(node_id::ANONYMOUS.to_owned())
    }
}

/// What has an id that can be asked for with `node`.
// One per answer: boxes would save nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Kind and ULID: `user:01H…`."))]
pub enum Node {
    Anonymous(Anonymous),
    Authentication(Authentication),
    BrowserSession(BrowserSession),
    CompatSession(CompatSession),
    CompatSsoLogin(CompatSsoLogin),
    Oauth2Client(Oauth2Client),
    Oauth2Session(Oauth2Session),
    PersonalSession(PersonalSession),
    SecurityEvent(SecurityEvent),
    SiteConfig(SiteConfig),
    UpstreamOAuth2Link(UpstreamOAuth2Link),
    UpstreamOAuth2Provider(UpstreamOAuth2Provider),
    User(User),
    UserEmail(UserEmail),
    UserEmailAuthentication(UserEmailAuthentication),
    UserRecoveryTicket(UserRecoveryTicket),
}

/// What has come into being at some instant.
#[allow(clippy::large_enum_variant)]
#[derive(Interface)]
#[graphql(field(name = "created_at", ty = "DateTime"))]
pub enum CreationEvent {
    Authentication(Authentication),
    BrowserSession(BrowserSession),
    CompatSession(CompatSession),
    Oauth2Session(Oauth2Session),
    PersonalSession(PersonalSession),
    SecurityEvent(SecurityEvent),
    UpstreamOAuth2Link(UpstreamOAuth2Link),
    UpstreamOAuth2Provider(UpstreamOAuth2Provider),
    UserEmail(UserEmail),
    UserEmailAuthentication(UserEmailAuthentication),
    UserRecoveryTicket(UserRecoveryTicket),
}

/// The node of any kind, if the requester may see it.
pub async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<Node>> {
    match id {
        node_id::ANONYMOUS => return Ok(Some(Node::Anonymous(Anonymous))),
        node_id::SITE_CONFIG => return Ok(Some(Node::SiteConfig(SiteConfig))),
        _ => {}
    }
    let prefix = id.split(':').next().unwrap_or_default();
    if node_id::NOWHERE.contains(&prefix) {
        let _: UserId = node_id::parse(prefix, id)?;
        return Ok(None);
    }
    Ok(match prefix {
        node_id::USER => user(ctx, id).await?.map(Node::User),
        node_id::USER_EMAIL => user_email(ctx, id).await?.map(Node::UserEmail),
        node_id::USER_EMAIL_AUTHENTICATION => {
            email_authentication(ctx, id).await?.map(Node::UserEmailAuthentication)
        }
        node_id::BROWSER_SESSION => browser_session(ctx, id).await?.map(Node::BrowserSession),
        node_id::OAUTH2_CLIENT => client(ctx, id).await?.map(Node::Oauth2Client),
        node_id::OAUTH2_SESSION => oauth2_session(ctx, id).await?.map(Node::Oauth2Session),
        node_id::COMPAT_SESSION => compat_session(ctx, id).await?.map(Node::CompatSession),
        node_id::PERSONAL_SESSION => personal_session(ctx, id).await?.map(Node::PersonalSession),
        node_id::UPSTREAM_PROVIDER => provider(ctx, id).await?.map(Node::UpstreamOAuth2Provider),
        node_id::UPSTREAM_LINK => link(ctx, id).await?.map(Node::UpstreamOAuth2Link),
        _ => return Err(node_id::invalid().into()),
    })
}

pub async fn user(ctx: &Context<'_>, id: &str) -> Result<Option<User>> {
    let id: UserId = node_id::parse(node_id::USER, id)?;
    if Asking::of(ctx).may(id) { User::get(ctx, id).await } else { Ok(None) }
}

pub async fn user_email(ctx: &Context<'_>, id: &str) -> Result<Option<UserEmail>> {
    let (asking, id) = (Asking::of(ctx), node_id::parse(node_id::USER_EMAIL, id)?);
    if asking.is_anonymous() {
        return Ok(None);
    }
    let found = account::emails::get(&asking.app.db, id).await?;
    Ok(found.filter(|email| asking.may(email.user_id)).map(UserEmail))
}

/// For the browser session that has begun it, and for nobody else, administrators included.
pub async fn email_authentication(ctx: &Context<'_>, id: &str) -> Result<Option<UserEmailAuthentication>> {
    let asking = Asking::of(ctx);
    let id = node_id::parse(node_id::USER_EMAIL_AUTHENTICATION, id)?;
    let Some(browser) = asking.browser() else { return Ok(None) };
    let found = users::email_authentications::get(&asking.app.db, id).await?;
    Ok(found.filter(|one| one.browser_session == Some(browser.id)).map(UserEmailAuthentication))
}

pub async fn browser_session(ctx: &Context<'_>, id: &str) -> Result<Option<BrowserSession>> {
    let asking = Asking::of(ctx);
    let id = node_id::parse(node_id::BROWSER_SESSION, id)?;
    if asking.is_anonymous() {
        return Ok(None);
    }
    let found = account::browser_sessions::get(&asking.app.db, id).await?;
    Ok(found.filter(|session| asking.may(session.user_id)).map(BrowserSession))
}

pub async fn client(ctx: &Context<'_>, id: &str) -> Result<Option<Oauth2Client>> {
    let id: ClientId = node_id::parse(node_id::OAUTH2_CLIENT, id)?;
    Ok(Asking::of(ctx).loads.load_one(id).await?.map(Oauth2Client))
}

/// A client sees its own session, too.
pub async fn oauth2_session(ctx: &Context<'_>, id: &str) -> Result<Option<Oauth2Session>> {
    let found = session(ctx, node_id::parse(node_id::OAUTH2_SESSION, id)?).await?;
    Ok(found.and_then(|session| match session {
        AppSession::Oauth2Session(session) => Some(session),
        AppSession::CompatSession(_) => None,
    }))
}

pub async fn compat_session(ctx: &Context<'_>, id: &str) -> Result<Option<CompatSession>> {
    let found = session(ctx, node_id::parse(node_id::COMPAT_SESSION, id)?).await?;
    Ok(found.and_then(|session| match session {
        AppSession::CompatSession(session) => Some(session),
        AppSession::Oauth2Session(_) => None,
    }))
}

async fn session(ctx: &Context<'_>, id: SessionId) -> Result<Option<AppSession>> {
    let asking = Asking::of(ctx);
    if asking.is_anonymous() {
        return Ok(None);
    }
    let found = account::sessions::get(&asking.app.db, id).await?;
    let seen = found.filter(|session| match session.user_id {
        Some(user) => asking.may(user),
        None => asking.is_admin(),
    });
    Ok(seen.and_then(AppSession::of))
}

async fn personal_session(ctx: &Context<'_>, id: &str) -> Result<Option<PersonalSession>> {
    let (asking, id) = (Asking::of(ctx), node_id::parse(node_id::PERSONAL_SESSION, id)?);
    let Some(user) = asking.user() else { return Ok(None) };
    let found = account::personal::get(&asking.app.db, user, id).await?;
    Ok(found.map(|session| PersonalSession::new(session, asking.op.now)))
}

pub async fn provider(ctx: &Context<'_>, id: &str) -> Result<Option<UpstreamOAuth2Provider>> {
    let id = node_id::parse(node_id::UPSTREAM_PROVIDER, id)?;
    Ok(account::upstream::provider(&Asking::of(ctx).app.db, id).await?.map(UpstreamOAuth2Provider))
}

pub async fn link(ctx: &Context<'_>, id: &str) -> Result<Option<UpstreamOAuth2Link>> {
    let (asking, id) = (Asking::of(ctx), node_id::parse(node_id::UPSTREAM_LINK, id)?);
    if asking.is_anonymous() {
        return Ok(None);
    }
    let found = account::upstream::link(&asking.app.db, id).await?;
    let seen = found.filter(|link| link.user.map_or_else(|| asking.is_admin(), |user| asking.may(user)));
    Ok(seen.map(UpstreamOAuth2Link))
}
