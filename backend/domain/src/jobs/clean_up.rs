//! Removes what is kept no longer, a slice at a time, so that on SQLite, where one transaction writes at a time, nobody
//! waits for long.
//!
//! Each kind is one statement that takes a slice of at most [`SLICE`] rows. A run ends when a slice was not full, or, after
//! [`SLICES`] slices or when it is asked to stop, with a job that goes on.

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::*};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use store::{Db, sql};

use super::{
    Job, Outcome, Parts,
    queue::{When, insert},
};

const SLICE: usize = 500;
const SLICES: usize = 100;
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long things stay; the configuration's section `retention`.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Authorization requests and their codes, from their beginning.
    pub authorization_grants: Duration,
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
    /// The log from which replicas learn what to forget.
    pub changes: Duration,
    /// Jobs that were run or given up, from their beginning.
    pub jobs: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            authorization_grants: 7 * DAY,
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
        }
    }
}

/// What is left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remains {
    AuthorizationGrants,
    DeviceGrants,
    /// Legacy sign-ins through the browser.
    CompatSsoLogins,
    /// Used client assertions that would be refused for their age by now.
    ClientAssertions,
    TokensOfEndedSessions,
    EndedSessions,
    /// Of `client_credentials`: nobody ends them, and nothing renews them.
    SpentClientSessions,
    EndedBrowserSessions,
    SignIns,
    Registrations,
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
}

impl Remains {
    pub const fn queue(self) -> &'static str {
        match self {
            Self::AuthorizationGrants => "cleanup-oauth-authorization-grants",
            Self::DeviceGrants => "cleanup-oauth-device-code-grants",
            Self::CompatSsoLogins => "cleanup-compat-sso-logins",
            Self::ClientAssertions => "cleanup-client-assertions",
            Self::TokensOfEndedSessions => "cleanup-revoked-oauth-tokens",
            Self::EndedSessions => "cleanup-finished-sessions",
            Self::SpentClientSessions => "cleanup-spent-client-sessions",
            Self::EndedBrowserSessions => "cleanup-finished-user-sessions",
            Self::SignIns => "cleanup-sign-ins",
            Self::Registrations => "cleanup-user-registrations",
            Self::RecoverySessions => "cleanup-user-recovery-sessions",
            Self::EmailAuthentications => "cleanup-user-email-authentications",
            Self::UpstreamVisits => "cleanup-upstream-oauth-sessions",
            Self::UpstreamLinks => "cleanup-upstream-oauth-links",
            Self::PolicyData => "prune-stale-policy-data",
            Self::InactiveAddresses => "cleanup-inactive-session-ips",
            Self::InactiveBrowserAddresses => "cleanup-inactive-user-session-ips",
            Self::Changes => "cleanup-changes",
            Self::Jobs => "cleanup-queue-jobs",
        }
    }

    /// Whether rows stay and only lose something: then they are walked through by id, since nothing else finds them.
    const fn empties(self) -> bool {
        matches!(self, Self::InactiveAddresses | Self::InactiveBrowserAddresses)
    }

    /// The statement, which takes what came before `$1` (an instant, or an id of that instant), at most `$2` rows, and where
    /// it empties, after the id `$3`.
    const fn statement(self) -> (&'static str, Before) {
        match self {
            Self::AuthorizationGrants => (AUTHORIZATION_GRANTS, Before::Id),
            Self::DeviceGrants => (DEVICE_GRANTS, Before::Id),
            Self::CompatSsoLogins => (COMPAT_SSO_LOGINS, Before::Id),
            Self::ClientAssertions => (CLIENT_ASSERTIONS, Before::Instant),
            Self::TokensOfEndedSessions => (TOKENS_OF_ENDED_SESSIONS, Before::Instant),
            Self::EndedSessions => (ENDED_SESSIONS, Before::Instant),
            Self::SpentClientSessions => (SPENT_CLIENT_SESSIONS, Before::Instant),
            Self::EndedBrowserSessions => (ENDED_BROWSER_SESSIONS, Before::Instant),
            Self::SignIns => (SIGN_INS, Before::Id),
            Self::Registrations => (REGISTRATIONS, Before::Id),
            Self::RecoverySessions => (RECOVERY_SESSIONS, Before::Id),
            Self::EmailAuthentications => (EMAIL_AUTHENTICATIONS, Before::Id),
            Self::UpstreamVisits => (UPSTREAM_VISITS, Before::Id),
            Self::UpstreamLinks => (UPSTREAM_LINKS, Before::Id),
            Self::PolicyData => (POLICY_DATA, Before::Id),
            Self::InactiveAddresses => (INACTIVE_ADDRESSES, Before::Instant),
            Self::InactiveBrowserAddresses => (INACTIVE_BROWSER_ADDRESSES, Before::Instant),
            Self::Changes => (CHANGES, Before::Instant),
            Self::Jobs => (JOBS, Before::Id),
        }
    }

    const fn kept(self, retention: &Retention) -> Duration {
        match self {
            Self::AuthorizationGrants => retention.authorization_grants,
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
            Self::Jobs => retention.jobs,
        }
    }
}

