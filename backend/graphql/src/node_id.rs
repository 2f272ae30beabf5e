//! Ids of nodes: `prefix:ULID`.

use std::fmt;

use async_graphql::ID;
use kernel::id::{Id, parse_ulid};

use crate::fault::{ErrorCode, Fault};

pub const USER: &str = "user";
pub const USER_EMAIL: &str = "user_email";
pub const USER_EMAIL_AUTHENTICATION: &str = "user_email_authentication";
pub const USER_RECOVERY_TICKET: &str = "user_recovery_ticket";
pub const BROWSER_SESSION: &str = "browser_session";
pub const AUTHENTICATION: &str = "authentication";
pub const OAUTH2_CLIENT: &str = "oauth2_client";
pub const OAUTH2_SESSION: &str = "oauth2_session";
pub const COMPAT_SESSION: &str = "compat_session";
pub const COMPAT_SSO_LOGIN: &str = "compat_sso_login";
pub const PERSONAL_SESSION: &str = "personal_session";
pub const SECURITY_EVENT: &str = "security_event";
pub const UPSTREAM_PROVIDER: &str = "upstream_oauth2_provider";
pub const UPSTREAM_LINK: &str = "upstream_oauth2_link";
pub const ANONYMOUS: &str = "anonymous";
pub const SITE_CONFIG: &str = "site_config";
pub const CAPTCHA_CONFIG: &str = "captcha_config";

/// Known, and nothing for `node` to find.
pub const NOWHERE: [&str; 4] = [USER_RECOVERY_TICKET, AUTHENTICATION, COMPAT_SSO_LOGIN, SECURITY_EVENT];

pub fn of(prefix: &str, id: impl fmt::Display) -> ID {
    ID(format!("{prefix}:{id}"))
}

/// The id of one kind of node, and of no other.
pub fn parse<I: Id>(prefix: &str, id: &str) -> Result<I, Fault> {
    let rest = id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(':'));
    rest.and_then(|rest| parse_ulid(rest).ok()).map(I::from_ulid).ok_or_else(invalid)
}

pub fn invalid() -> Fault {
    Fault::new(ErrorCode::InvalidId, "invalid id")
}
