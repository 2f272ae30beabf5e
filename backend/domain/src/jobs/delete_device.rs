//! Removes a device from the homeserver once no session uses it any more.
//!
//! One device at a time, and only devices that a session of ours brought to be (who enqueues it sees to that): a
//! synchronisation of the whole list would delete devices that application services and the user's own dehydration made.
//!
//! No transaction can hold both sides. So this looks before it asks the homeserver and once more afterwards, and a device
//! that came to be used meanwhile is told to the homeserver again. An exchange tells the homeserver of its device before
//! it writes its session down; until then it is known by its code, and while there is one, this comes back later.

use std::time::Duration;

use kernel::{Op, Result, Scope, id::UserId};
use sea_orm::EntityTrait;
use store::{Db, sql, tables::users};

use super::{Job, Outcome, enqueue_after};
use crate::{homeserver::Homeserver, sessions::device::announce};

/// Longer than the code of an app or of a device is good for, with all that its exchange may have to wait for.
const CODES_LAST: Duration = Duration::from_secs(30 * 60);
/// When to look again whether the code was exchanged.
const COME_BACK: Duration = Duration::from_secs(5 * 60);

/// What a device is to our sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    None,
    /// A code was given out for it, which may be being exchanged.
    Promised,
    Session,
}

pub async fn run(db: &Db, homeserver: &Homeserver, op: &Op, user: UserId, device: &str) -> Result<Outcome> {
    let Some(user) = users::Entity::find_by_id(user).one(&db.read).await? else {
        return Ok(Outcome::GiveUp("there is no such user".into()));
    };
    let mut found = uses(db, op, user.id, device).await?;
    if found == Use::None {
        homeserver.delete_device(&user.username, device).await?;
        found = uses(db, op, user.id, device).await?;
        if found == Use::Promised {
            announce(homeserver, &user.username, device, None).await?;
        }
    }
    match found {
        Use::None => {}
        // Also if it was so from the beginning: an earlier attempt may have removed it, and was cut off.
        Use::Session => announce(homeserver, &user.username, device, None).await.map(drop)?,
        Use::Promised => {
            let again = Job::DeleteDevice { user: user.id, device: device.to_owned() };
            db.write(async |tx| enqueue_after(tx, op, &again, COME_BACK).await).await?;
        }
    }
    Ok(Outcome::Done)
}

async fn uses(db: &Db, op: &Op, user: UserId, device: &str) -> Result<Use> {
    // The codes first: one that is exchanged between the two questions is found by the second.
    let promised = is_promised(db, op, user, device).await?;
    if sql::one(&db.read, IN_USE, [user.into(), device.to_owned().into()]).await?.is_some() {
        return Ok(Use::Session);
    }
    Ok(if promised { Use::Promised } else { Use::None })
}

async fn is_promised(db: &Db, op: &Op, user: UserId, device: &str) -> Result<bool> {
    let rows = sql::all(&db.read, CODES, [user.into(), (op.now - CODES_LAST).into()]).await?;
    for row in rows {
        let scope: Scope = row.try_get("", "scope")?;
        if scope.device_ids().first() == Some(&device) {
            return Ok(true);
        }
    }
    Ok(false)
}

const IN_USE: &str = "SELECT 1 AS found FROM sessions \
  WHERE user_id = $1 AND device_id = $2 AND finished_at IS NULL LIMIT 1";

const CODES: &str = "\
SELECT g.scope FROM browser_sessions b JOIN authorization_grants g ON g.browser_session_id = b.id \
WHERE b.user_id = $1 AND g.fulfilled_at > $2 AND g.exchanged_at IS NULL AND g.cancelled_at IS NULL \
UNION ALL \
SELECT g.scope FROM browser_sessions b JOIN device_grants g ON g.browser_session_id = b.id \
WHERE b.user_id = $1 AND g.fulfilled_at > $2 AND g.exchanged_at IS NULL AND g.rejected_at IS NULL";
