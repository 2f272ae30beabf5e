//! Devices of sessions, at the homeserver.

use kernel::{Error, Result};

use crate::homeserver::{Homeserver, Provisioning, Upsert};

/// The device must be there before the client has its token, because the client's first request needs it. A user whom
/// the homeserver does not know yet is provisioned first, so that nobody depends on how fast a worker is. Without a name the
/// device keeps the one that it has.
pub async fn announce(
    homeserver: &Homeserver,
    username: &str,
    device: &str,
    name: Option<&str>,
) -> Result<()> {
    let upsert = async || homeserver.upsert_device(username, device, name).await;
    if upsert().await? == Upsert::NoSuchUser {
        let provisioning = Provisioning { display_name: None, emails: None, locked: false };
        homeserver.provision_user(username, &provisioning).await?;
        if upsert().await? == Upsert::NoSuchUser {
            return Err(Error::unavailable(
                "the homeserver denies knowing a user that it has just provisioned",
            ));
        }
    }
    Ok(())
}
