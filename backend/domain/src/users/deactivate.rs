//! Deactivation. The account is shut at once, by what every sign-in and every token is asked; the rest is a job
//! ([`crate::jobs`], `deactivate_user`), because it may be much, and the homeserver may be away.

use kernel::{Op, Result, id::UserId};
use store::{Tx, sql, tables::users};

use super::state::{Settled, Transition};
use crate::{
    audit,
    jobs::{self, Job},
};

/// Deactivates the account for good; [`super::reactivate`] opens it again, but restores nothing. With `erase`, also of an
/// account that is deactivated already, what is kept of the person goes as well, here ([`super::erase`]) and at the homeserver:
/// the first time that this is asked for is a change.
pub async fn deactivate(tx: &Tx, op: &Op, id: UserId, erase: bool) -> Result<Settled> {
    const DEACTIVATE: &str = "UPDATE users SET deactivated_at = $2 WHERE id = $1 AND deactivated_at IS NULL";
    let deactivation = Transition {
        statement: DEACTIVATE,
        values: vec![id.into(), op.now.into()],
        event: audit::Kind::UserDeactivated,
        data: Some(serde_json::json!({ "erase": erase })),
    };
    let mut settled = deactivation.run(tx, op, id).await?;
    if settled.changed {
        forget(tx, op, id).await?;
    } else if erase && !is_to_be_erased(tx, &settled.user).await? {
        let data = Some(serde_json::json!({ "erase": true }));
        let subject = audit::Subject { user: Some(id), data, ..Default::default() };
        audit::record(tx, op, audit::Kind::UserDeactivated, subject).await?;
        settled.changed = true;
    }
    // Who asks last is right: whoever wanted it opened again, and has not been heard yet, is not.
    sql::execute(tx, DROP_REACTIVATIONS, [id.to_string().into()]).await?;
    let since = settled.user.deactivated_at.unwrap_or(op.now);
    let job = jobs::enqueue_known(tx, op, &Job::DeactivateUser { user: id, erase, since }).await?;
    Ok(Settled { job: Some(job), ..settled })
}

/// Whether somebody has asked for that since the account was deactivated. If nobody knows any more, it is asked for anew.
async fn is_to_be_erased(tx: &Tx, user: &users::Model) -> Result<bool> {
    // Truth is a number in SQLite's JSON.
    const ASKED: &str = "SELECT 1 AS found FROM audit_events WHERE user_id = $1 AND created_at >= $2 \
      AND (kind = 'user_erased' OR (kind = 'user_deactivated' AND CAST(data ->> 'erase' AS text) IN ('true', '1'))) \
      LIMIT 1";
    Ok(sql::one(tx, ASKED, [user.id.into(), user.deactivated_at.into()]).await?.is_some())
}

/// What would let the person be reached, or something in: addresses, and whatever has been begun. The sessions of
/// browsers, and with them the codes that were given out there, end in the job.
async fn forget(tx: &Tx, op: &Op, id: UserId) -> Result<()> {
    for statement in FORGET {
        sql::execute(tx, statement, [id.into()]).await?;
    }
    sql::execute(tx, REJECT_DEVICES, [id.into(), op.now.into()]).await?;
    Ok(())
}

const DROP_REACTIVATIONS: &str = "DELETE FROM jobs WHERE queue = 'reactivate-user' \
  AND completed_at IS NULL AND failed_at IS NULL AND payload ->> 'user' = $1";

// Recoveries before the addresses by which they are found.
pub(super) const FORGET: [&str; 6] = [
    "DELETE FROM recovery_sessions WHERE id IN (SELECT t.recovery_session_id FROM recovery_tickets t \
     JOIN user_emails e ON e.id = t.user_email_id WHERE e.user_id = $1)",
    "DELETE FROM user_emails WHERE user_id = $1",
    "DELETE FROM user_third_party_ids WHERE user_id = $1",
    "DELETE FROM consents WHERE user_id = $1",
    "DELETE FROM sign_ins WHERE user_id = $1",
    "UPDATE users SET language = NULL, display_name = NULL, display_name_norm = NULL WHERE id = $1",
];

const REJECT_DEVICES: &str = "UPDATE device_grants SET rejected_at = $2 \
  WHERE exchanged_at IS NULL AND rejected_at IS NULL \
    AND browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = $1)";
