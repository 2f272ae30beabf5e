//! The link to the homeserver: what the service asks of it, and the kinds that can answer.
//!
//! [`Homeserver`] says what each call means. [`modern`] and [`legacy`] say it in Synapse's words, and [`link`] carries
//! the words: it keeps to time limits, tries again, and stops asking a homeserver that is down ([`circuit`]).
//!
//! Never called while a transaction is open.

mod call;
mod circuit;
mod legacy;
mod link;
mod metrics;
mod modern;
mod standing;

use std::{fmt, time::Duration};

use async_trait::async_trait;
use kernel::{Error, Kind, Result, Secret, id::UserId};
use url::Url;

pub use call::MOMENT;
pub use link::{Link, Surroundings, not_asked};

use legacy::Legacy;
use modern::Modern;

/// Device names longer than this are refused by Synapse.
const LONGEST_DEVICE_NAME: usize = 100;

/// Where Synapse is and how to prove to it who we are.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// With or without a slash at its end: what is called lies below.
    pub base: Url,
    pub secret: Secret<String>,
}

/// What the homeserver is to know about a user.
#[derive(Clone, Copy, Debug, Default)]
pub struct Provisioning<'a> {
    /// `None` leaves the name as it is.
    pub display_name: Option<&'a str>,
    /// The whole list; `None` leaves the addresses as they are.
    pub emails: Option<&'a [String]>,
    /// Synapse's older interface is not told: there, introspection alone keeps a locked user out.
    pub locked: bool,
    /// By which Synapse's older interface knows the user again; others go by the name. `None` leaves it as it is.
    pub subject: Option<UserId>,
}

/// What the homeserver knows about a user.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Profile {
    #[serde(alias = "displayname")]
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
    /// Also if an earlier attempt met no answer, so that nobody can tell: answers get lost by themselves, while two only
    /// come upon the same id on purpose.
    Created,
    /// It was there before.
    Known,
    /// The homeserver does not know the user (yet).
    NoSuchUser,
}

/// Which homeserver is spoken to, and how.
pub struct Homeserver {
    /// `None` where there is nobody to tell.
    api: Option<Box<dyn Api>>,
    writable: bool,
}

/// What a kind of homeserver can do; [`Homeserver`] tells what is meant by each.
#[async_trait]
trait Api: Send + Sync {
    async fn query_user(&self, localpart: &str, limit: Duration) -> Result<Option<Profile>>;
    async fn availability(&self, localpart: &str) -> Result<Availability>;
    async fn provision_user(&self, localpart: &str, wanted: &Provisioning<'_>) -> Result<()>;
    async fn upsert_device(&self, localpart: &str, device: &str, name: Option<&str>) -> Result<Upsert>;
    async fn delete_device(&self, localpart: &str, device: &str) -> Result<()>;
    async fn rename_device(&self, localpart: &str, device: &str, name: &str) -> Result<()>;
    async fn devices(&self, localpart: &str) -> Result<Option<Vec<String>>>;
    async fn sync_devices(&self, localpart: &str, devices: &[String]) -> Result<()>;
    async fn set_display_name(&self, localpart: &str, name: Option<&str>) -> Result<()>;
    async fn delete_user(&self, localpart: &str, erase: bool) -> Result<()>;
    async fn reactivate_user(&self, localpart: &str) -> Result<()>;
    async fn allow_cross_signing_reset(&self, localpart: &str) -> Result<()>;
}

impl Homeserver {
    /// Nobody to tell: every request succeeds and has no effect.
    pub fn none() -> Self {
        Self { api: None, writable: true }
    }

    /// Synapse, by its interface for authentication services.
    pub fn synapse(link: Link) -> Self {
        Self { api: Some(Box::new(Modern(link))), writable: true }
    }

    /// The same, but only reads go through: for trying a migration without touching the homeserver.
    pub fn synapse_read_only(link: Link) -> Self {
        Self { writable: false, ..Self::synapse(link) }
    }

