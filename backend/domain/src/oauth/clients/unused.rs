//! Clients that registered themselves and were never used.

use std::time::Duration;

use kernel::{Op, Result, id::ClientId};
use store::{Db, sql};

use crate::jobs::Stop;

/// Clients per transaction: on SQLite, everybody who writes waits for it.
const SLICE: u64 = 100;

/// Removes the clients that registered themselves longer ago than `after` and never had a session; the answer is how
/// many. For a scheduled job, which must run more often than ended sessions are removed: it also notes who had one.
///
/// Without `after` none is removed, and who had a session is noted all the same: one may be set later.
///
/// At `stop` it ends early, and the next run goes on.
///
/// Applications that keep their client id find out only when they use it again, so `after` should be long.
pub async fn remove_unused(db: &Db, op: &Op, after: Option<Duration>, stop: &Stop) -> Result<u64> {
    sql::execute(&db.single, NOTE_USED, [op.now.into()]).await?;
    let Some(after) = after else { return Ok(0) };
    let mut removed = 0;
    loop {
        let now = db.write(async |tx| {
            let values = [(op.now - after).into(), i64::try_from(SLICE).unwrap_or(1).into()];
            let mut count = 0;
            for row in sql::all(tx, UNUSED, values).await? {
                super::delete(tx, op, row.try_get::<ClientId>("", "id")?).await?;
                count += 1;
            }
            Ok::<u64, kernel::Error>(count)
        });
        let now = now.await?;
        removed += now;
        if now < SLICE || stop.is_cancelled() {
            return Ok(removed);
        }
    }
}

const NOTE_USED: &str = "UPDATE oauth_clients SET used_at = $1 WHERE used_at IS NULL AND is_static = FALSE \
  AND EXISTS (SELECT 1 FROM sessions s WHERE s.client_id = oauth_clients.id)";

// Whoever is about to agree, or a device that is waiting, is not pulled the rug from under.
const UNUSED: &str = "SELECT id FROM oauth_clients c WHERE used_at IS NULL AND is_static = FALSE AND created_at < $1 \
  AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.client_id = c.id) \
  AND NOT EXISTS (SELECT 1 FROM authorization_grants g WHERE g.client_id = c.id) \
  AND NOT EXISTS (SELECT 1 FROM device_grants d WHERE d.client_id = c.id) \
  ORDER BY created_at LIMIT $2";
