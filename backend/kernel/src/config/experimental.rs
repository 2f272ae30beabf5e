//! `experimental`: lifetimes and limits that may still move elsewhere.

use std::num::NonZeroU64;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Seconds, Section, values::yes};

/// Lifetimes and limits that may still move elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ExperimentalConfig {
    /// How long an OAuth 2.0 access token lives, in seconds.
    pub access_token_ttl: Seconds,

    /// How long an access token of the Matrix client API lives when the client can refresh it, in seconds.
    pub compat_token_ttl: Seconds,

    /// End sessions that nobody used for a while.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactive_session_expiration: Option<InactiveSessionExpiration>,

    /// An address that the account pages show in a frame for managing a paid plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_management_iframe_uri: Option<String>,

    /// How many sessions a person may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_limit: Option<SessionLimit>,
}

impl Default for ExperimentalConfig {
    fn default() -> Self {
        Self {
            access_token_ttl: Seconds(300),
            compat_token_ttl: Seconds(300),
            inactive_session_expiration: None,
            plan_management_iframe_uri: None,
            session_limit: None,
        }
    }
}

impl Section for ExperimentalConfig {
    const NAME: &'static str = "experimental";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        let too_short = "must be at least 1 second: tokens would expire as they are issued";
        if self.access_token_ttl == Seconds(0) {
            problems.error_at("access_token_ttl", too_short);
        }
        if self.compat_token_ttl == Seconds(0) {
            problems.error_at("compat_token_ttl", too_short);
        }
        if let Some(inactivity) = &self.inactive_session_expiration
            && !(Seconds(600)..=Seconds(7_776_000)).contains(&inactivity.ttl)
        {
            problems.at("inactive_session_expiration", |problems| {
                problems.error_at("ttl", "must lie between 600 and 7776000 seconds (10 minutes and 90 days)");
            });
        }
        if let Some(limit) = &self.session_limit {
            problems.at("session_limit", |problems| limit.validate(problems));
        }
    }
}

/// End sessions that nobody used for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InactiveSessionExpiration {
    /// How long is a while, in seconds, 600 to 7776000.
    #[schemars(range(min = 600, max = 7_776_000))]
    pub ttl: Seconds,

    /// Whether this ends sessions of the Matrix client API.
    #[serde(default = "yes")]
    pub expire_compat_sessions: bool,

    /// Whether this ends OAuth 2.0 sessions.
    #[serde(default = "yes")]
    pub expire_oauth_sessions: bool,

    /// Whether this ends browser sessions.
    #[serde(default = "yes")]
    pub expire_user_sessions: bool,
}

/// How many sessions a person may have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionLimit {
    /// At this number, a person who signs in is asked to end sessions first.
    pub soft_limit: NonZeroU64,

    /// At this number, any sign-in is refused. Not below `soft_limit`.
    pub hard_limit: NonZeroU64,

    /// People with more sessions than this are exempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_session_threshold: Option<NonZeroU64>,

    /// Whether, instead of refusing, the least recently used session ends. Needs a `hard_limit` of 2 or more.
    #[serde(default)]
    pub dangerous_hard_limit_eviction: bool,
}

impl SessionLimit {
    fn validate(&self, problems: &mut Problems) {
        if self.hard_limit < self.soft_limit {
            problems.error_at("hard_limit", "must not be below `soft_limit`");
        }
        if self.dangerous_hard_limit_eviction && self.hard_limit.get() < 2 {
            problems.error_at("dangerous_hard_limit_eviction", "needs a `hard_limit` of 2 or more");
        }
    }
}
