//! Registration tokens.

use kernel::{Result, Timestamp, id::RegistrationTokenId};
use sea_orm::{FromQueryResult, QueryResult};
use store::Listing;

use super::Entry;

#[derive(Clone, Debug, FromQueryResult)]
pub struct RegistrationToken {
    pub id: RegistrationTokenId,
    /// The token, sealed ([`crate::users::registration_tokens::reveal`]).
    pub token_box: String,
    pub usage_limit: Option<i64>,
    pub times_used: i64,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl RegistrationToken {
    /// Whether somebody can register with it now.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none()
            && self.expires_at.is_none_or(|expiry| now < expiry)
            && self.usage_limit.is_none_or(|limit| self.times_used < limit)
    }
}

impl Entry for RegistrationToken {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self::from_query_result(row, "")?)
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    pub used: Option<bool>,
    pub revoked: Option<bool>,
    pub expired: Option<bool>,
    pub valid: Option<bool>,
}

pub fn all() -> Listing {
    Listing::of("r.*", "registration_tokens r", "r.id")
}

pub fn list(filter: Filter, now: Timestamp) -> Listing {
    const VALID: &str = "(r.revoked_at IS NULL AND (r.expires_at IS NULL OR r.expires_at > ?) \
      AND (r.usage_limit IS NULL OR r.times_used < r.usage_limit))";
    let mut list = all();
    match filter.used {
        Some(true) => list.only("r.times_used > 0", []),
        Some(false) => list.only("r.times_used = 0", []),
        None => {}
    }
    match filter.revoked {
        Some(true) => list.only("r.revoked_at IS NOT NULL", []),
        Some(false) => list.only("r.revoked_at IS NULL", []),
        None => {}
    }
    match filter.expired {
        Some(true) => list.only("r.expires_at <= ?", [now.into()]),
        Some(false) => list.only("r.expires_at IS NULL OR r.expires_at > ?", [now.into()]),
        None => {}
    }
    match filter.valid {
        Some(true) => list.only(VALID, [now.into()]),
        Some(false) => list.only(&format!("NOT {VALID}"), [now.into()]),
        None => {}
    }
    list
}
