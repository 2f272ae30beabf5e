//! Ends sessions that nobody used for a while (`experimental.inactive_session_expiration`).
//!
//! Only sessions that were ever seen in use, and of OAuth ones only those of people and of clients that registered
//! themselves: what the operator has configured stays. A hundred at a time, each hundred a job that asks for the next.
//!
//! What is noted and not yet written down counts as use. This process writes its own notes first; a client of another process that
//! comes back now has just got tokens, which the statement sees.

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::*};
use serde::{Deserialize, Serialize};
use store::{
    Tx,
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
    parts.db.write(async |tx| end_some(tx, op, &from).await).await?;
    Ok(Outcome::Done)
}

async fn end_some(tx: &Tx, op: &Op, from: &From) -> Result<()> {
    let statement = match from.kind {
        Kind::Oauth => OAUTH,
        Kind::Compat => COMPAT,
        Kind::Browser => BROWSER,
    };
    let after: SessionId = from.after.unwrap_or_else(|| Id::from_ulid(kernel::id::first_ulid(0)));
    let rows = sql::all(tx, statement, [from.threshold.into(), after.into(), AT_ONCE.into()]).await?;
    let ids: Vec<SessionId> = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
    if let Some(last) = ids.last().filter(|_| ids.len() == AT_ONCE as usize) {
        let next =
            Job::ExpireInactiveSessions { kind: from.kind, threshold: from.threshold, after: Some(*last) };
        enqueue(tx, op, &next).await?;
    }
    let mut delay = FIRST_DEVICE;
    for id in ids {
        if from.kind == Kind::Browser {
            finish(tx, op, BrowserSessionId(id.0)).await?;
        } else {
            end::end_and_remove_device(tx, op, id, Reason::Inactive, delay).await?;
            delay += NEXT_DEVICE;
        }
    }
    Ok(())
}

async fn finish(tx: &Tx, op: &Op, id: BrowserSessionId) -> Result<()> {
    const FINISH: &str = "UPDATE browser_sessions SET finished_at = $2 WHERE id = $1 RETURNING user_id";
    let Some(row) = sql::one(tx, FINISH, [id.into(), op.now.into()]).await? else { return Ok(()) };
    changes::append(tx, op, Change::BrowserSession, id).await?;
    let subject = audit::Subject {
        user: row.try_get("", "user_id")?,
        browser_session: Some(id),
        data: Some(serde_json::json!({ "reason": "inactive" })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::SignedOut, subject).await
}

// $1 threshold · $2 beginning after this id · $3 how many
macro_rules! inactive {
    ($from:literal) => {
        concat!(
            "SELECT s.id FROM ",
            $from,
            " WHERE s.finished_at IS NULL AND s.last_active_at < $1 AND s.id > $2"
        )
    };
}

macro_rules! without_fresh_tokens {
    () => {
        " AND NOT EXISTS (SELECT 1 FROM token_pairs t WHERE t.session_id = s.id \
             AND (t.rotated_at >= $1 OR t.access_used_at >= $1 OR t.created_at >= $1)) \
         ORDER BY s.id LIMIT $3"
    };
}

const OAUTH: &str = concat!(
    inactive!("sessions s JOIN oauth_clients c ON c.id = s.client_id"),
    " AND s.kind = 'oauth' AND s.user_id IS NOT NULL AND NOT c.is_static",
    without_fresh_tokens!()
);

const COMPAT: &str = concat!(inactive!("sessions s"), " AND s.kind = 'compat'", without_fresh_tokens!());

const BROWSER: &str = concat!(inactive!("browser_sessions s"), " ORDER BY s.id LIMIT $3");
