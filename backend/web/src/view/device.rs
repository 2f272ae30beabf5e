//! Letting a device in: typing its code, being asked, and how it ended.

use std::time::Duration;

use domain::{agent::Agent, oauth::device_authorization::DeviceGrant};
use kernel::{Error, Result, Timestamp};
use serde::Serialize;

use super::{Account, App, Continuation, Page, Permission, who::tidy};

/// `GET` and `POST /link`.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// What was typed before.
    pub code: String,
    pub problem: Option<LinkProblem>,
    /// This page's address, for those who would rather go on with a phone.
    pub address: String,
    pub qr: Qr,
}

impl Link {
    pub fn new(address: &str, code: &str, problem: Option<LinkProblem>) -> Result<Self> {
        let shown = address.trim_start_matches("https://").trim_start_matches("http://").to_owned();
        Ok(Self { code: tidy(code), problem, qr: Qr::of(address)?, address: shown })
    }
}

impl Page for Link {
    const TEMPLATE: &'static str = "link.html";
}

/// Why the form is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LinkProblem {
    Missing,
    /// Too short, too long, or with a character that no code has.
    NoCode,
    /// Does not say whether there ever was such a code.
    Unknown,
    Throttled {
        minutes: u64,
    },
    /// The page was open for longer than its CSRF token lives, or the browser keeps no cookies.
    FormExpired,
}

impl LinkProblem {
    pub fn throttled(wait: Duration) -> Self {
        Self::Throttled { minutes: wait.as_secs().div_ceil(60).max(1) }
    }
}

/// A QR code, as the outline of its dark squares in units of one square.
#[derive(Clone, Debug, Serialize)]
pub struct Qr {
    /// Squares from side to side, the quiet zone of four on each side included.
    pub size: usize,
    /// An SVG path.
    pub path: String,
}

impl Qr {
    pub fn of(text: &str) -> Result<Self> {
        const QUIET: usize = 4;
        let code = qrcode::QrCode::new(text).map_err(Error::internal)?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let length = row[x..].iter().take_while(|color| **color == qrcode::Color::Dark).count();
                if length > 0 {
                    use std::fmt::Write as _;
                    let (left, top) = (x + QUIET, y + QUIET);
                    write!(path, "M{left} {top}h{length}v1h-{length}z").map_err(Error::internal)?;
                }
                x += length.max(1);
            }
        }
        Ok(Self { size: width + 2 * QUIET, path })
    }
}

/// `GET /device/{id}`. The form posts `action` = `consent` or `reject` to the same address.
#[derive(Clone, Debug, Serialize)]
pub struct Device {
    /// The grant's id.
    pub id: String,
    pub app: App,
    pub account: Account,
    pub permissions: Vec<Permission>,
    pub user_code: String,
    pub requester: Requester,
    pub problem: Option<DeviceProblem>,
    /// Brings back here after signing in with another account.
    pub keep: Continuation,
}

impl Page for Device {
    const TEMPLATE: &'static str = "device.html";
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceProblem {
    /// The box was not ticked.
    Unconfirmed,
    FormExpired,
}

/// The device that asks, as far as it tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Requester {
    /// `Firefox for Linux`, `Pixel 9`; none if the device does not say.
    pub name: Option<String>,
    /// `pc`, `mobile`, `tablet` or `unknown`.
    pub kind: &'static str,
    pub address: Option<String>,
    /// Whole minutes since it asked.
    pub minutes: u64,
    /// When it asked, by RFC 3339.
    pub at: String,
}

impl Requester {
    pub fn new(grant: &DeviceGrant, now: Timestamp) -> Self {
        let agent = grant.user_agent.as_deref().map(Agent::parse).unwrap_or_default();
        let told = agent != Agent::default();
        Self {
            name: told.then(|| tidy(&agent.device_name())),
            kind: agent.device.as_str(),
            address: grant.address.clone(),
            minutes: now.since(grant.created_at).as_secs() / 60,
            at: grant.created_at.rfc3339(),
        }
    }
}

/// The way's end: the person goes back to the device, or starts again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceEnd {
    Granted,
    Rejected,
    Expired,
    Unknown,
}

impl DeviceEnd {
    pub const fn page(self, app: Option<App>) -> DeviceDone {
        DeviceDone { end: self, app }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct DeviceDone {
    pub end: DeviceEnd,
    pub app: Option<App>,
}

impl Page for DeviceDone {
    const TEMPLATE: &'static str = "device-done.html";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_has_its_quiet_zone_and_its_three_corners() {
        let qr = Qr::of("https://auth.example.com/link").unwrap();
        assert_eq!(qr.size, 29 + 8);
        for corner in ["M4 4h7v1h-7z", "M26 4h7v1h-7z", "M4 26h7v1h-7z"] {
            assert!(qr.path.contains(corner), "{corner}");
        }
        assert!(!qr.path.contains("M3 ") && !qr.path.contains(" 3h"));
    }

    #[test]
    fn waits_are_rounded_up() {
        for (seconds, minutes) in [(0, 1), (60, 1), (61, 2)] {
            let wait = Duration::from_secs(seconds);
            assert_eq!(LinkProblem::throttled(wait), LinkProblem::Throttled { minutes });
        }
    }
}
