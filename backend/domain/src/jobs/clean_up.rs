//! Removes what is kept no longer, a slice at a time, so that on SQLite, where one transaction writes at a time, nobody
//! waits for long.
//!
//! Most kinds are one statement that takes a slice of at most [`SLICE`] rows: it finds them by an index on which nothing else
//! comes before them. Others are looked for ([`walk`]). A run ends when a slice was not full, or, after [`SLICES`] slices
//! or when it is asked to stop, with a job that goes on.

mod walk;

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::*};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use store::sql;

use super::{
    Job, Outcome, Parts,
    queue::{When, insert},
};

pub use walk::Cursor;
use walk::Walk;

const SLICE: usize = 500;
const SLICES: usize = 100;
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long things stay; the configuration's section `retention`.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Authorization requests and their codes, from their beginning.
    pub authorization_grants: Duration,
    /// Authorization requests and legacy sign-ins that nobody has answered, and registrations that nobody has finished, from their
    /// beginning. Anybody can make some.
    pub unanswered_requests: Duration,
    /// Device authorization requests, from their beginning.
    pub device_grants: Duration,
    /// Legacy sign-ins through the browser, from their beginning.
    pub compat_sso_logins: Duration,
    /// Tokens of sessions that ended, from that end.
    pub ended_session_tokens: Duration,
    /// App sessions, from their end.
    pub ended_sessions: Duration,
    /// Browser sessions, from their end.
    pub ended_browser_sessions: Duration,
    /// Sign-ins that were begun, from their beginning.
    pub sign_ins: Duration,
    /// Registrations, finished or not, from their beginning.
    pub registrations: Duration,
    /// Recoveries of accounts, with the links that were mailed, from their beginning.
    pub recovery_sessions: Duration,
    /// Proofs that an e-mail address is somebody's, with their codes, from their beginning.
    pub email_authentications: Duration,
    /// Visits to upstream providers that led to no browser session, or whose browser session is gone, and links without
    /// a user; from their beginning.
    pub upstream_visits: Duration,
    /// Addresses of sessions, from the session's last use.
    pub inactive_addresses: Duration,
    /// The log of what has become invalid.
    pub changes: Duration,
    /// Jobs that were run or given up, from their beginning.
    pub jobs: Duration,
    /// Addresses and user agents of audit events, from the event.
    pub audit_addresses: Duration,
    /// Sign-ins that failed, in the audit trail; zero for ever.
    pub audit_failed_sign_ins: Duration,
    /// All audit events; zero for ever.
    pub audit_events: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            authorization_grants: 7 * DAY,
            unanswered_requests: DAY,
            device_grants: 7 * DAY,
            compat_sso_logins: 7 * DAY,
            ended_session_tokens: HOUR,
            ended_sessions: 30 * DAY,
            ended_browser_sessions: 30 * DAY,
            sign_ins: 7 * DAY,
            registrations: 30 * DAY,
            recovery_sessions: 7 * DAY,
            email_authentications: 7 * DAY,
            upstream_visits: 7 * DAY,
            inactive_addresses: 30 * DAY,
            changes: 7 * DAY,
            jobs: 30 * DAY,
            audit_addresses: 30 * DAY,
            audit_failed_sign_ins: 90 * DAY,
            audit_events: Duration::ZERO,
        }
    }
}

/// What is left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remains {
    AuthorizationGrants,
    UnansweredAuthorizationGrants,
    DeviceGrants,
    /// Legacy sign-ins through the browser.
    CompatSsoLogins,
    UnansweredCompatSsoLogins,
    /// Used client assertions that would be refused for their age by now.
    ClientAssertions,
    TokensOfEndedSessions,
    EndedSessions,
    /// Of `client_credentials`: nobody ends them, and nothing renews them.
    SpentClientSessions,
    EndedBrowserSessions,
    SignIns,
    Registrations,
    UnfinishedRegistrations,
    RecoverySessions,
    EmailAuthentications,
    UpstreamVisits,
    UpstreamLinks,
    /// All but the newest few.
    PolicyData,
    InactiveAddresses,
    InactiveBrowserAddresses,
    Changes,
    Jobs,
    /// Addresses and user agents of audit events.
    AuditAddresses,
    AuditFailedSignIns,
    AuditEvents,
    /// What was asked for of many at once, and has come to an end.
    BulkOperations,
    /// Keys of requests that were sent once more, with their answers.
    IdempotencyKeys,
}

