//! Ending a session: every way there leads through here.

use std::time::Duration;

use kernel::{Op, Result, id::*};
use store::{
    Tx,
    changes::{self, Change},
    sql,
};

use super::SessionKind;
use crate::{
    audit,
    jobs::{self, Job, When},
    oauth::consents,
};

/// Why a session ended, for the audit trail. Of one whose device another session came to use, the database itself says so: `replaced`
/// ([`super::device::take`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The client revoked one of its tokens (RFC 7009).
    Revoked,
    /// A superseded refresh token came back.
    RefreshTokenReplayed,
    /// An authorization code came back after its exchange.
    CodeReplayed,
    /// The operator took the client out of the configuration and asked to prune.
    ClientDeleted,
    /// Nobody used it for as long as the operator allows.
    Inactive,
    /// The client has sent the person here to sign out (OpenID Connect RP-Initiated Logout).
    SignedOut,
    /// An operator ended all sessions of the account.
    Killed,
    /// The account was deactivated.
    Deactivated,
    /// An administrator ended it.
    ByAdmin,
    /// It had power over others, and the person may not administer any more.
    AdminRevoked,
    /// The person ended it, among what is signed in to their account.
    ByOwner,
    /// The client said so through the legacy API.
    LoggedOut,
    /// The person had too many, and this one was not used for longest.
    Evicted,
    /// The homeserver did not take the device.
    NoDevice,
}

impl Reason {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::RefreshTokenReplayed => "refresh_token_replayed",
            Self::CodeReplayed => "code_replayed",
            Self::ClientDeleted => "client_deleted",
            Self::Inactive => "inactive",
            Self::SignedOut => "signed_out",
            Self::Killed => "killed",
            Self::Deactivated => "deactivated",
            Self::ByAdmin => "by_admin",
            Self::AdminRevoked => "admin_revoked",
            Self::ByOwner => "by_owner",
            Self::LoggedOut => "logged_out",
            Self::Evicted => "evicted",
            Self::NoDevice => "no_device",
        }
    }
}

impl Reason {
    const fn is_theft(self) -> bool {
        matches!(self, Self::RefreshTokenReplayed | Self::CodeReplayed)
    }
}

/// Ends a session, with all its tokens, and has its device removed from the homeserver, unless that was there before any
/// session of ours. Ending it twice is no error; the answer tells whether this call did it.
pub async fn end(tx: &Tx, op: &Op, session: SessionId, reason: Reason) -> Result<bool> {
    end_and_remove_device(tx, op, session, reason, Duration::ZERO).await
}

/// What ended, for whoever wants to know what comes of it.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// The job that has the homeserver remove the device, if there is one.
    pub job: Option<JobId>,
}

/// [`end`]; `None` if it had ended before.
pub async fn end_known(tx: &Tx, op: &Op, session: SessionId, reason: Reason) -> Result<Option<Ended>> {
    finish(tx, op, session, reason, Some(Duration::ZERO)).await
}

/// [`end`], with the homeserver told of the device after `delay` only: where many sessions end at once it need not have all
/// the work at once.
pub async fn end_and_remove_device(
    tx: &Tx,
    op: &Op,
    session: SessionId,
    reason: Reason,
    delay: Duration,
) -> Result<bool> {
    Ok(finish(tx, op, session, reason, Some(delay)).await?.is_some())
}

/// [`end`], of a session whose device the homeserver did not take. Whether it has come to be there nobody knows. It is
/// removed only if it is `ours`: one that an application service made, or the person's other software, has to stay.
pub(crate) async fn take_back(tx: &Tx, op: &Op, session: SessionId, ours: bool) -> Result<()> {
    let delay = ours.then_some(Duration::ZERO);
    finish(tx, op, session, Reason::NoDevice, delay).await.map(drop)
}

/// Has the device removed after that delay, or left alone.
async fn finish(
    tx: &Tx,
    op: &Op,
    session: SessionId,
    reason: Reason,
    delay: Option<Duration>,
) -> Result<Option<Ended>> {
    const END: &str = "UPDATE sessions SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL \
                       RETURNING user_id, client_id, CASE WHEN foreign_device THEN NULL ELSE device_id END AS device_id, \
                         kind, human_name";
    let Some(ended) = sql::one(tx, END, [session.into(), op.now.into()]).await? else { return Ok(None) };
    let user: Option<UserId> = ended.try_get("", "user_id")?;
    changes::append(tx, op, Change::Session, session).await?;
    let device: Option<String> = ended.try_get("", "device_id")?;
    let job = match (user, device, delay) {
        (Some(user), Some(device), Some(delay)) => {
            let when = When { delay, ..Default::default() };
            Some(jobs::insert(tx, op, &Job::DeleteDevice { user, device }, when).await?)
        }
        _ => None,
    };
    let client: Option<ClientId> = ended.try_get("", "client_id")?;
    if let (Some(user), Some(client), true) = (user, client, reason.is_theft()) {
        // Whoever has stolen one must not get the next without a word.
        consents::forget(tx, client, user).await?;
    }
    let mut data = serde_json::json!({ "reason": reason.as_str() });
    let is_personal = ended.try_get::<String>("", "kind")? == SessionKind::Personal.as_str();
    let kind = if is_personal {
        data["name"] = ended.try_get::<Option<String>>("", "human_name")?.into();
        audit::Kind::PersonalTokenRevoked
    } else {
        audit::Kind::SessionEnded
    };
    let subject =
        audit::Subject { user, client, session: Some(session), data: Some(data), ..Default::default() };
    audit::record(tx, op, kind, subject).await?;
    Ok(Some(Ended { job }))
}
