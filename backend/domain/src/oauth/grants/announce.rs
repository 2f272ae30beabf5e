//! Telling the homeserver of a new session's device.

use kernel::Result;

use crate::{homeserver::Homeserver, sessions::device};

/// A device that a session is about to have.
#[derive(Clone, Copy, Debug)]
pub struct NewDevice<'a> {
    /// The localpart.
    pub username: &'a str,
    pub device: &'a str,
    /// Name of the client, which becomes part of the device's name.
    pub client: &'a str,
    pub user_agent: Option<&'a str>,
}

pub async fn announce(homeserver: &Homeserver, new: NewDevice<'_>) -> Result<()> {
    let name = crate::users::device_name(new.client, new.user_agent);
    device::announce(homeserver, new.username, new.device, Some(&name)).await
}