impl Remains {
    pub const fn queue(self) -> &'static str {
        match self {
            Self::AuthorizationGrants => "cleanup-oauth-authorization-grants",
            Self::UnansweredAuthorizationGrants => "cleanup-unanswered-authorization-grants",
            Self::DeviceGrants => "cleanup-oauth-device-code-grants",
            Self::CompatSsoLogins => "cleanup-compat-sso-logins",
            Self::UnansweredCompatSsoLogins => "cleanup-unanswered-compat-sso-logins",
            Self::ClientAssertions => "cleanup-client-assertions",
            Self::TokensOfEndedSessions => "cleanup-revoked-oauth-tokens",
            Self::EndedSessions => "cleanup-finished-sessions",
            Self::SpentClientSessions => "cleanup-spent-client-sessions",
            Self::EndedBrowserSessions => "cleanup-finished-user-sessions",
            Self::SignIns => "cleanup-sign-ins",
            Self::Registrations => "cleanup-user-registrations",
            Self::UnfinishedRegistrations => "cleanup-unfinished-user-registrations",
            Self::RecoverySessions => "cleanup-user-recovery-sessions",
            Self::EmailAuthentications => "cleanup-user-email-authentications",
            Self::UpstreamVisits => "cleanup-upstream-oauth-sessions",
            Self::UpstreamLinks => "cleanup-upstream-oauth-links",
            Self::PolicyData => "prune-stale-policy-data",
            Self::InactiveAddresses => "cleanup-inactive-session-ips",
            Self::InactiveBrowserAddresses => "cleanup-inactive-user-session-ips",
            Self::Changes => "cleanup-changes",
            Self::Jobs => "cleanup-queue-jobs",
            Self::AuditAddresses => "cleanup-audit-addresses",
            Self::AuditFailedSignIns => "cleanup-audit-failed-sign-ins",
            Self::AuditEvents => "cleanup-audit-events",
            Self::BulkOperations => "cleanup-bulk-operations",
            Self::IdempotencyKeys => "cleanup-idempotency-keys",
        }
    }

    const fn way(self) -> Way {
        match self {
            Self::AuthorizationGrants => Way::ById(AUTHORIZATION_GRANTS),
            Self::UnansweredAuthorizationGrants => Way::ById(UNANSWERED_AUTHORIZATION_GRANTS),
            Self::DeviceGrants => Way::ById(DEVICE_GRANTS),
            Self::CompatSsoLogins => Way::ById(COMPAT_SSO_LOGINS),
            Self::UnansweredCompatSsoLogins => Way::ById(UNANSWERED_COMPAT_SSO_LOGINS),
            Self::ClientAssertions => Way::ByInstant(CLIENT_ASSERTIONS),
            Self::TokensOfEndedSessions => Way::Walk(walk::TOKENS_OF_ENDED_SESSIONS),
            Self::EndedSessions => Way::ByInstant(ENDED_SESSIONS),
            Self::SpentClientSessions => Way::ByBoth(SPENT_CLIENT_SESSIONS),
            Self::EndedBrowserSessions => Way::Walk(walk::ENDED_BROWSER_SESSIONS),
            Self::SignIns => Way::ById(SIGN_INS),
            Self::Registrations => Way::ById(REGISTRATIONS),
            Self::UnfinishedRegistrations => Way::ById(UNFINISHED_REGISTRATIONS),
            Self::RecoverySessions => Way::ById(RECOVERY_SESSIONS),
            Self::EmailAuthentications => Way::ById(EMAIL_AUTHENTICATIONS),
            Self::UpstreamVisits => Way::ById(UPSTREAM_VISITS),
            Self::UpstreamLinks => Way::ById(UPSTREAM_LINKS),
            Self::PolicyData => Way::ById(POLICY_DATA),
            Self::InactiveAddresses => Way::Walk(walk::INACTIVE_ADDRESSES),
            Self::InactiveBrowserAddresses => Way::Walk(walk::INACTIVE_BROWSER_ADDRESSES),
            Self::Changes => Way::ByInstant(CHANGES),
            Self::Jobs => Way::ById(JOBS),
            Self::AuditAddresses => Way::ById(AUDIT_ADDRESSES),
            Self::AuditFailedSignIns => Way::ById(AUDIT_FAILED_SIGN_INS),
            Self::AuditEvents => Way::ById(AUDIT_EVENTS),
            Self::BulkOperations => Way::InTurn(BULK_TARGETS, BULK_OPERATIONS),
            Self::IdempotencyKeys => Way::ByInstant(IDEMPOTENCY_KEYS),
        }
    }

    /// Whether to keep it for no time is to keep it for ever.
    const fn may_stay_for_ever(self) -> bool {
        matches!(self, Self::AuditFailedSignIns | Self::AuditEvents)
    }

    const fn kept(self, retention: &Retention) -> Duration {
        match self {
            Self::AuthorizationGrants => retention.authorization_grants,
            Self::UnansweredAuthorizationGrants
            | Self::UnansweredCompatSsoLogins
            | Self::UnfinishedRegistrations => retention.unanswered_requests,
            Self::DeviceGrants => retention.device_grants,
            Self::CompatSsoLogins => retention.compat_sso_logins,
            Self::ClientAssertions | Self::PolicyData => Duration::ZERO,
            Self::TokensOfEndedSessions => retention.ended_session_tokens,
            Self::EndedSessions | Self::SpentClientSessions => retention.ended_sessions,
            Self::EndedBrowserSessions => retention.ended_browser_sessions,
            Self::SignIns => retention.sign_ins,
            Self::Registrations => retention.registrations,
            Self::RecoverySessions => retention.recovery_sessions,
            Self::EmailAuthentications => retention.email_authentications,
            Self::UpstreamVisits | Self::UpstreamLinks => retention.upstream_visits,
            Self::InactiveAddresses | Self::InactiveBrowserAddresses => retention.inactive_addresses,
            Self::Changes => retention.changes,
            Self::Jobs | Self::BulkOperations => retention.jobs,
            Self::IdempotencyKeys => crate::idempotency::KEPT,
            Self::AuditAddresses => retention.audit_addresses,
            Self::AuditFailedSignIns => retention.audit_failed_sign_ins,
            Self::AuditEvents => retention.audit_events,
        }
    }
}

