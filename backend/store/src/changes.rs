//! The one way to say that something which caches may know has become invalid.

use kernel::{Op, id::Id};
use sea_orm::DbErr;

use crate::{Tx, sql};

/// What has changed; also its name in the table `changes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Locked, unlocked, deactivated, reactivated, password changed.
    User,
    /// Ended, or its tokens revoked.
    Session,
    BrowserSession,
    /// Registered, updated or removed.
    Client,
}

impl Change {
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Session => "session",
            Self::BrowserSession => "browser_session",
            Self::Client => "client",
        }
    }
}

/// Appends to the log from which caches, of this and of other replicas, learn what to forget.
pub async fn append(tx: &Tx, op: &Op, change: Change, id: impl Id) -> Result<(), DbErr> {
    const APPEND: &str = "INSERT INTO changes (kind, id, at) VALUES ($1, $2, $3)";
    sql::execute(tx, APPEND, [change.name().into(), id.into(), op.now.into()]).await.map(drop)
}