/// What a statement compares with.
#[derive(Clone, Copy, Debug)]
enum Before {
    Instant,
    /// Ids carry when they were made, and are indexed.
    Id,
}

/// `after` is where an earlier run of the same kind stopped.
pub async fn run(
    parts: Parts<'_>,
    op: &Op,
    remains: Remains,
    mut after: Option<SessionId>,
) -> Result<Outcome> {
    let before = op.now - remains.kept(&parts.upkeep.retention);
    let mut removed = 0;
    for _ in 0..SLICES {
        let rows = take(parts.db, remains, before, after).await?;
        removed += rows.len();
        if rows.len() < SLICE {
            tracing::info!(removed, "Cleaned up");
            return Ok(Outcome::Done);
        }
        if remains.empties() {
            let ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<SessionId>, _>>()?;
            after = ids.into_iter().max();
        }
        if parts.stop.is_cancelled() {
            break;
        }
    }
    let job = Job::CleanUp { remains, after };
    let when = When { delay: Duration::ZERO, schedule: Some(job.queue()) };
    parts.db.write(async |tx| insert(tx, op, &job, when).await).await?;
    tracing::info!(removed, "Cleaned up, and there is more");
    Ok(Outcome::Done)
}

async fn take(
    db: &Db,
    remains: Remains,
    before: Timestamp,
    after: Option<SessionId>,
) -> Result<Vec<QueryResult>> {
    let (statement, compares) = remains.statement();
    let before = match compares {
        Before::Instant => before.into(),
        Before::Id => first_id(before).into(),
    };
    let mut values = vec![before, (SLICE as i64).into()];
    if remains.empties() {
        values.push(after.unwrap_or_else(|| first_id(Timestamp(0))).into());
    }
    Ok(sql::all(&db.single, statement, values).await?)
}

/// The smallest id of that instant.
fn first_id(at: Timestamp) -> SessionId {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    Id::from_ulid(kernel::id::first_ulid(millis))
}

macro_rules! delete {
    ($table:literal, $key:literal, $which:literal) => {
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
            $which,
            " LIMIT $2) RETURNING 1 AS removed"
        )
    };
}

const AUTHORIZATION_GRANTS: &str = delete!("authorization_grants", "id", "id < $1 ORDER BY id");
const DEVICE_GRANTS: &str = delete!("device_grants", "id", "id < $1 ORDER BY id");
const COMPAT_SSO_LOGINS: &str = delete!("compat_sso_logins", "id", "id < $1 ORDER BY id");
const SIGN_INS: &str = delete!("sign_ins", "id", "id < $1 ORDER BY id");
// With them go the codes, links and proofs that belong to them.
const REGISTRATIONS: &str = delete!("registrations", "id", "id < $1 ORDER BY id");
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
const CHANGES: &str = delete!("changes", "seq", "at < $1 ORDER BY seq");

const CLIENT_ASSERTIONS: &str = "DELETE FROM client_assertions WHERE (client_id, jti_hash) IN (\
  SELECT client_id, jti_hash FROM client_assertions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) \
  RETURNING 1 AS removed";

const TOKENS_OF_ENDED_SESSIONS: &str = "DELETE FROM token_pairs WHERE id IN (\
  SELECT t.id FROM sessions s JOIN token_pairs t ON t.session_id = s.id \
  WHERE s.finished_at IS NOT NULL AND s.finished_at < $1 LIMIT $2) RETURNING 1 AS removed";

// With them go their tokens, if any are left.
const ENDED_SESSIONS: &str =
    delete!("sessions", "id", "finished_at IS NOT NULL AND finished_at < $1 ORDER BY finished_at");

const SPENT_CLIENT_SESSIONS: &str = "DELETE FROM sessions WHERE id IN (\
  SELECT s.id FROM sessions s JOIN token_pairs t ON t.session_id = s.id \
  WHERE s.user_id IS NULL AND s.kind = 'oauth' AND t.refresh_hash IS NULL AND t.access_expires_at < $1 LIMIT $2) \
  RETURNING 1 AS removed";

// Those that an app session came from stay with it: signing out at a provider must find its way along them.
const ENDED_BROWSER_SESSIONS: &str = delete!(
    "browser_sessions",
    "id",
    "finished_at IS NOT NULL AND finished_at < $1 \
       AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.browser_session_id = browser_sessions.id) ORDER BY finished_at"
);

macro_rules! forget_address {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET last_active_ip = NULL WHERE id IN (SELECT id FROM ",
            $table,
            " WHERE last_active_ip IS NOT NULL AND last_active_at < $1 AND id > $3 ORDER BY id LIMIT $2) RETURNING id"
        )
    };
}

const INACTIVE_ADDRESSES: &str = forget_address!("sessions");
const INACTIVE_BROWSER_ADDRESSES: &str = forget_address!("browser_sessions");
