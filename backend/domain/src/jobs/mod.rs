//! Work that may happen later than the request that caused it, or at a certain time, and must happen: calls to the
//! homeserver, clean-up, later mails.
//!
//! A job is a variant, a file, an arm. It is enqueued in the transaction that causes it, so a rolled-back request
//! leaves none; it runs at least once, so it is idempotent; payloads only ever grow. A worker takes a job by a
//! lease: if the worker dies, the lease runs out and another one takes the job, which counts as an attempt.
//! What happens again and again is a line in [`schedules`]; who comes first and how many run at once is in [`terms`];
//! what operators see and do is in [`operator`].

mod clean_up;
mod deactivate_user;
mod delete_device;
mod delete_devices;
mod end_client_sessions;
mod expire_inactive;
pub mod operator;
pub mod provision_user;
mod queue;
pub mod schedules;
mod send_email_code;
mod settle;
mod share;
pub mod terms;

use std::time::Duration;

use kernel::{Op, Result, Timestamp, error::chain, id::*, seal::Vault};
use serde::{Deserialize, Serialize};
use store::Db;

use crate::{
    bulk,
    homeserver::{self, Homeserver},
    mail::Post,
    oauth::clients,
    sessions::activity::Activity,
    users,
};

pub use clean_up::{Cursor, Remains, Retention};
pub use expire_inactive::{Inactivity, Kind as SessionsKind};
pub use queue::{Claimed, RENEW_EVERY, claim, enqueue, enqueue_after, enqueue_known, give_back, renew};
pub(crate) use queue::{When, insert};
pub use settle::{Ended, Settled, settle};
pub use share::Room;
/// Asks a job to stop early: it then returns soon, and what is left is a job of its own or of the next time.
pub use tokio_util::sync::CancellationToken as Stop;

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
    /// The same for somebody who is there already, and learns by which name the homeserver shows them.
    ProvisionAnew { user: UserId },
    /// Removes a device from the homeserver, unless another session has come to use it meanwhile.
    DeleteDevice { user: UserId, device: String },
    /// Likewise, of sessions that ended together.
    DeleteDevices { user: UserId, devices: Vec<String> },
    /// Finishes a deactivation: ends sessions, erases if that was asked for, tells the homeserver. Of another deactivation
    /// than that of `since`, nothing.
    DeactivateUser { user: UserId, erase: bool, since: Timestamp },
    /// Opens a deactivated account again, at the homeserver first. Of another deactivation than that of `since`, nothing.
    ReactivateUser {
        user: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
    },
    /// Makes a code for an address that is being verified, and sends it there.
    SendEmailCode {
        authentication: EmailAuthenticationId,
        /// Of the mail, BCP 47.
        language: String,
        /// When somebody asked for the mail; of older jobs, when the verification was begun.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_at: Option<Timestamp>,
    },
    /// Removes what is kept no longer.
    CleanUp {
        remains: Remains,
        /// Where to go on, for what is looked for row by row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Cursor>,
    },
    /// Goes on with a bulk operation. Of another step than the one that it stands at, nothing.
    BulkOperation { operation: BulkOperationId, step: i64 },
    /// Ends the sessions of a client that was disabled, beginning after that one; of a client that was deleted, removes all
    /// that is left as well.
    EndClientSessions {
        client: ClientId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<SessionId>,
        /// It is the second time, for what was begun at that very moment.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// Removes clients that registered themselves and never had a session.
    RemoveUnusedClients,
    /// Looks for sessions that nobody uses any more, if they are to end.
    ExpireInactive,
    /// Ends sessions of one kind that were not used since `threshold`, beginning after that id (of that kind).
    ExpireInactiveSessions {
        kind: SessionsKind,
        threshold: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<SessionId>,
    },
}

impl Job {
    pub const fn queue(&self) -> &'static str {
        match self {
            Self::ProvisionUser { .. } | Self::ProvisionAnew { .. } => "provision-user",
            Self::DeleteDevice { .. } => "delete-device",
            Self::DeleteDevices { .. } => "delete-devices",
            Self::DeactivateUser { .. } => "deactivate-user",
            Self::ReactivateUser { .. } => "reactivate-user",
            Self::SendEmailCode { .. } => "send-email-authentication-code",
            Self::CleanUp { remains, .. } => remains.queue(),
            Self::BulkOperation { .. } => "bulk-operation",
            Self::EndClientSessions { .. } => "end-client-sessions",
            Self::RemoveUnusedClients => "remove-unused-clients",
            Self::ExpireInactive => "expire-inactive-sessions",
            Self::ExpireInactiveSessions { kind, .. } => kind.queue(),
        }
    }
}

/// What a job reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Trying again may help; the reason is for the log and the queue.
    Retry(String),
    /// There was no attempt: the homeserver is known not to answer, for at least so long.
    Postponed(String, Duration),
    /// It panicked; trying again may help.
    Crashed(String),
    /// Trying again will not help.
    GiveUp(String),
}

impl Outcome {
    /// Why it is not done; empty if it is.
    pub fn reason(&self) -> &str {
        match self {
            Self::Done => "",
            Self::Retry(reason)
            | Self::Postponed(reason, _)
            | Self::Crashed(reason)
            | Self::GiveUp(reason) => reason,
        }
    }
}

/// What jobs work with.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub homeserver: &'a Homeserver,
    pub activity: &'a Activity,
    pub upkeep: &'a Upkeep,
    pub vault: &'a Vault,
    pub post: &'a Post,
    pub stop: &'a Stop,
}

/// What the operator has said about how long things stay.
#[derive(Clone, Debug, Default)]
pub struct Upkeep {
    pub retention: Retention,
    /// `oauth.registration.unused_client_ttl`; zero for ever.
    pub unused_client_ttl: Duration,
    /// `experimental.inactive_session_expiration`
    pub inactivity: Option<Inactivity>,
}