/// How what is to go is found.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// A statement that takes at most `$2` rows of before the instant `$1`.
    ByInstant(&'static str),
    /// Likewise of before the id `$1`: ids carry when they were made, and are indexed.
    ById(&'static str),
    /// [`Way::ById`], which also compares with the instant, `$3`.
    ByBoth(&'static str),
    /// Two times [`Way::ById`]: the second once nothing of the first is left.
    InTurn(&'static str, &'static str),
    Walk(Walk),
}

/// `after` is where an earlier run of the same kind stopped.
pub async fn run(parts: Parts<'_>, op: &Op, remains: Remains, after: Option<Cursor>) -> Result<Outcome> {
    let kept = remains.kept(&parts.upkeep.retention);
    if kept.is_zero() && remains.may_stay_for_ever() {
        return Ok(Outcome::Done);
    }
    let before = op.now - kept;
    let (first, slice) = (Value::from(first_id(before)), Value::from(SLICE as i64));
    let (taken, on_from) = match remains.way() {
        Way::ByInstant(statement) => (take(parts, statement, vec![before.into(), slice]).await?, None),
        Way::ById(statement) => (take(parts, statement, vec![first, slice]).await?, None),
        Way::InTurn(one, other) => {
            let mut taken = take(parts, one, vec![first.clone(), slice.clone()]).await?;
            if taken.all {
                let more = take(parts, other, vec![first, slice]).await?;
                taken = Taken { rows: taken.rows + more.rows, all: more.all };
            }
            (taken, None)
        }
        Way::ByBoth(statement) => (take(parts, statement, vec![first, slice, before.into()]).await?, None),
        Way::Walk(walk) => {
            let from = after.unwrap_or_else(|| beginning(op, remains, before));
            let walked = walk.go(parts.db, before, from, parts.stop).await?;
            (Taken { rows: walked.removed, all: walked.on_from.is_none() }, walked.on_from)
        }
    };
    let removed = taken.rows;
    if taken.all {
        tracing::info!(removed, "Cleaned up");
        return Ok(Outcome::Done);
    }
    let job = Job::CleanUp { remains, after: on_from };
    let when = When { delay: Duration::ZERO, schedule: Some(job.queue()) };
    parts.db.write(async |tx| insert(tx, op, &job, when).await).await?;
    tracing::info!(removed, "Cleaned up, and there is more");
    Ok(Outcome::Done)
}

/// Sessions stay for long after their tokens have gone: an hourly run looks only at those of the last day. Once a day it looks at all,
/// because there may have been no worker.
fn beginning(op: &Op, remains: Remains, before: Timestamp) -> Cursor {
    let is_nightly = op.now.as_secs().rem_euclid(24 * 3600) / 3600 == 3;
    Cursor::at(match remains {
        Remains::TokensOfEndedSessions if !is_nightly => before - DAY,
        _ => Timestamp(0),
    })
}

struct Taken {
    rows: u64,
    all: bool,
}

async fn take(parts: Parts<'_>, statement: &'static str, values: Vec<Value>) -> Result<Taken> {
    let mut taken = Taken { rows: 0, all: false };
    for _ in 0..SLICES {
        let rows = sql::execute(&parts.db.single, statement, values.clone()).await?;
        taken.rows += rows;
        taken.all = rows < SLICE as u64;
        if taken.all || parts.stop.is_cancelled() {
            break;
        }
    }
    Ok(taken)
}

/// The smallest id of that instant.
fn first_id(at: Timestamp) -> SessionId {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    Id::from_ulid(kernel::id::first_ulid(millis))
}

macro_rules! delete {
    ($table:literal, $key:literal, $($which:expr),+) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE ",
            $key,
            " IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE ",
            $($which,)+
            " LIMIT $2)"
        )
    };
}

