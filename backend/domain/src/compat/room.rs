//! Whether there is room for one more session, and making it.

use kernel::{Op, Result, id::*};
use store::{Tx, sql};

use super::Parts;
use crate::{
    policy::{Code, Violation, input::CompatLogin},
    sessions::{
        count,
        end::{self, Reason},
    },
};

/// There is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// By the policy.
    Denied,
    TooManySessions,
}

/// Asks the policy about a login with this device, and ends the sessions that were not used for longest if that is what
/// it takes. Where sessions are limited, nobody else adds one for this person until the transaction ends.
pub(super) async fn make(
    parts: Parts<'_>,
    tx: &Tx,
    op: &Op,
    (mut question, device): (CompatLogin<'_>, &str),
) -> Result<Result<(), Full>> {
    let user = question.user.id;
    if parts.counts_sessions {
        (question.session_counts, question.session_replaced) = count::alone(tx, user, device).await?;
    }
    match parts.policy.compat_login(&question).as_slice() {
        [] => Ok(Ok(())),
        [Violation { code: Some(Code::TooManySessions { need_to_remove }), .. }] if parts.counts_sessions => {
            if parts.settings.evicts && evict(tx, op, user, *need_to_remove).await? {
                return Ok(Ok(()));
            }
            Ok(Err(Full::TooManySessions))
        }
        violations => {
            for violation in violations {
                tracing::info!(user.id = %user, "The policy refuses a legacy login: {}", violation.msg);
            }
            Ok(Err(Full::Denied))
        }
    }
}

/// Ends so many legacy sessions, or none: of other kinds none is ended.
async fn evict(tx: &Tx, op: &Op, user: UserId, count: u32) -> Result<bool> {
    const OLDEST: &str = "SELECT id FROM sessions WHERE user_id = $1 AND kind = 'compat' AND finished_at IS NULL \
      ORDER BY last_active_at IS NOT NULL, last_active_at, created_at, id LIMIT $2";
    let rows = sql::all(tx, OLDEST, [user.into(), i64::from(count).into()]).await?;
    if rows.len() < count as usize {
        return Ok(false);
    }
    for row in &rows {
        end::end(tx, op, row.try_get("", "id")?, Reason::Evicted).await?;
    }
    Ok(true)
}
