//! The one way to say that something which caches may know has become invalid. Nothing reads the log yet, since nothing
//! caches these: it is there so that whoever begins to need not look for all the places where they change.

use kernel::{Op, id::Id};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};

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

/// Appends to the log from which caches, of this and of other replicas, can learn what to forget.
pub async fn append(tx: &Tx, op: &Op, change: Change, id: impl Id) -> Result<(), DbErr> {
    const APPEND: &str = "INSERT INTO changes (kind, id, at) VALUES ($1, $2, $3)";
    sql::execute(tx, APPEND, [change.name().into(), id.into(), op.now.into()]).await.map(drop)
}

/// [`append`] for many at once, in one statement.
pub async fn append_all<I: Id>(tx: &Tx, op: &Op, change: Change, ids: &[I]) -> Result<(), DbErr> {
    const SQLITE: &str = "INSERT INTO changes (kind, id, at) SELECT $1, unhex(value), $2 FROM json_each($3)";
    const POSTGRES: &str = "INSERT INTO changes (kind, id, at) \
      SELECT $1, bits::uuid, $2 FROM jsonb_array_elements_text($3::jsonb) AS bits";
    let statement = if tx.get_database_backend() == DbBackend::Sqlite { SQLITE } else { POSTGRES };
    let bits: Vec<String> = ids.iter().map(|id| format!("\"{:032x}\"", id.ulid().0)).collect();
    let values = [change.name().into(), op.now.into(), format!("[{}]", bits.join(",")).into()];
    sql::execute(tx, statement, values).await.map(drop)
}