const AUTHORIZATION_GRANTS: &str = delete!("authorization_grants", "id", "id < $1 ORDER BY id");
const DEVICE_GRANTS: &str = delete!("device_grants", "id", "id < $1 ORDER BY id");
const COMPAT_SSO_LOGINS: &str = delete!("compat_sso_logins", "id", "id < $1 ORDER BY id");
const UNANSWERED_AUTHORIZATION_GRANTS: &str = delete!(
    "authorization_grants",
    "id",
    "id < $1 AND fulfilled_at IS NULL AND cancelled_at IS NULL ORDER BY id"
);
const UNANSWERED_COMPAT_SSO_LOGINS: &str =
    delete!("compat_sso_logins", "id", "id < $1 AND fulfilled_at IS NULL ORDER BY id");
const SIGN_INS: &str = delete!("sign_ins", "id", "id < $1 ORDER BY id");
// With them go the codes, links and proofs that belong to them.
const REGISTRATIONS: &str = delete!("registrations", "id", "id < $1 ORDER BY id");
const UNFINISHED_REGISTRATIONS: &str =
    delete!("registrations", "id", "id < $1 AND completed_at IS NULL ORDER BY id");
const RECOVERY_SESSIONS: &str = delete!("recovery_sessions", "id", "id < $1 ORDER BY id");
const EMAIL_AUTHENTICATIONS: &str = delete!("email_authentications", "id", "id < $1 ORDER BY id");

