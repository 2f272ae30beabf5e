//! Devices of personal sessions to be, which the homeserver has to know before the token is told.

use kernel::{Op, Result, Scope, id::*};
use store::{Db, Tx};

use crate::{
    homeserver::{Homeserver, Upsert},
    jobs::{self, Job},
    sessions::device::{self, Found},
    users,
};

/// What the homeserver was told. Whatever becomes of the session, either [`Announced::belongs_to`] it or is
/// [taken back](Announced::take_back).
#[derive(Clone, Debug)]
pub struct Announced {
    user: UserId,
    device: Option<(String, Found)>,
    /// The homeserver did not know the person before.
    is_provisioned: bool,
}

/// Tells the homeserver of the device that the scope names, if it names one, by this name. Without a name, a device that is there
/// keeps the one it has. `None`, with nobody provisioned, if the account is deactivated by now.
pub async fn announce(
    db: &Db,
    homeserver: &Homeserver,
    (user, username): (UserId, &str),
    (scope, name): (&Scope, Option<&str>),
) -> Result<Option<Announced>> {
    // The policy lets a scope name one device.
    let device = scope.device_ids().first().map(|id| (*id).to_owned());
    let Some(device) = device else {
        return Ok(Some(Announced { user, device: None, is_provisioned: false }));
    };
    let upsert = homeserver.upsert_device(username, &device, name).await?;
    let found = match upsert {
        Upsert::Created => Found::Nothing,
        Upsert::Known => Found::Device,
        Upsert::NoSuchUser => {
            // Perhaps because the account was shut before the homeserver ever heard of it: then it must not be opened there.
            let user = users::by_id(&db.read, user).await?;
            if user.is_none_or(|user| user.deactivated_at.is_some()) {
                return Ok(None);
            }
            device::announce(homeserver, username, &device, name).await?
        }
    };
    let is_provisioned = upsert == Upsert::NoSuchUser;
    Ok(Some(Announced { user, device: Some((device, found)), is_provisioned }))
}

impl Announced {
    /// The session has it from now on. One that the homeserver had already stays when the session ends; and as it may be that of a
    /// session which has just ended, and about to be removed, a job sees to it that it is there.
    pub async fn belongs_to(&self, tx: &Tx, op: &Op, session: SessionId) -> Result<()> {
        let Some((device, Found::Device)) = &self.device else { return Ok(()) };
        device::disown(tx, session).await?;
        jobs::enqueue(tx, op, &Job::DeleteDevice { user: self.user, device: device.clone() }).await
    }

    /// No session came of it: the homeserver is to forget a device that was made for it, unless somebody else has come to use it, and
    /// a person whom it was told of, if the account was deactivated meanwhile.
    pub async fn take_back(self, db: &Db, op: &Op) -> Result<()> {
        let Self { user, device: Some((device, found)), is_provisioned } = self else { return Ok(()) };
        db.write(async |tx| {
            if found == Found::Nothing {
                device::take_back(tx, op, user, &device).await?;
            }
            let account = if is_provisioned { users::by_id(tx, user).await? } else { None };
            if let Some(since) = account.and_then(|account| account.deactivated_at) {
                jobs::enqueue(tx, op, &Job::DeactivateUser { user, erase: false, since }).await?;
            }
            Ok(())
        })
        .await
    }
}
