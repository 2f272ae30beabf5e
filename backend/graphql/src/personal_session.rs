//! Personal access tokens.

use async_graphql::{ID, Object};
use domain::account::personal;
use kernel::Timestamp;

use crate::{node_id, paging, scalars::DateTime, shared::SessionState};

/// As cursors name it.
pub const CURSOR: &str = "PersonalSession";

/// A personal access token, without the token: that is shown only once. Latchkey.
#[derive(Clone, Debug)]
pub struct PersonalSession {
    session: personal::PersonalSession,
    now: Timestamp,
}

impl PersonalSession {
    pub const fn new(session: personal::PersonalSession, now: Timestamp) -> Self {
        Self { session, now }
    }

    pub fn edge(session: personal::PersonalSession, now: Timestamp) -> (String, Self) {
        (paging::cursor(CURSOR, session.id), Self { session, now })
    }
}

#[Object]
impl PersonalSession {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::PERSONAL_SESSION, self.session.id)
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.session.created_at)
    }

    /// What it is called by whoever made it; may be empty if that was an administrator.
    async fn human_name(&self) -> &String {
        &self.session.human_name
    }

    /// Parted by spaces.
    async fn scope(&self) -> &String {
        &self.session.scope
    }

    /// ACTIVE until it is revoked or expires.
    async fn state(&self) -> SessionState {
        let expired = self.session.expires_at.is_some_and(|at| at <= self.now);
        SessionState::of(expired || self.session.revoked_at.is_some())
    }

    /// Never, if absent.
    async fn expires_at(&self) -> Option<DateTime> {
        self.session.expires_at.map(DateTime)
    }

    async fn revoked_at(&self) -> Option<DateTime> {
        self.session.revoked_at.map(DateTime)
    }

    async fn last_active_at(&self) -> Option<DateTime> {
        self.session.last_active_at.map(DateTime)
    }

    /// Absent if an administrator made it.
    async fn last_active_ip(&self) -> Option<&String> {
        self.session.last_active_ip.as_ref()
    }

    /// Whether it acts as the person without being theirs: somebody of the operator's staff, or a program, has made it, and uses it.
    /// The person can revoke it all the same.
    async fn made_by_administrator(&self) -> bool {
        self.session.made_by_administrator
    }
}
