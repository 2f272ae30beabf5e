//! The link to the homeserver: what the service asks of it, and the kinds that can answer.
//!
//! Never called while a transaction is open. Sources: Synapse's `/_synapse/mas/*` API (since 1.136).

mod synapse;

use std::time::Duration;

use kernel::{Error, Kind, Result, Secret};
use url::Url;

pub use synapse::Synapse;

/// Device names longer than this are refused by Synapse.
const LONGEST_DEVICE_NAME: usize = 100;

/// Which homeserver is spoken to, and how.
#[derive(Debug)]
pub enum Homeserver {
    /// Nobody to tell: every request succeeds and has no effect.
    None,
    /// The modern API of Synapse.
    Synapse(Synapse),
    /// Reads go through, writes fail: for trying a migration without touching the homeserver.
    ReadOnly(Synapse),
}

/// What the homeserver is to know about a user.
#[derive(Clone, Copy, Debug)]
pub struct Provisioning<'a> {
    /// `None` leaves the name as it is.
    pub display_name: Option<&'a str>,
    /// The whole list; `None` leaves the addresses as they are.
    pub emails: Option<&'a [String]>,
    pub locked: bool,
}

/// What the homeserver knows about a user.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Profile {
    pub display_name: Option<String>,
    pub avatar_url: Option<String>,
}

/// Whether a localpart can be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    Available,
    /// Taken, reserved by an application service, or not a name that the homeserver allows.
    Unavailable,
}

/// Whether a device could be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upsert {
    Done,
    /// The homeserver does not know the user (yet).
    NoSuchUser,
}

impl Homeserver {
    /// Profile of a user, or `None` if the homeserver does not know them. `limit` bounds the wait.
    pub async fn query_user(&self, localpart: &str, limit: Duration) -> Result<Option<Profile>> {
        match self {
            Self::None => Ok(None),
            Self::Synapse(synapse) | Self::ReadOnly(synapse) => synapse.query_user(localpart, limit).await,
        }
    }

    pub async fn availability(&self, localpart: &str) -> Result<Availability> {
        // Synapse answers M_UNKNOWN to non-ASCII names, which are never valid.
        if !localpart.is_ascii() {
            return Ok(Availability::Unavailable);
        }
        match self {
            Self::None => Ok(Availability::Available),
            Self::Synapse(synapse) | Self::ReadOnly(synapse) => synapse.availability(localpart).await,
        }
    }

    /// Creates or updates the user. Repeating it is harmless.
    pub async fn provision_user(&self, localpart: &str, provisioning: &Provisioning<'_>) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.provision_user(localpart, provisioning).await,
        }
    }

    /// Creates the device, or renames it if a name is given. Repeating it is harmless.
    pub async fn upsert_device(&self, localpart: &str, device: &str, name: Option<&str>) -> Result<Upsert> {
        let name = name.map(|name| name.chars().take(LONGEST_DEVICE_NAME).collect::<String>());
        match self.writable()? {
            None => Ok(Upsert::Done),
            Some(synapse) => synapse.upsert_device(localpart, device, name.as_deref()).await,
        }
    }

    /// Removes a device; an unknown device or user is no error.
    pub async fn delete_device(&self, localpart: &str, device: &str) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.delete_device(localpart, device).await,
        }
    }

    /// Gives a device another name; an unknown device or user is no error.
    pub async fn rename_device(&self, localpart: &str, device: &str, name: &str) -> Result<()> {
        let name: String = name.chars().take(LONGEST_DEVICE_NAME).collect();
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.rename_device(localpart, device, &name).await,
        }
    }

    /// Makes the user's devices exactly these: others are deleted, also those of application services. Only for
    /// an operator who asks for it.
    pub async fn sync_devices(&self, localpart: &str, devices: &[String]) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.sync_devices(localpart, devices).await,
        }
    }

    /// Sets the display name, at most 256 characters, or takes it away.
    pub async fn set_display_name(&self, localpart: &str, name: Option<&str>) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.set_display_name(localpart, name).await,
        }
    }

    /// Deactivates the user there, with all devices; `erase` also hides what they have said. Can take minutes.
    /// Repeating it is harmless.
    pub async fn delete_user(&self, localpart: &str, erase: bool) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.delete_user(localpart, erase).await,
        }
    }

    /// Takes a deactivation back. Harmless for an active user.
    pub async fn reactivate_user(&self, localpart: &str) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.reactivate_user(localpart).await,
        }
    }

    /// Lets the user replace their cross-signing keys, for ten minutes from now.
    pub async fn allow_cross_signing_reset(&self, localpart: &str) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(synapse) => synapse.allow_cross_signing_reset(localpart).await,
        }
    }

    fn writable(&self) -> Result<Option<&Synapse>> {
        match self {
            Self::None => Ok(None),
            Self::Synapse(synapse) => Ok(Some(synapse)),
            Self::ReadOnly(_) => Err(Error::new(
                Kind::Unavailable,
                "the homeserver link is read-only (matrix.kind: synapse_read_only)",
            )),
        }
    }
}

/// Where Synapse is and how to prove to it who we are.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub base: Url,
    pub secret: Secret<String>,
}