    /// Synapse up to 1.156, by its admin interface. `server_name` is the right side of its user ids.
    pub fn synapse_legacy(link: Link, server_name: &str) -> Self {
        Self { api: Some(Box::new(Legacy::new(link, server_name))), writable: true }
    }

    /// Profile of a user, or `None` if the homeserver does not know them. `limit` bounds the wait.
    pub async fn query_user(&self, localpart: &str, limit: Duration) -> Result<Option<Profile>> {
        match &self.api {
            None => Ok(None),
            Some(api) => api.query_user(localpart, limit).await,
        }
    }

    pub async fn availability(&self, localpart: &str) -> Result<Availability> {
        // Synapse answers M_UNKNOWN to non-ASCII names, which are never valid.
        if !localpart.is_ascii() {
            return Ok(Availability::Unavailable);
        }
        match &self.api {
            None => Ok(Availability::Available),
            Some(api) => api.availability(localpart).await,
        }
    }

    /// Creates or updates the user. Repeating it is harmless.
    pub async fn provision_user(&self, localpart: &str, provisioning: &Provisioning<'_>) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.provision_user(localpart, provisioning).await,
        }
    }

    /// Creates the device, or renames it if a name is given. Repeating it is harmless.
    pub async fn upsert_device(&self, localpart: &str, device: &str, name: Option<&str>) -> Result<Upsert> {
        let name = name.map(|name| name.chars().take(LONGEST_DEVICE_NAME).collect::<String>());
        match self.writable()? {
            None => Ok(Upsert::Created),
            Some(api) => api.upsert_device(localpart, device, name.as_deref()).await,
        }
    }

    /// Removes a device; an unknown device or user is no error.
    pub async fn delete_device(&self, localpart: &str, device: &str) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.delete_device(localpart, device).await,
        }
    }

    /// Gives a device another name; an unknown device or user is no error.
    pub async fn rename_device(&self, localpart: &str, device: &str, name: &str) -> Result<()> {
        let name: String = name.chars().take(LONGEST_DEVICE_NAME).collect();
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.rename_device(localpart, device, &name).await,
        }
    }

    /// The user's devices, whoever made them; `None` where that cannot be asked.
    pub async fn devices(&self, localpart: &str) -> Result<Option<Vec<String>>> {
        match &self.api {
            None => Ok(None),
            Some(api) => api.devices(localpart).await,
        }
    }

    /// Makes the user's devices exactly these: others are deleted, also those of application services. Only for
    /// an operator who asks for it.
    pub async fn sync_devices(&self, localpart: &str, devices: &[String]) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.sync_devices(localpart, devices).await,
        }
    }

    /// Sets the display name, at most 256 characters, or takes it away.
    pub async fn set_display_name(&self, localpart: &str, name: Option<&str>) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.set_display_name(localpart, name).await,
        }
    }

    /// Deactivates the user there, with all devices; `erase` also hides what they have said. Can take minutes.
    /// Repeating it is harmless.
    pub async fn delete_user(&self, localpart: &str, erase: bool) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.delete_user(localpart, erase).await,
        }
    }

    /// Takes a deactivation back. Harmless for an active user.
    pub async fn reactivate_user(&self, localpart: &str) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.reactivate_user(localpart).await,
        }
    }

    /// Lets the user replace their cross-signing keys, for ten minutes from now.
    pub async fn allow_cross_signing_reset(&self, localpart: &str) -> Result<()> {
        match self.writable()? {
            None => Ok(()),
            Some(api) => api.allow_cross_signing_reset(localpart).await,
        }
    }

    fn writable(&self) -> Result<Option<&dyn Api>> {
        if self.writable {
            return Ok(self.api.as_deref());
        }
        Err(Error::new(
            Kind::Unavailable,
            "the homeserver link is read-only (matrix.kind: synapse_read_only)",
        ))
    }
}

impl fmt::Debug for Homeserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Homeserver").field("writable", &self.writable).finish_non_exhaustive()
    }
}
