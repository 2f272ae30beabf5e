//! Removes a device from the homeserver once no session uses it any more.
//!
//! One device at a time, and only devices that a session of ours had: a synchronisation of the whole list would
//! delete devices that application services and the user's own dehydration made.

use kernel::{Result, id::UserId};
use sea_orm::EntityTrait;
use store::{Db, sql, tables::users};

use super::Outcome;
use crate::homeserver::Homeserver;

pub async fn run(db: &Db, homeserver: &Homeserver, user: UserId, device: &str) -> Result<Outcome> {
    const IN_USE: &str = "SELECT 1 AS found FROM sessions \
                          WHERE user_id = $1 AND device_id = $2 AND finished_at IS NULL LIMIT 1";
    let Some(user) = users::Entity::find_by_id(user).one(&db.read).await? else {
        return Ok(Outcome::GiveUp("there is no such user".into()));
    };
    if sql::one(&db.read, IN_USE, [user.id.into(), device.to_owned().into()]).await?.is_some() {
        return Ok(Outcome::Done);
    }
    homeserver.delete_device(&user.username, device).await?;
    Ok(Outcome::Done)
}
