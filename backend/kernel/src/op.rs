//! The operation: one instant, one source of ids and secrets, and who is acting from where.

use std::{net::IpAddr, sync::Arc};

use crate::{Random, Timestamp, id::Id};

/// Who is behind an operation, for audit events and the request log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    #[default]
    Anonymous,
    User(crate::id::UserId),
    Client(crate::id::ClientId),
    /// The homeserver, by the shared secret.
    Homeserver,
    /// An operator at the command line.
    Operator,
    /// A job of the worker.
    Worker,
}

/// One request, job or command. Nothing else reads a clock or draws a random number.
#[derive(Clone, Debug)]
pub struct Op {
    /// The single instant at which all of this operation happens.
    pub now: Timestamp,
    pub actor: Actor,
    /// The client's address after trusted-proxy processing.
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
    /// The browser session that the request proves itself by, if it is signed in.
    pub browser: Option<crate::id::BrowserSessionId>,
    /// Names the operation in log lines and audit events, for example `POST-17`.
    pub request_id: Arc<str>,
    /// One of many that were asked for at once: the jobs that it enqueues keep nobody else's waiting.
    pub in_bulk: bool,
    random: Arc<dyn Random>,
}

impl Op {
    pub fn new(now: Timestamp, random: Arc<dyn Random>, request_id: impl Into<Arc<str>>) -> Self {
        Self {
            now,
            actor: Actor::Anonymous,
            address: None,
            user_agent: None,
            browser: None,
            request_id: request_id.into(),
            in_bulk: false,
            random,
        }
    }

    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// A new id whose time part is this operation's instant.
    pub fn id<I: Id>(&self) -> I {
        self.id_at(self.now)
    }

    /// A new id with another creation time, for rows that a migration brings in.
    pub fn id_at<I: Id>(&self, at: Timestamp) -> I {
        let millis = u64::try_from(at.as_millis()).unwrap_or(0);
        I::from_ulid(ulid::Ulid::from_parts(millis, u128::from_be_bytes(self.random().bytes())))
    }

    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// `length` random characters of `[0-9A-Za-z]`.
    pub fn alphanumeric(&self, length: usize) -> String {
        self.random().alphanumeric(length)
    }
}
