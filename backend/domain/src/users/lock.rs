//! Locking: the account is refused, and everything that it has is kept for when it is unlocked.

use kernel::{
    Op, Result,
    id::{JobId, UserId},
};
use store::Tx;

use super::state::{Settled, Transition};
use crate::{
    audit,
    jobs::{self, Job},
};

/// Refuses the account's sign-ins, cookies and tokens from now on. Sessions stay: unlocking gives them back;
/// [`super::deactivate`] ends them.
pub async fn lock(tx: &Tx, op: &Op, id: UserId) -> Result<Settled> {
    const LOCK: &str = "UPDATE users SET locked_at = $2 WHERE id = $1 AND locked_at IS NULL";
    let locking = Transition {
        statement: LOCK,
        values: vec![id.into(), op.now.into()],
        event: audit::Kind::UserLocked,
        data: None,
    };
    let settled = locking.run(tx, op, id).await?;
    Ok(Settled { job: Some(tell(tx, op, id).await?), ..settled })
}

/// Takes [`lock`] back. Who is deactivated stays so.
pub async fn unlock(tx: &Tx, op: &Op, id: UserId) -> Result<Settled> {
    const UNLOCK: &str = "UPDATE users SET locked_at = NULL WHERE id = $1 AND locked_at IS NOT NULL";
    let unlocking = Transition {
        statement: UNLOCK,
        values: vec![id.into()],
        event: audit::Kind::UserUnlocked,
        data: None,
    };
    let settled = unlocking.run(tx, op, id).await?;
    Ok(Settled { job: Some(tell(tx, op, id).await?), ..settled })
}

/// Also when nothing has changed here: asking again mends a homeserver that has not heard of it.
async fn tell(tx: &Tx, op: &Op, id: UserId) -> Result<JobId> {
    jobs::enqueue_known(tx, op, &Job::ProvisionUser { user: id, display_name: None }).await
}