// Those that a browser session came from stay with it, for signing out at the provider.
const UPSTREAM_VISITS: &str =
    delete!("upstream_visits", "id", "id < $1 AND browser_session_id IS NULL ORDER BY id");

// Somebody who has come back lately may be about to register.
const UPSTREAM_LINKS: &str = delete!(
    "upstream_links",
    "id",
    "id < $1 AND user_id IS NULL AND NOT EXISTS (\
       SELECT 1 FROM upstream_visits v WHERE v.link_id = upstream_links.id AND v.id >= $1) ORDER BY id"
);

const POLICY_DATA: &str = delete!(
    "policy_data",
    "id",
    "id < $1 AND id NOT IN (SELECT id FROM policy_data ORDER BY id DESC LIMIT 10)"
);
const JOBS: &str =
    delete!("jobs", "id", "id < $1 AND (completed_at IS NOT NULL OR failed_at IS NOT NULL) ORDER BY id");
// One whose job is gone does not go on.
macro_rules! is_over {
    () => {
        "id < $1 AND (finished_at IS NOT NULL OR cancelled_at IS NOT NULL \
           OR NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = bulk_operations.job_id))"
    };
}
// Whom it was for, which may be very many, before the operation itself.
const BULK_TARGETS: &str = concat!(
    "DELETE FROM bulk_targets WHERE (operation_id, target_id) IN (\
       SELECT operation_id, target_id FROM bulk_targets WHERE operation_id IN (SELECT id FROM bulk_operations WHERE ",
    is_over!(),
    ") ORDER BY operation_id, target_id LIMIT $2)"
);
// With them go their failures.
const BULK_OPERATIONS: &str = delete!("bulk_operations", "id", is_over!(), " ORDER BY id");
const IDEMPOTENCY_KEYS: &str = "DELETE FROM idempotency_keys WHERE (actor, key_hash) IN (\
  SELECT actor, key_hash FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
const AUDIT_ADDRESSES: &str = "UPDATE audit_events SET address = NULL, user_agent = NULL WHERE id IN (\
  SELECT id FROM audit_events WHERE id < $1 AND (address IS NOT NULL OR user_agent IS NOT NULL) ORDER BY id LIMIT $2)";
const AUDIT_FAILED_SIGN_INS: &str =
    delete!("audit_events", "id", "id < $1 AND kind = 'sign_in_failed' ORDER BY id");
const AUDIT_EVENTS: &str = delete!("audit_events", "id", "id < $1 ORDER BY id");
const CHANGES: &str = delete!("changes", "seq", "at < $1 ORDER BY seq");

const CLIENT_ASSERTIONS: &str = "DELETE FROM client_assertions WHERE (client_id, jti_hash) IN (\
  SELECT client_id, jti_hash FROM client_assertions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";

// With them go their tokens, if any are left.
const ENDED_SESSIONS: &str =
    delete!("sessions", "id", "finished_at IS NOT NULL AND finished_at < $1 ORDER BY finished_at");

// Looked for by their age first: hardly one that is as old as that is not spent.
const SPENT_CLIENT_SESSIONS: &str = delete!(
    "sessions",
    "id",
    "id < $1 AND user_id IS NULL AND kind = 'oauth' AND EXISTS (SELECT 1 FROM token_pairs t \
       WHERE t.session_id = sessions.id AND t.refresh_hash IS NULL AND t.access_expires_at < $3) ORDER BY id"
);
