//! `retention`: how long things stay.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Seconds, Section};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// How long things stay that are of no use any more, each in seconds (ours, not in MAS, whose fixed times are the
/// defaults). Workers remove them every hour, addresses and the audit trail once a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RetentionConfig {
    /// Requests of apps to sign somebody in, answered or not, counted from the request. At least an hour.
    pub authorization_grants: Seconds,
    /// Of these and of older sign-ins through the browser, what nobody answered; registrations that nobody finished. At least an hour.
    pub unanswered_requests: Seconds,
    /// Requests of devices that show a code, counted from the request. At least an hour.
    pub device_grants: Seconds,
    /// Older sign-ins through the browser, answered or not, counted from their beginning. At least an hour.
    pub compat_sso_logins: Seconds,
    /// Tokens of sessions that ended, counted from that end.
    pub ended_session_tokens: Seconds,
    /// Sessions of apps, counted from their end. Not shorter than `ended_session_tokens`.
    pub ended_sessions: Seconds,
    /// Browser sessions, counted from their end; longer, while an app session that came from it is kept.
    pub ended_browser_sessions: Seconds,
    /// Sign-ins that were begun, counted from their beginning. At least an hour.
    pub sign_ins: Seconds,
    /// Registrations that led to an account, counted from their beginning. At least an hour.
    pub registrations: Seconds,
    /// Recoveries of accounts, with the links that were mailed, counted from their beginning. At least an hour.
    pub recovery_sessions: Seconds,
    /// Proofs that an e-mail address is somebody's, with their codes, counted from their beginning. At least an hour.
    pub email_authentications: Seconds,
    /// Visits to upstream providers, counted from their beginning; longer, while the browser session that came from one
    /// is kept. Also what is known of people who came from there and never got an account. At least an hour.
    pub upstream_visits: Seconds,
    /// The last address of a session that is not used, counted from its last use; the session stays.
    pub inactive_addresses: Seconds,
    /// The log of what has become invalid, for caches of replicas (none reads it yet). At least an hour.
    pub changes: Seconds,
    /// Background jobs that were run or given up, counted from when they were asked for.
    pub jobs: Seconds,
    /// Addresses and user agents in the audit trail, counted from the event; the event stays.
    pub audit_addresses: Seconds,
    /// Sign-ins that failed, in the audit trail: anybody can add some, also for names that nobody has. 0 keeps them for
    /// ever.
    pub audit_failed_sign_ins: Seconds,
    /// All events of the audit trail. 0, the default, keeps them for ever.
    pub audit_events: Seconds,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            authorization_grants: Seconds(7 * DAY),
            unanswered_requests: Seconds(DAY),
            device_grants: Seconds(7 * DAY),
            compat_sso_logins: Seconds(7 * DAY),
            ended_session_tokens: Seconds(HOUR),
            ended_sessions: Seconds(30 * DAY),
            ended_browser_sessions: Seconds(30 * DAY),
            sign_ins: Seconds(7 * DAY),
            registrations: Seconds(30 * DAY),
            recovery_sessions: Seconds(7 * DAY),
            email_authentications: Seconds(7 * DAY),
            upstream_visits: Seconds(7 * DAY),
            inactive_addresses: Seconds(30 * DAY),
            changes: Seconds(7 * DAY),
            jobs: Seconds(30 * DAY),
            audit_addresses: Seconds(30 * DAY),
            audit_failed_sign_ins: Seconds(90 * DAY),
            audit_events: Seconds(0),
        }
    }
}

impl Section for RetentionConfig {
    const NAME: &'static str = "retention";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        for (key, kept) in [
            ("authorization_grants", self.authorization_grants),
            ("unanswered_requests", self.unanswered_requests),
            ("device_grants", self.device_grants),
            ("compat_sso_logins", self.compat_sso_logins),
            ("sign_ins", self.sign_ins),
            ("registrations", self.registrations),
            ("recovery_sessions", self.recovery_sessions),
            ("email_authentications", self.email_authentications),
            ("upstream_visits", self.upstream_visits),
            ("changes", self.changes),
        ] {
            if kept < Seconds(HOUR) {
                problems.error_at(key, "must be at least 3600 seconds: what is under way would be removed");
            }
        }
        if self.ended_sessions < self.ended_session_tokens {
            problems.error_at("ended_sessions", "must not be below `ended_session_tokens`");
        }
    }
}
