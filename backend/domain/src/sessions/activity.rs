//! When and from where sessions were last used: gathered in memory, written down about once a minute and at the end of the
//! process, so that no request waits for it.
//!
//! What is noted is small and bounded; of several uses of a session the latest instant stays, and the latest address and
//! user agent that are known. What cannot be written stays in memory for the next time. A process that is killed loses
//! what it noted since it last wrote: sessions then look idle for a minute longer than they were.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use kernel::{Op, Result, Timestamp, id::*};
use serde_json::json;
use store::{Db, Engine, sql};
use tokio::sync::Notify;

/// How often what was noted is written down.
pub const FLUSH_EVERY: Duration = Duration::from_secs(60);
/// Sessions that are remembered at most, about 20 MB of them; of further ones, nothing is noted until there is room.
const MOST: usize = 100_000;
/// Statements are no longer than this, so that on SQLite people who write are not kept waiting.
const SLICE: usize = 500;
/// Requests of different sessions seldom wait for each other.
const SHARDS: usize = 16;

/// A session that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Used {
    Browser(BrowserSessionId),
    Session(SessionId),
}

#[derive(Clone, Debug)]
struct Seen {
    at: Timestamp,
    address: Option<IpAddr>,
    /// Only where it is to replace the one that is stored.
    user_agent: Option<String>,
}

impl Seen {
    /// Takes over what the other one knows better.
    fn merge(&mut self, other: Self) {
        let newer = other.at >= self.at;
        self.at = self.at.max(other.at);
        if newer || self.address.is_none() {
            self.address = other.address.or(self.address);
        }
        if newer || self.user_agent.is_none() {
            self.user_agent = other.user_agent.or(self.user_agent.take());
        }
    }
}

type Shard = Mutex<HashMap<Used, Seen>>;

/// What this process has noted and not yet written.
#[derive(Debug, Default)]
pub struct Activity {
    shards: [Shard; SHARDS],
    count: AtomicUsize,
    /// Rung when it is time to write before the minute is over.
    crowded: Notify,
}

impl Activity {
    /// A client used the session itself.
    pub fn by_client(&self, op: &Op, session: SessionId) {
        self.note(Used::Session(session), Seen { at: op.now, address: op.address, user_agent: None });
    }

    /// A client got tokens: what it says it is may have changed.
    pub fn by_refresh(&self, op: &Op, session: SessionId) {
        let seen = Seen { at: op.now, address: op.address, user_agent: op.user_agent.clone() };
        self.note(Used::Session(session), seen);
    }

    /// Somebody else, whose address is not the client's, asked about its token.
    pub fn by_resource_server(&self, op: &Op, session: SessionId) {
        self.note(Used::Session(session), Seen { at: op.now, address: None, user_agent: None });
    }

    pub fn by_browser(&self, op: &Op, session: BrowserSessionId) {
        self.note(Used::Browser(session), Seen { at: op.now, address: op.address, user_agent: None });
    }

    /// Returns when so much is noted that it should be written at once.
    pub async fn crowded(&self) {
        self.crowded.notified().await;
    }

    fn note(&self, used: Used, seen: Seen) {
        if self.keep(used, seen) {
            self.crowded.notify_one();
        }
    }

    /// Whether it is half full by that.
    fn keep(&self, used: Used, seen: Seen) -> bool {
        let mut shard = self.shards[used.shard()].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shard.get_mut(&used) {
            known.merge(seen);
            return false;
        }
        // May be exceeded by as many as there are requests at this instant.
        if self.count.load(Relaxed) >= MOST {
            return false;
        }
        shard.insert(used, seen);
        self.count.fetch_add(1, Relaxed) == MOST / 2
    }

    fn take(&self) -> Vec<(Used, Seen)> {
        let mut all = Vec::new();
        for shard in &self.shards {
            all.extend(std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner)));
        }
        self.count.fetch_sub(all.len(), Relaxed);
        // In this order, rows are locked by every process alike.
        all.sort_unstable_by_key(|(used, _)| *used);
        all
    }

    /// Writes down what was noted; the answer is how many sessions that were. On failure the rest stays noted.
    pub async fn flush(&self, db: &Db) -> Result<usize> {
        let all = self.take();
        let (browsers, sessions): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(used, _)| matches!(used, Used::Browser(_)));
        let mut slices = browsers.chunks(SLICE).chain(sessions.chunks(SLICE));
        let mut written = 0;
        while let Some(slice) = slices.next() {
            if let Err(error) = write(db, slice).await {
                // Nobody is called: the database is asked again after a minute, not at once.
                for (used, seen) in slice.iter().chain(slices.flatten()) {
                    self.keep(*used, seen.clone());
                }
                return Err(error);
            }
            written += slice.len();
        }
        Ok(written)
    }
}

