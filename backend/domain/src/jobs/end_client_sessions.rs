//! Ends what a client had that was disabled, or deleted, in slices: there may be a million sessions. That they are good for nothing
//! does not wait for this ([`crate::oauth::clients`]); that their devices go does.
//!
//! A session that was being begun at the very moment may only be there when all others were looked at. So this comes back
//! once.

use std::time::Duration;

use kernel::{Op, Result, id::*};
use store::sql;

use super::{Job, Outcome, Parts, enqueue, enqueue_after};
use crate::{oauth::clients, sessions::end_all};

/// Transactions of one job; the next one goes on, so that others get their turn.
const SLICES: usize = 20;
const AGAIN_AFTER: Duration = Duration::from_secs(60);

/// The client, and where to go on.
#[derive(Clone, Copy, Debug)]
pub struct Shut {
    pub client: ClientId,
    pub after: Option<SessionId>,
    pub again: bool,
}

pub async fn run(parts: Parts<'_>, op: &Op, shut: Shut) -> Result<Outcome> {
    let Shut { client, mut after, again } = shut;
    for at in 0..SLICES {
        if at > 0 && parts.stop.is_cancelled() {
            break;
        }
        let slice = parts.db.write(async |tx| end_all::slice_of_shut_client(tx, op, client, after).await);
        let slice = slice.await?;
        after = slice.last.or(after);
        if slice.is_last {
            return settle(parts, op, shut).await;
        }
    }
    go_on(parts, op, Shut { client, after, again }).await
}

/// None is left.
async fn settle(parts: Parts<'_>, op: &Op, shut: Shut) -> Result<Outcome> {
    const DELETED: &str = "SELECT deleted_at IS NOT NULL AS deleted FROM oauth_clients WHERE id = $1";
    let Some(row) = sql::one(&parts.db.read, DELETED, [shut.client.into()]).await? else {
        return Ok(Outcome::Done);
    };
    if row.try_get("", "deleted")? {
        if !clients::remove_rest(parts.db, op, shut.client, parts.stop).await? {
            return go_on(parts, op, Shut { after: None, ..shut }).await;
        }
    } else if !shut.again {
        let later = Job::EndClientSessions { client: shut.client, after: None, again: true };
        parts.db.write(async |tx| enqueue_after(tx, op, &later, AGAIN_AFTER).await).await?;
    }
    Ok(Outcome::Done)
}

async fn go_on(parts: Parts<'_>, op: &Op, Shut { client, after, again }: Shut) -> Result<Outcome> {
    let job = Job::EndClientSessions { client, after, again };
    parts.db.write(async |tx| enqueue(tx, op, &job).await).await?;
    Ok(Outcome::Done)
}
