//! Work that must happen after a transaction, and must happen: calls to the homeserver, later mails and clean-up.
//!
//! A job is a variant, a file, an arm. It is enqueued in the transaction that causes it, so a rolled-back request
//! leaves none; it runs at least once, so it is idempotent; payloads only ever grow. A worker takes a job by a
//! lease: if the worker dies, the lease runs out and another one takes the job, which counts as an attempt.

mod delete_device;
mod provision_user;
mod queue;

use kernel::{Result, error::chain, id::*};
use serde::{Deserialize, Serialize};
use store::Db;

use crate::homeserver::Homeserver;

pub use queue::{Claimed, RENEW_EVERY, Settled, claim, enqueue, finish, renew};

/// What can be asked for. The queue names are those that operators know from logs and metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "kebab-case")]
pub enum Job {
    /// Tells the homeserver about a user: creates it there if need be, with e-mail addresses and lock state.
    ProvisionUser {
        user: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
    },
    /// Removes a device from the homeserver, unless another session has come to use it meanwhile.
    DeleteDevice { user: UserId, device: String },
}

impl Job {
    pub const fn queue(&self) -> &'static str {
        match self {
            Self::ProvisionUser { .. } => "provision-user",
            Self::DeleteDevice { .. } => "delete-device",
        }
    }
}

/// What a job reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Trying again may help; the reason is for the log and the queue.
    Retry(String),
    /// Trying again will not help.
    GiveUp(String),
}

/// Runs one job. Errors of the database or of the homeserver mean another attempt.
pub async fn run(db: &Db, homeserver: &Homeserver, job: &Job) -> Outcome {
    let result: Result<Outcome> = match job {
        Job::ProvisionUser { user, display_name } => {
            provision_user::run(db, homeserver, *user, display_name.as_deref()).await
        }
        Job::DeleteDevice { user, device } => delete_device::run(db, homeserver, *user, device).await,
    };
    result.unwrap_or_else(|error| Outcome::Retry(chain(&error)))
}