impl Used {
    /// The random end of the id.
    fn shard(self) -> usize {
        let id = match self {
            Self::Browser(id) => id.0,
            Self::Session(id) => id.0,
        };
        usize::from(id.as_bytes()[15]) % SHARDS
    }
}

/// One statement for the slice, all of one kind. Sessions that are gone meanwhile are passed over.
async fn write(db: &Db, slice: &[(Used, Seen)]) -> Result<()> {
    let mut statement = "";
    let rows: Vec<_> = slice
        .iter()
        .map(|(used, seen)| {
            let (id, fixed) = match (used, db.engine()) {
                (Used::Browser(id), Engine::Sqlite) => (id.0, BROWSERS_SQLITE),
                (Used::Browser(id), Engine::Postgres) => (id.0, BROWSERS_POSTGRES),
                (Used::Session(id), Engine::Sqlite) => (id.0, SESSIONS_SQLITE),
                (Used::Session(id), Engine::Postgres) => (id.0, SESSIONS_POSTGRES),
            };
            statement = fixed;
            json!([id.simple().to_string(), seen.at, seen.address, seen.user_agent])
        })
        .collect();
    sql::execute(&db.single, statement, [serde_json::Value::from(rows).to_string().into()]).await?;
    Ok(())
}

// The later instant wins, because another process may have written a later one; what is not known replaces nothing.
macro_rules! write {
    ($table:literal, $columns:literal, $source:expr) => {
        concat!(
            "UPDATE ",
            $table,
            " SET last_active_at = CASE WHEN last_active_at > seen.at THEN last_active_at ELSE seen.at END, \
               last_active_ip = CASE WHEN last_active_at > seen.at THEN COALESCE(last_active_ip, seen.ip) \
                 ELSE COALESCE(seen.ip, last_active_ip) END",
            $columns,
            " FROM ",
            $source,
            " AS seen WHERE ",
            $table,
            ".id = seen.id"
        )
    };
}

macro_rules! sqlite {
    () => {
        "(SELECT unhex(value ->> 0) AS id, value ->> 1 AS at, value ->> 2 AS ip, value ->> 3 AS agent \
          FROM json_each($1))"
    };
}

macro_rules! postgres {
    () => {
        "(SELECT (row ->> 0)::uuid AS id, (row ->> 1)::bigint AS at, row ->> 2 AS ip, row ->> 3 AS agent \
          FROM jsonb_array_elements($1::jsonb) AS row)"
    };
}

const BROWSERS_SQLITE: &str = write!("browser_sessions", "", sqlite!());
const BROWSERS_POSTGRES: &str = write!("browser_sessions", "", postgres!());
const SESSIONS_SQLITE: &str = write!(
    "sessions",
    ", user_agent = CASE WHEN last_active_at > seen.at THEN user_agent ELSE COALESCE(seen.agent, user_agent) END",
    sqlite!()
);
const SESSIONS_POSTGRES: &str = write!(
    "sessions",
    ", user_agent = CASE WHEN last_active_at > seen.at THEN user_agent ELSE COALESCE(seen.agent, user_agent) END",
    postgres!()
);

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::SystemRandom;

    use super::*;

    fn op(seconds: i64, address: Option<&str>) -> Op {
        let mut op = Op::new(Timestamp::from_secs(seconds), Arc::new(SystemRandom), "test");
        op.address = address.map(|address| address.parse().unwrap());
        op
    }

    #[test]
    fn the_latest_instant_and_the_latest_known_address_stay() {
        let activity = Activity::default();
        let session: SessionId = op(1, None).id();
        activity.by_resource_server(&op(10, Some("192.0.2.9")), session);
        activity.by_client(&op(20, Some("192.0.2.1")), session);
        activity.by_client(&op(40, Some("192.0.2.2")), session);
        activity.by_resource_server(&op(50, Some("192.0.2.9")), session);
        activity.by_client(&op(30, Some("192.0.2.3")), session);
        let noted = activity.take();
        assert_eq!(noted.len(), 1);
        assert_eq!(noted[0].1.at, Timestamp::from_secs(50));
        assert_eq!(noted[0].1.address, Some("192.0.2.2".parse().unwrap()));
        assert_eq!(activity.take().len(), 0);
    }

    #[tokio::test]
    async fn crowds_are_bounded_and_call_for_writing() {
        let activity = Activity::default();
        let op = op(1, None);
        for _ in 0..MOST + 100 {
            activity.by_client(&op, op.id());
        }
        activity.crowded().await;
        assert_eq!(activity.take().len(), MOST);
        activity.by_client(&op, op.id());
        assert_eq!(activity.take().len(), 1, "there is room again");
    }
}
