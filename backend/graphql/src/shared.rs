//! Types that many others use.

use async_graphql::{Enum, InputObject, SimpleObject};
use domain::{
    account::{LastActive, State},
    agent::{self, Agent},
};

use crate::scalars::DateTime;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SessionState {
    Active,
    Finished,
}

impl From<SessionState> for State {
    fn from(state: SessionState) -> Self {
        match state {
            SessionState::Active => Self::Active,
            SessionState::Finished => Self::Finished,
        }
    }
}

impl SessionState {
    pub const fn of(finished: bool) -> Self {
        if finished { Self::Finished } else { Self::Active }
    }
}

/// Bounds on when something was last active. What has never been active matches no bound.
#[derive(InputObject)]
pub struct DateFilter {
    after: Option<DateTime>,
    before: Option<DateTime>,
}

impl DateFilter {
    pub fn bounds(filter: Option<Self>) -> LastActive {
        filter.map_or_else(LastActive::default, |filter| LastActive {
            after: filter.after.map(|at| at.0),
            before: filter.before.map(|at| at.0),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DeviceType {
    Pc,
    Mobile,
    Tablet,
    Unknown,
}

/// What a browser or app says of itself, as far as it is understood.
#[derive(SimpleObject)]
pub struct UserAgent {
    /// The header, untouched.
    raw: String,
    name: Option<String>,
    version: Option<String>,
    os: Option<String>,
    os_version: Option<String>,
    model: Option<String>,
    device_type: DeviceType,
}

impl UserAgent {
    pub fn of(header: Option<&String>) -> Option<Self> {
        let raw = header?.clone();
        let agent = Agent::parse(&raw);
        Some(Self {
            raw,
            name: agent.name,
            version: agent.version,
            os: agent.os,
            os_version: agent.os_version,
            model: agent.model,
            device_type: match agent.device {
                agent::Device::Pc => DeviceType::Pc,
                agent::Device::Mobile => DeviceType::Mobile,
                agent::Device::Tablet => DeviceType::Tablet,
                agent::Device::Unknown => DeviceType::Unknown,
            },
        })
    }
}

/// How many sign-ins of which sort. Latchkey.
#[derive(SimpleObject)]
pub struct SignInCounts {
    pub browser_sessions: i32,
    /// Apps, of both APIs.
    pub app_sessions: i32,
}

impl SignInCounts {
    pub fn new(browsers: u64, apps: u64) -> Self {
        let number = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        Self { browser_sessions: number(browsers), app_sessions: number(apps) }
    }
}
