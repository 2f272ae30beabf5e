//! Removes many devices of one user from the homeserver, as `delete_device` does one. One that cannot be removed does not keep
//! the others. Asked to stop, it leaves what remains to a job of its own.

use kernel::{Op, Result, id::UserId};

use super::{Job, Outcome, Parts, delete_device, enqueue};

pub async fn run(parts: Parts<'_>, op: &Op, user: UserId, devices: &[String]) -> Result<Outcome> {
    let Parts { db, homeserver, stop, .. } = parts;
    let mut outcome = Ok(Outcome::Done);
    for (at, device) in devices.iter().enumerate() {
        // The first one always, so that it comes to an end however often it is stopped.
        if at > 0 && stop.is_cancelled() {
            let left = Job::DeleteDevices { user, devices: devices[at..].to_vec() };
            db.write(async |tx| enqueue(tx, op, &left).await).await?;
            break;
        }
        let removed = delete_device::run(db, homeserver, op, user, device).await;
        if !matches!(removed, Ok(Outcome::Done)) {
            outcome = removed;
        }
    }
    outcome
}
