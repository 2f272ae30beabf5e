//! Telling the homeserver of a new session's device.

use kernel::{Op, Result};
use store::Db;

use super::start::NewSession;
use crate::{
    agent::Agent,
    homeserver::Homeserver,
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

/// [`device::take_back`], if the homeserver had nothing before.
pub async fn take_back(db: &Db, op: &Op, lost: &NewSession<'_>) -> Result<()> {
    let (Some(user), Some(device), Found::Nothing) = (lost.user, lost.device, lost.found) else {
        return Ok(());
    };
    db.write(async |tx| device::take_back(tx, op, user, device).await).await
}