/// Runs a claimed job, or tells why it cannot be run.
pub async fn run_claimed(parts: Parts<'_>, op: &Op, claimed: &Claimed) -> Outcome {
    match &claimed.job {
        Ok(job) if terms::is_in_bulk(&claimed.queue) => {
            let mut op = op.clone();
            op.in_bulk = true;
            run(parts, &op, job).await
        }
        Ok(job) => run(parts, op, job).await,
        Err(why) => Outcome::Retry(why.clone()),
    }
}

/// Runs one job. Errors of the database or of the homeserver mean another attempt; that the homeserver was not asked is none.
pub async fn run(parts: Parts<'_>, op: &Op, job: &Job) -> Outcome {
    let Parts { db, homeserver, .. } = parts;
    let result: Result<Outcome> = match job {
        Job::ProvisionUser { user, display_name } => {
            provision_user::run(db, homeserver, *user, display_name.as_deref()).await
        }
        Job::ProvisionAnew { user } => provision_user::anew(db, homeserver, *user).await,
        Job::DeleteDevice { user, device } => delete_device::run(db, homeserver, op, *user, device).await,
        Job::DeleteDevices { user, devices } => delete_devices::run(parts, op, *user, devices).await,
        Job::DeactivateUser { user, erase, since } => {
            let asked = deactivate_user::Deactivation { user: *user, erase: *erase, since: *since };
            deactivate_user::run(parts, op, asked).await
        }
        Job::ReactivateUser { user, since } => {
            users::reactivate::run(db, homeserver, op, *user, *since).await.map(|()| Outcome::Done)
        }
        Job::SendEmailCode { authentication, language, asked_at } => {
            send_email_code::run(parts, op, *authentication, (language.as_str(), *asked_at)).await
        }
        Job::CleanUp { remains, after } => clean_up::run(parts, op, *remains, *after).await,
        Job::BulkOperation { operation, step } => bulk::run(parts, op, *operation, *step).await,
        Job::EndClientSessions { client, after, again } => {
            let shut = end_client_sessions::Shut { client: *client, after: *after, again: *again };
            end_client_sessions::run(parts, op, shut).await
        }
        Job::RemoveUnusedClients => remove_unused_clients(parts, op).await,
        Job::ExpireInactive => expire_inactive::plan(parts, op).await,
        Job::ExpireInactiveSessions { kind, threshold, after } => {
            let from = expire_inactive::From { kind: *kind, threshold: *threshold, after: *after };
            expire_inactive::run(parts, op, from).await
        }
    };
    result.unwrap_or_else(|error| match homeserver::not_asked(&error) {
        Some(wait) => Outcome::Postponed(chain(&error), wait),
        None => Outcome::Retry(chain(&error)),
    })
}

async fn remove_unused_clients(parts: Parts<'_>, op: &Op) -> Result<Outcome> {
    let ttl = Some(parts.upkeep.unused_client_ttl).filter(|ttl| !ttl.is_zero());
    let removed = clients::remove_unused(parts.db, op, ttl, parts.stop).await?;
    tracing::info!(removed, "Removed clients that were never used");
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an older version has enqueued is still there when a newer one starts: payloads may grow and never change.
    #[test]
    fn payloads_stay_readable() {
        for (payload, queue) in [
            (r#"{"job":"provision-user","user":"01K2C31V80V37E3S3E28JT97KB"}"#, "provision-user"),
            (
                r#"{"job":"provision-user","user":"01K2C31V80V37E3S3E28JT97KB","display_name":"A"}"#,
                "provision-user",
            ),
            (r#"{"job":"provision-anew","user":"01K2C31V80V37E3S3E28JT97KB"}"#, "provision-user"),
            (r#"{"job":"delete-device","user":"01K2C31V80V37E3S3E28JT97KB","device":"D"}"#, "delete-device"),
            (
                r#"{"job":"send-email-code","authentication":"01K2C31V80V37E3S3E28JT97KB","language":"de"}"#,
                "send-email-authentication-code",
            ),
            (r#"{"job":"clean-up","remains":"changes"}"#, "cleanup-changes"),
            (
                r#"{"job":"clean-up","remains":"inactive-addresses","after":"01K2C31V80V37E3S3E28JT97KB"}"#,
                "cleanup-inactive-session-ips",
            ),
            (
                r#"{"job":"clean-up","remains":"ended-browser-sessions","after":"1785585600000000/01K2C31V80V37E3S3E28JT97KB"}"#,
                "cleanup-finished-user-sessions",
            ),
            (
                r#"{"job":"bulk-operation","operation":"01K2C31V80V37E3S3E28JT97KB","step":7}"#,
                "bulk-operation",
            ),
            (r#"{"job":"end-client-sessions","client":"01K2C31V80V37E3S3E28JT97KB"}"#, "end-client-sessions"),
            (
                r#"{"job":"end-client-sessions","client":"01K2C31V80V37E3S3E28JT97KB","after":"01K2C31V80V37E3S3E28JT97KB","again":true}"#,
                "end-client-sessions",
            ),
            (r#"{"job":"remove-unused-clients"}"#, "remove-unused-clients"),
            (r#"{"job":"expire-inactive"}"#, "expire-inactive-sessions"),
            (
                r#"{"job":"expire-inactive-sessions","kind":"browser","threshold":1785585600000000}"#,
                "expire-inactive-user-sessions",
            ),
        ] {
            let job: Job = serde_json::from_str(payload).unwrap();
            assert_eq!(job.queue(), queue);
            assert_eq!(
                serde_json::to_value(&job).unwrap(),
                serde_json::from_str::<serde_json::Value>(payload).unwrap()
            );
        }
    }
}
