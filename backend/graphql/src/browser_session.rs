//! Browsers that are signed in.

use async_graphql::{Context, ID, Object, Result};
use domain::account::{browser_sessions, sessions};
use kernel::{Timestamp, id::BrowserSessionId};

use crate::{
    app_session::{self, AppSession},
    asking::Asking,
    node_id,
    paging::{self, Asked, Connection},
    scalars::DateTime,
    shared::{SessionState, UserAgent},
    user::User,
};

#[derive(Clone, Debug)]
pub struct BrowserSession(pub browser_sessions::BrowserSession);

/// As cursors name it.
pub const CURSOR: &str = "BrowserSession";

impl BrowserSession {
    pub fn edge(session: browser_sessions::BrowserSession) -> (String, Self) {
        (paging::cursor(CURSOR, session.id), Self(session))
    }
}

#[Object]
impl BrowserSession {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::BROWSER_SESSION, self.0.id)
    }

    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        User::load(ctx, self.0.user_id).await
    }

    async fn last_authentication(&self) -> Option<Authentication> {
        Some(Authentication { session: self.0.id, at: self.0.auth_time })
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    pub async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    pub async fn state(&self) -> SessionState {
        SessionState::of(self.0.finished_at.is_some())
    }

    pub async fn user_agent(&self) -> Option<UserAgent> {
        UserAgent::of(self.0.user_agent.as_ref())
    }

    pub async fn last_active_ip(&self) -> Option<&String> {
        self.0.last_active_ip.as_ref()
    }

    pub async fn last_active_at(&self) -> Option<DateTime> {
        self.0.last_active_at.map(DateTime)
    }

    #[graphql(complexity = "paging::cost(first, last, child_complexity)")]
    async fn app_sessions(
        &self,
        ctx: &Context<'_>,
        state: Option<SessionState>,
        device: Option<String>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<Connection<AppSession>> {
        let filter = sessions::Filter {
            state: state.map(Into::into),
            device,
            browser_session: Some(self.0.id),
            ..sessions::Filter::of(self.0.user_id)
        };
        app_session::list(ctx, filter, &Asked { after, before, first, last }).await
    }

    pub async fn device_key(&self) -> String {
        self.0.id.to_string()
    }

    /// Whether this is the browser that is asking. Latchkey.
    async fn is_current(&self, ctx: &Context<'_>) -> bool {
        Asking::of(ctx).browser().is_some_and(|current| current.id == self.0.id)
    }
}

/// When somebody last proved who they are. It has no row, and so no id, of its own.
pub struct Authentication {
    session: BrowserSessionId,
    at: Timestamp,
}

#[Object]
impl Authentication {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::AUTHENTICATION, self.session)
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.at)
    }
}
