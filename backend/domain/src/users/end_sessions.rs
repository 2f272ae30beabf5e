//! Ending all sessions of a person, those of browsers as well.

use std::ops::AddAssign;

use kernel::{Error, Op, Result, id::*};
use store::{
    Db, Tx,
    changes::{self, Change},
    sql,
};

use crate::{
    audit,
    sessions::{
        SessionKind,
        end::Reason,
        end_all::{self, SLICE, Which},
    },
};

/// How many sessions of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub compat: u64,
    pub oauth: u64,
    pub personal: u64,
    pub browser: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.compat += more.compat;
        self.oauth += more.oauth;
        self.personal += more.personal;
        self.browser += more.browser;
    }
}

/// What [`end_sessions`] with [`Which::Apps`] would end.
pub async fn count_sessions(db: &Db, user: UserId) -> Result<Counts> {
    const COUNT: &str = "SELECT \
        (SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND finished_at IS NULL AND kind = 'compat') AS compat, \
        (SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND finished_at IS NULL AND kind = 'oauth') AS oauth, \
        (SELECT COUNT(*) FROM browser_sessions WHERE user_id = $1 AND finished_at IS NULL) AS browser";
    let row = sql::one(&db.read, COUNT, [user.into()]).await?;
    let row = row.ok_or_else(|| Error::internal("a count has one row"))?;
    let number = |name| row.try_get::<i64>("", name).map(i64::unsigned_abs);
    Ok(Counts {
        compat: number("compat")?,
        oauth: number("oauth")?,
        personal: 0,
        browser: number("browser")?,
    })
}

/// Ends these sessions and those of browsers, in transactions of bounded size. What is interrupted can be called again.
pub async fn end_sessions(db: &Db, op: &Op, user: UserId, which: Which, reason: Reason) -> Result<Counts> {
    let mut counts = Counts::default();
    while db.write(async |tx| end_slice(tx, op, user, (which, reason), &mut counts).await).await? {}
    Ok(counts)
}

/// A slice of what [`end_sessions`] ends, for who has more to write in the same transaction. Whether there may be more.
pub async fn end_slice(
    tx: &Tx,
    op: &Op,
    user: UserId,
    (which, reason): (Which, Reason),
    counts: &mut Counts,
) -> Result<bool> {
    let ended = end_all::slice(tx, op, user, which, reason).await?;
    for session in &ended {
        let count = match SessionKind::from_name(&session.kind) {
            Some(SessionKind::Compat) => &mut counts.compat,
            Some(SessionKind::Personal) => &mut counts.personal,
            Some(SessionKind::Oauth) | None => &mut counts.oauth,
        };
        *count += 1;
    }
    let browsers = finish_browsers(tx, op, user, (which, reason)).await?;
    counts.browser += browsers as u64;
    Ok(ended.len() == SLICE || browsers == SLICE)
}

async fn finish_browsers(tx: &Tx, op: &Op, user: UserId, (which, reason): (Which, Reason)) -> Result<usize> {
    const FINISH: &str = "UPDATE browser_sessions SET finished_at = $2 WHERE finished_at IS NULL AND id IN (\
      SELECT id FROM browser_sessions WHERE user_id = $1 AND finished_at IS NULL AND id <> $4 ORDER BY id LIMIT $3) \
      RETURNING id";
    let spared = match which {
        Which::OtherApps(spared) => spared.browser,
        Which::Apps | Which::AppsAndTokens | Which::All => None,
    };
    // No session has the smallest id.
    let spared: BrowserSessionId = spared.unwrap_or_else(|| Id::from_ulid(kernel::id::first_ulid(0)));
    let values = [user.into(), op.now.into(), (SLICE as i64).into(), spared.into()];
    let rows = sql::all(tx, FINISH, values).await?;
    let ids: Vec<BrowserSessionId> =
        rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    changes::append_all(tx, op, Change::BrowserSession, &ids).await?;
    let subject = |id: &BrowserSessionId| audit::Subject {
        user: Some(user),
        browser_session: Some(*id),
        data: Some(serde_json::json!({ "reason": reason.as_str() })),
        ..Default::default()
    };
    let subjects: Vec<_> = ids.iter().map(subject).collect();
    audit::record_all(tx, op, audit::Kind::SignedOut, &subjects).await?;
    Ok(ids.len())
}
