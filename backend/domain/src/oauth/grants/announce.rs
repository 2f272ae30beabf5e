//! Telling the homeserver of a new session's device.

use kernel::{Error, Result};

use crate::homeserver::{Homeserver, Provisioning, Upsert};

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

/// The device must be there before the client has its token, because the client's first request needs it. A user whom
/// the homeserver does not know yet is provisioned first, so that nobody depends on how fast a worker is.
pub async fn announce(homeserver: &Homeserver, new: NewDevice<'_>) -> Result<()> {
    let name = crate::users::device_name(new.client, new.user_agent);
    let upsert = async || homeserver.upsert_device(new.username, new.device, Some(&name)).await;
    if upsert().await? == Upsert::NoSuchUser {
        homeserver.provision_user(new.username, &Provisioning::default()).await?;
        if upsert().await? == Upsert::NoSuchUser {
            return Err(Error::unavailable(
                "the homeserver denies knowing a user that it has just provisioned",
            ));
        }
    }
    Ok(())
}
