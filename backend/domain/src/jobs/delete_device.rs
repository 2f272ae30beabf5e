//! Removes a device from the homeserver once no session uses it any more.
//!
//! One device at a time, and only devices that a session of ours had: a synchronisation of the whole list would
//! delete devices that application services and the user's own dehydration made.

use kernel::{Result, id::UserId};
use sea_orm::EntityTrait;
use store::{Db, sql, tables::users};

use super::Outcome;
use crate::{homeserver::Homeserver, sessions::device::announce};

pub async fn run(db: &Db, homeserver: &Homeserver, user: UserId, device: &str) -> Result<Outcome> {
    let Some(user) = users::Entity::find_by_id(user).one(&db.read).await? else {
        return Ok(Outcome::GiveUp("there is no such user".into()));
    };
    if is_in_use(db, user.id, device).await? {
        return Ok(Outcome::Done);
    }
    homeserver.delete_device(&user.username, device).await?;
    // A login that came while the homeserver was at it may have told it of the device before, and has lost it by now.
    if is_in_use(db, user.id, device).await? {
        announce(homeserver, &user.username, device, None).await?;
    }
    Ok(Outcome::Done)
}

async fn is_in_use(db: &Db, user: UserId, device: &str) -> Result<bool> {
    const IN_USE: &str = "SELECT 1 AS found FROM sessions \
                          WHERE user_id = $1 AND device_id = $2 AND finished_at IS NULL LIMIT 1";
    Ok(sql::one(&db.read, IN_USE, [user.into(), device.to_owned().into()]).await?.is_some())
}
