//! Removes many devices of one user from the homeserver, as `delete_device` does one. One that cannot be removed does not keep
//! the others.

use kernel::{Op, Result, id::UserId};
use store::Db;

use super::{Outcome, delete_device};
use crate::homeserver::Homeserver;

pub async fn run(
    db: &Db,
    homeserver: &Homeserver,
    op: &Op,
    user: UserId,
    devices: &[String],
) -> Result<Outcome> {
    let mut outcome = Ok(Outcome::Done);
    for device in devices {
        let removed = delete_device::run(db, homeserver, op, user, device).await;
        if !matches!(removed, Ok(Outcome::Done)) {
            outcome = removed;
        }
    }
    outcome
}
