//! What is fetched together: everything of one kind that an answer names, in one statement.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use domain::{
    account::{
        browser_sessions::{self, BrowserSession},
        sessions::{self, Session, SsoLogin},
        sign_ins::{self, Others},
        upstream::{self, Provider},
    },
    homeserver::{MOMENT, Profile},
    oauth::clients::Client,
    users::{
        self,
        display_name::{self, Known},
    },
};
use edge::App;
use kernel::{Error, id::*};
use store::tables;

/// Shared by everything that waited for the same statement.
type Failure = Arc<Error>;

pub struct Loads {
    pub app: App,
    /// Which browser asks.
    pub browser: Option<BrowserSessionId>,
}

/// Whether somebody has a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PasswordOf(pub UserId);

/// What the homeserver knows of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProfileOf {
    pub user: UserId,
    pub username: String,
    /// As last seen there.
    pub display_name: Option<String>,
}

/// The session itself, and not how it came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionOf(pub SessionId);

/// What somebody is signed in to besides the browser that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OthersOf(pub UserId);

impl Loader<UserId> for Loads {
    type Value = tables::users::Model;
    type Error = Failure;
    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, Self::Value>, Failure> {
        users::by_ids(&self.app.db.read, ids).await.map_err(Arc::new)
    }
}

impl Loader<PasswordOf> for Loads {
    type Value = bool;
    type Error = Failure;
    async fn load(&self, users: &[PasswordOf]) -> Result<HashMap<PasswordOf, bool>, Failure> {
        let ids: Vec<_> = users.iter().map(|user| user.0).collect();
        let having = users::password::having(&self.app.db, &ids).await.map_err(Arc::new)?;
        Ok(users.iter().map(|user| (*user, having.contains(&user.0))).collect())
    }
}

impl Loader<OthersOf> for Loads {
    type Value = Others;
    type Error = Failure;
    async fn load(&self, users: &[OthersOf]) -> Result<HashMap<OthersOf, Others>, Failure> {
        let mut all = HashMap::new();
        // One person, save for administrators.
        for user in users {
            let others = sign_ins::others(&self.app.db, user.0, self.browser).await.map_err(Arc::new)?;
            all.insert(*user, others);
        }
        Ok(all)
    }
}

/// However often an answer names somebody, the homeserver is asked once; of several, one after the other.
impl Loader<ProfileOf> for Loads {
    type Value = Profile;
    type Error = Failure;
    async fn load(&self, users: &[ProfileOf]) -> Result<HashMap<ProfileOf, Profile>, Failure> {
        let mut all = HashMap::new();
        for user in users {
            let ProfileOf { user: id, username, display_name } = user;
            let known = Known { user: *id, username, display_name: display_name.as_deref() };
            let profile = display_name::ask(&self.app.db, &self.app.homeserver, known, MOMENT).await;
            all.extend(profile.map_err(Arc::new)?.map(|profile| (user.clone(), profile)));
        }
        Ok(all)
    }
}

impl Loader<SessionOf> for Loads {
    type Value = Session;
    type Error = Failure;
    async fn load(&self, sessions: &[SessionOf]) -> Result<HashMap<SessionOf, Session>, Failure> {
        let ids: Vec<_> = sessions.iter().map(|session| session.0).collect();
        let found = sessions::by_ids(&self.app.db, &ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|session| (SessionOf(session.id), session)).collect())
    }
}

impl Loader<ClientId> for Loads {
    type Value = Arc<Client>;
    type Error = Failure;
    async fn load(&self, ids: &[ClientId]) -> Result<HashMap<ClientId, Arc<Client>>, Failure> {
        self.app.clients.by_ids(&self.app.db, ids).await.map_err(Arc::new)
    }
}

impl Loader<BrowserSessionId> for Loads {
    type Value = BrowserSession;
    type Error = Failure;
    async fn load(
        &self,
        ids: &[BrowserSessionId],
    ) -> Result<HashMap<BrowserSessionId, BrowserSession>, Failure> {
        browser_sessions::by_ids(&self.app.db, ids).await.map_err(Arc::new)
    }
}

/// Of a legacy session, how it came through the browser.
impl Loader<SessionId> for Loads {
    type Value = SsoLogin;
    type Error = Failure;
    async fn load(&self, ids: &[SessionId]) -> Result<HashMap<SessionId, SsoLogin>, Failure> {
        sessions::sso_logins_of(&self.app.db, ids).await.map_err(Arc::new)
    }
}

impl Loader<UpstreamProviderId> for Loads {
    type Value = Provider;
    type Error = Failure;
    async fn load(
        &self,
        ids: &[UpstreamProviderId],
    ) -> Result<HashMap<UpstreamProviderId, Provider>, Failure> {
        upstream::providers_by_ids(&self.app.db, ids).await.map_err(Arc::new)
    }
}
