//! Ends sessions that nobody used for a while (`experimental.inactive_session_expiration`).
//!
//! Only sessions that were ever seen in use, and of OAuth ones only those of people and of clients that registered
//! themselves: what the operator has configured stays. A hundred at a time, each hundred a job that asks for the next.
//!
//! What is noted and not yet written down counts as use. This process writes its own notes first; a client of another process that
//! comes back now has just got tokens, which the statement sees.

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::*};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use store::{
    Engine, Tx,
    changes::{self, Change},
    sql,
};

use super::{Job, Outcome, Parts, enqueue};
use crate::{
    audit,
    sessions::end::{self, Reason},
};

const AT_ONCE: i64 = 100;
/// The homeserver hears of devices one after the other, beginning after a minute.
const FIRST_DEVICE: Duration = Duration::from_secs(60);
const NEXT_DEVICE: Duration = Duration::from_secs(10);

/// `experimental.inactive_session_expiration`
#[derive(Clone, Copy, Debug)]
pub struct Inactivity {
    pub ttl: Duration,
    pub oauth: bool,
    pub compat: bool,
    pub browser: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Oauth,
    Compat,
    Browser,
}

impl Kind {
    pub const fn queue(self) -> &'static str {
        match self {
            Self::Oauth => "expire-inactive-oauth-sessions",
            Self::Compat => "expire-inactive-compat-sessions",
            Self::Browser => "expire-inactive-user-sessions",
        }
    }
}

/// Where one job begins.
pub struct From {
    pub kind: Kind,
    pub threshold: Timestamp,
    /// Of the kind.
    pub after: Option<SessionId>,
}

/// Asks for the first hundred of each kind.
pub async fn plan(parts: Parts<'_>, op: &Op) -> Result<Outcome> {
    let Some(inactivity) = parts.upkeep.inactivity else { return Ok(Outcome::Done) };
    let threshold = op.now - inactivity.ttl;
    let kinds = [
        (Kind::Oauth, inactivity.oauth),
        (Kind::Compat, inactivity.compat),
        (Kind::Browser, inactivity.browser),
    ];
    parts
        .db
        .write(async |tx| {
            for (kind, _) in kinds.into_iter().filter(|(_, wanted)| *wanted) {
                enqueue(tx, op, &Job::ExpireInactiveSessions { kind, threshold, after: None }).await?;
            }
            Ok(Outcome::Done)
        })
        .await
}

pub async fn run(parts: Parts<'_>, op: &Op, from: From) -> Result<Outcome> {
    parts.activity.flush(parts.db).await?;
    let statements = from.kind.statements(parts.db.engine());
    let after: SessionId = from.after.unwrap_or_else(|| Id::from_ulid(kernel::id::first_ulid(0)));
    // Looked for where nobody who writes has to wait: most often there is none, and all were looked at.
    let values = [from.threshold.into(), after.into(), AT_ONCE.into()];
    let found = ids(&sql::all(&parts.db.read, statements.find, values).await?)?;
    if !found.is_empty() {
        parts.db.write(async |tx| end_some(tx, op, &from, statements.still, &found).await).await?;
    }
    Ok(Outcome::Done)
}

fn ids(rows: &[QueryResult]) -> Result<Vec<SessionId>> {
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// Those of them that nobody has used, and nobody has ended, meanwhile.
async fn end_some(tx: &Tx, op: &Op, from: &From, still: &'static str, found: &[SessionId]) -> Result<()> {
    if let Some(last) = found.last().filter(|_| found.len() == AT_ONCE as usize) {
        let next =
            Job::ExpireInactiveSessions { kind: from.kind, threshold: from.threshold, after: Some(*last) };
        enqueue(tx, op, &next).await?;
    }
    let bits: serde_json::Value = found.iter().map(|id| id.0.simple().to_string()).collect();
    let values = [from.threshold.into(), bits.to_string().into()];
    let mut delay = FIRST_DEVICE;
    for id in ids(&sql::all(tx, still, values).await?)? {
        if from.kind == Kind::Browser {
            finish(tx, op, BrowserSessionId(id.0), from.threshold).await?;
        } else if end::end_and_remove_device(tx, op, id, Reason::Inactive, delay).await? {
            delay += NEXT_DEVICE;
        }
    }
    Ok(())
}

async fn finish(tx: &Tx, op: &Op, id: BrowserSessionId, threshold: Timestamp) -> Result<()> {
    const FINISH: &str = "UPDATE browser_sessions SET finished_at = $2 \
      WHERE id = $1 AND finished_at IS NULL AND last_active_at < $3 RETURNING user_id";
    let values = [id.into(), op.now.into(), threshold.into()];
    let Some(row) = sql::one(tx, FINISH, values).await? else { return Ok(()) };
    changes::append(tx, op, Change::BrowserSession, id).await?;
    let subject = audit::Subject {
        user: row.try_get("", "user_id")?,
        browser_session: Some(id),
        data: Some(serde_json::json!({ "reason": "inactive" })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::SignedOut, subject).await
}

/// What finds sessions that nobody uses: `$1` threshold, `$2` beginning after this id, `$3` how many. And what asks of those with the
/// ids in the JSON `$2` whether it is still so.
struct Statements {
    find: &'static str,
    still: &'static str,
}

impl Kind {
    const fn statements(self, engine: Engine) -> Statements {
        let [find, sqlite, postgres] = match self {
            Self::Oauth => OAUTH,
            Self::Compat => COMPAT,
            Self::Browser => BROWSER,
        };
        Statements {
            find,
            still: match engine {
                Engine::Sqlite => sqlite,
                Engine::Postgres => postgres,
            },
        }
    }
}

macro_rules! inactive {
    ($from:literal, $also:literal) => {
        [
            inactive!(@of " AND s.id > $2", $from, $also, " ORDER BY s.id LIMIT $3"),
            inactive!(@of " AND s.id IN (SELECT unhex(value) FROM json_each($2))", $from, $also, " ORDER BY s.id"),
            inactive!(
                @of " AND s.id = ANY (ARRAY(SELECT value::uuid FROM jsonb_array_elements_text($2::jsonb) AS value))",
                $from, $also, " ORDER BY s.id FOR UPDATE OF s"
            ),
        ]
    };
    (@of $which:literal, $from:literal, $also:literal, $order:literal) => {
        concat!(
            "SELECT s.id FROM ",
            $from,
            " WHERE s.finished_at IS NULL AND s.last_active_at < $1",
            $which,
            $also,
            $order
        )
    };
}

const OAUTH: [&str; 3] = inactive!(
    "sessions s JOIN oauth_clients c ON c.id = s.client_id",
    " AND s.kind = 'oauth' AND s.user_id IS NOT NULL AND NOT c.is_static \
      AND NOT EXISTS (SELECT 1 FROM token_pairs t WHERE t.session_id = s.id \
        AND (t.rotated_at >= $1 OR t.access_used_at >= $1 OR t.created_at >= $1))"
);

const COMPAT: [&str; 3] = inactive!(
    "sessions s",
    " AND s.kind = 'compat' \
      AND NOT EXISTS (SELECT 1 FROM token_pairs t WHERE t.session_id = s.id \
        AND (t.rotated_at >= $1 OR t.access_used_at >= $1 OR t.created_at >= $1))"
);

const BROWSER: [&str; 3] = inactive!("browser_sessions s", "");
