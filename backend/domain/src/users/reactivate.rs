//! Opening a deactivated account again.

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::UserId};
use store::{Db, Tx, sql, tables::users};

use super::{
    end_sessions::{Counts, end_slice},
    find::hold,
    state::{self, Settled, Transition},
};
use crate::{
    audit,
    homeserver::Homeserver,
    jobs::{self, Job},
    sessions::{
        end::Reason,
        end_all::{SLICE, Which},
    },
};

/// For the homeserver to say whether it knows somebody.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the account at the homeserver, and then here: if the homeserver cannot be asked, nothing changes. Nothing comes back
/// but the account: no session, no address. A lock stays.
pub async fn reactivate(db: &Db, homeserver: &Homeserver, op: &Op, id: UserId) -> Result<Settled> {
    let user = state::find(&db.read, id).await?;
    // Also if it is open here: asking again mends a homeserver that has not heard of it.
    reopen_there(homeserver, &user.username).await?;
    loop {
        if let Some(settled) = db.write(async |tx| open(tx, op, id).await).await? {
            return Ok(settled);
        }
    }
}

/// [`reactivate`] as a job, for the deactivation that was in force when it was asked for: of a later one, nothing.
pub(crate) async fn run(
    db: &Db,
    homeserver: &Homeserver,
    op: &Op,
    id: UserId,
    since: Option<Timestamp>,
) -> Result<()> {
    let shut = state::find(&db.read, id).await?.deactivated_at;
    if shut.is_some() && shut != since {
        return Ok(());
    }
    reactivate(db, homeserver, op, id).await.map(drop)
}

/// Opens the account at the homeserver. Whom that does not know it has nothing to open for: the provisioning that follows creates
/// them.
pub async fn reopen_there(homeserver: &Homeserver, username: &str) -> Result<()> {
    match homeserver.reactivate_user(username).await {
        Err(error) if homeserver.query_user(username, PATIENCE).await?.is_some() => Err(error),
        _ => Ok(()),
    }
}

/// After [`reopen_there`], if it does not come to [`open`]: the homeserver follows what stands here.
pub async fn give_up(tx: &Tx, op: &Op, user: &users::Model) -> Result<()> {
    let Some(since) = user.deactivated_at else { return Ok(()) };
    jobs::enqueue(tx, op, &Job::DeactivateUser { user: user.id, erase: false, since }).await
}

/// Opens the account once no session is left that was there before: the job of the deactivation may not have come to it yet. `None`
/// if there may be more: then again, in another transaction.
pub async fn open(tx: &Tx, op: &Op, id: UserId) -> Result<Option<Settled>> {
    const REACTIVATE: &str =
        "UPDATE users SET deactivated_at = NULL WHERE id = $1 AND deactivated_at IS NOT NULL";
    // First the account and then its sessions, as everybody takes hold of them who takes hold of both.
    if let Some(since) = hold(tx, id).await?.and_then(|user| user.deactivated_at) {
        let all = (Which::All, Reason::Deactivated);
        if end_slice(tx, op, id, all, &mut Counts::default()).await? {
            return Ok(None);
        }
        remove_devices(tx, op, id, since).await?;
    }
    let reactivation = Transition {
        statement: REACTIVATE,
        values: vec![id.into()],
        event: audit::Kind::UserReactivated,
        data: None,
    };
    let settled = reactivation.run(tx, op, id).await?;
    let job = jobs::enqueue_known(tx, op, &Job::ProvisionUser { user: id, display_name: None }).await?;
    Ok(Some(Settled { job: Some(job), ..settled }))
}

/// Of the sessions that the deactivation has ended: the homeserver, which removes a deactivated person's devices itself, may
/// never have come to that.
async fn remove_devices(tx: &Tx, op: &Op, user: UserId, since: Timestamp) -> Result<()> {
    const DEVICES: &str = "SELECT DISTINCT device_id FROM sessions \
                           WHERE user_id = $1 AND finished_at >= $2 AND device_id IS NOT NULL AND NOT foreign_device \
                           ORDER BY device_id";
    let rows = sql::all(tx, DEVICES, [user.into(), since.into()]).await?;
    let devices = rows.iter().map(|row| row.try_get("", "device_id")).collect::<Result<Vec<String>, _>>()?;
    for slice in devices.chunks(SLICE) {
        jobs::enqueue(tx, op, &Job::DeleteDevices { user, devices: slice.to_vec() }).await?;
    }
    Ok(())
}
