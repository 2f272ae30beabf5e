//! Telling the homeserver of a new session's device.

use kernel::{Op, Result};
use store::{Db, sql};

use super::start::NewSession;
use crate::{
    agent::Agent,
    homeserver::Homeserver,
    jobs::{self, Job},
    mail::Writer,
    sessions::device::{self, Found},
};

/// A device that a session is about to have.
#[derive(Clone, Copy, Debug)]
pub struct NewDevice<'a> {
    /// The localpart.
    pub username: &'a str,
    pub device: &'a str,
    /// Name of the client, which becomes part of the device's name.
    pub client: &'a str,
    pub user_agent: Option<&'a str>,
    /// In which the person was asked, as a BCP 47 tag; without one, English.
    pub language: Option<&'a str>,
}

pub async fn announce(homeserver: &Homeserver, writer: &dyn Writer, new: NewDevice<'_>) -> Result<Found> {
    let agent = Agent::parse(new.user_agent.unwrap_or_default());
    let name = writer.device_name(new.language.unwrap_or("en"), new.client, &agent)?;
    device::announce(homeserver, new.username, new.device, Some(&name)).await
}

/// The homeserver made the device for a session that came to nothing: it is removed, unless somebody uses it. Of exchanges of one
/// code at the same time that may be the one that won, which then has found what this one made: the device is its own.
pub async fn take_back(db: &Db, op: &Op, lost: &NewSession<'_>) -> Result<()> {
    const OURS: &str =
        "UPDATE sessions SET foreign_device = FALSE WHERE user_id = $1 AND device_id = $2 AND foreign_device";
    let (Some(user), Some(device), Found::Nothing) = (lost.user, lost.device, lost.found) else {
        return Ok(());
    };
    let device = device.to_owned();
    db.write(async |tx| {
        sql::execute(tx, OURS, [user.into(), device.clone().into()]).await?;
        jobs::enqueue(tx, op, &Job::DeleteDevice { user, device: device.clone() }).await
    })
    .await
}
