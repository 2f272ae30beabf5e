//! Telling the homeserver of everybody, for an operator who suspects that it has missed something.

use kernel::{
    Op, Result,
    id::{Id, UserId},
};
use store::{Db, sql};

use crate::jobs::{self, Job};

const SLICE: i64 = 500;

/// Has the homeserver told of, and asked for the names of, the next accounts after this one, in a transaction of their own. The answer is which; an empty one
/// is the end.
pub async fn provision_next(db: &Db, op: &Op, after: Option<UserId>) -> Result<Vec<UserId>> {
    const NEXT: &str = "SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2";
    let after = after.unwrap_or_else(|| Id::from_ulid(kernel::id::first_ulid(0)));
    db.write(async |tx| {
        let rows = sql::all(tx, NEXT, [after.into(), SLICE.into()]).await?;
        let ids: Vec<UserId> = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
        for user in &ids {
            jobs::enqueue(tx, op, &Job::ProvisionAnew { user: *user }).await?;
        }
        Ok(ids)
    })
    .await
}
