//! Devices of sessions: each is one session's, and the homeserver knows it before its client does anything.

use kernel::{Error, Op, Result, id::*};
use sea_orm::{ConnectionTrait, DbBackend};
use store::{Run, Tx, sql};

use crate::{
    audit,
    homeserver::{Homeserver, Provisioning, Upsert},
    jobs::{self, Job},
};

/// Whether a session of ours other than that one has brought the person's device to be, in SQL.
macro_rules! had {
    ($user:literal, $device:literal, $session:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM sessions o WHERE o.user_id = ",
            $user,
            " AND o.device_id = ",
            $device,
            " AND o.id <> ",
            $session,
            " AND NOT o.foreign_device)"
        )
    };
}
pub(crate) use had;

/// A session that is about to have a device.
#[derive(Clone, Copy, Debug)]
pub struct Taking<'a> {
    pub user: UserId,
    pub device: &'a str,
    pub by: SessionId,
}

/// Ends every other session of the person that has this device, except personal ones, and tells how many those were. The
/// device itself stays on the homeserver, since it goes on being used. Of sessions that come to the same device at the
/// same time one remains.
///
/// One statement: `take_device` is a function on PostgreSQL, which statements that have no transaction around them call
/// themselves (`m20261122_compat`), and a trigger on SQLite (`m20261122_compat_login`).
pub async fn take(tx: &Tx, op: &Op, taking: Taking<'_>) -> Result<u64> {
    let Taking { user, device, by } = taking;
    let [event, _, actor, address, request] = audit::values(op, audit::Kind::SessionEnded);
    let agent = op.user_agent.clone().into();
    let values =
        [user.into(), device.into(), by.into(), op.now.into(), event, actor, address, agent, request];
    let statement = match tx.get_database_backend() {
        DbBackend::Sqlite => TAKE_SQLITE,
        _ => TAKE_POSTGRES,
    };
    let row = sql::one(tx, statement, values).await?;
    let row = row.ok_or_else(|| Error::internal("whoever takes a device is told how many had it"))?;
    Ok(row.try_get::<i64>("", "ended")?.unsigned_abs())
}

const TAKE_POSTGRES: &str = "SELECT take_device($1, $2, $3, $4, $5, $6, $7, $8, $9) AS ended";

const TAKE_SQLITE: &str = "INSERT INTO take_device (person, device, taker, at, event, actor, address, agent, request, ended) \
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, COUNT(*) FROM sessions \
  WHERE user_id = $1 AND device_id = $2 AND finished_at IS NULL AND kind <> 'personal' AND id <> $3 \
  RETURNING ended";

/// What the homeserver had before it was told of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    /// The device: that of an earlier session of ours, or else somebody else's, such as a bridge's.
    Device,
}

/// Tells the homeserver of a device: it must be there before the client has its token, because the client's first request
/// needs it. A user whom the homeserver does not know yet is provisioned first, so that nobody depends on how fast a worker
/// is. Without a name, a device that is there keeps the one it has.
pub async fn announce(
    homeserver: &Homeserver,
    username: &str,
    device: &str,
    name: Option<&str>,
) -> Result<Found> {
    let upsert = async || homeserver.upsert_device(username, device, name).await;
    let mut done = upsert().await?;
    if done == Upsert::NoSuchUser {
        let provisioning = Provisioning::default();
        homeserver.provision_user(username, &provisioning).await?;
        done = upsert().await?;
    }
    match done {
        Upsert::Created => Ok(Found::Nothing),
        Upsert::Known => Ok(Found::Device),
        Upsert::NoSuchUser => {
            Err(Error::unavailable("the homeserver denies knowing a user that it has just provisioned"))
        }
    }
}

/// The homeserver made the device for a session that came to nothing: it is removed, unless somebody uses it. Of several that try at the
/// same time that may be the one that won, which then has found what this one made: the device is its own.
pub async fn take_back(tx: &Tx, op: &Op, user: UserId, device: &str) -> Result<()> {
    const OURS: &str =
        "UPDATE sessions SET foreign_device = FALSE WHERE user_id = $1 AND device_id = $2 AND foreign_device";
    sql::execute(tx, OURS, [user.into(), device.into()]).await?;
    jobs::enqueue(tx, op, &Job::DeleteDevice { user, device: device.to_owned() }).await?;
    Ok(())
}

/// A session whose device the homeserver had already: unless an earlier session of ours had it, it is somebody else's, and
/// stays when this one ends.
pub async fn disown(db: &impl Run, session: SessionId) -> Result<()> {
    sql::execute(db, DISOWN, [session.into()]).await.map_err(Error::from).map(drop)
}

const DISOWN: &str = concat!(
    "UPDATE sessions SET foreign_device = TRUE WHERE id = $1 AND NOT ",
    had!("sessions.user_id", "sessions.device_id", "$1")
);
