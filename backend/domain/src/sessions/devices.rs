//! The devices of a person: what our sessions have, and what the homeserver has.
//!
//! They drift apart when a homeserver is restored from a backup, or was changed by hand. Making them equal is a repair
//! that an operator asks for and never happens by itself: it also deletes what application services and others made.

use std::collections::BTreeSet;

use kernel::{Result, id::UserId};
use store::{Run, sql};

use crate::homeserver::Homeserver;

/// What making the homeserver's devices those of our sessions would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Those of our sessions, which would be all that the homeserver has.
    pub ours: BTreeSet<String>,
    /// `None` where the homeserver cannot be asked which ones it has.
    pub changes: Option<Changes>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub created: BTreeSet<String>,
    pub deleted: BTreeSet<String>,
}

/// The devices of the person's sessions.
pub async fn of_sessions(db: &impl Run, user: UserId) -> Result<BTreeSet<String>> {
    const FIND: &str = "SELECT DISTINCT device_id FROM sessions \
                        WHERE user_id = $1 AND finished_at IS NULL AND device_id IS NOT NULL";
    let rows = sql::all(db, FIND, [user.into()]).await?;
    rows.iter().map(|row| Ok(row.try_get("", "device_id")?)).collect()
}

/// Compares both sides and changes nothing.
pub async fn compare(homeserver: &Homeserver, username: &str, ours: BTreeSet<String>) -> Result<Difference> {
    let changes = homeserver.devices(username).await?.map(|theirs| {
        let theirs: BTreeSet<String> = theirs.into_iter().collect();
        Changes {
            created: ours.difference(&theirs).cloned().collect(),
            deleted: theirs.difference(&ours).cloned().collect(),
        }
    });
    Ok(Difference { ours, changes })
}
