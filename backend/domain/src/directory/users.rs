//! Accounts, deactivated ones included.

use kernel::{id::ClientId, name::normalise};
use store::{Listing, listing::containing};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Neither locked nor deactivated.
    Active,
    /// Deactivated or not.
    Locked,
    /// Locked or not.
    Deactivated,
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub admin: Option<bool>,
    pub guest: Option<bool>,
    /// Part of the username, in whatever letter case.
    pub search: Option<String>,
    pub status: Option<Status>,
    /// Has a session of any of these.
    pub active_clients: Vec<ClientId>,
    pub has_oauth_session: Option<bool>,
    pub has_compat_session: Option<bool>,
}

pub fn all() -> Listing {
    Listing::of("u.*", "users u", "u.id")
}

pub fn list(filter: Filter) -> Listing {
    let mut list = all();
    super::is_true(&mut list, filter.admin, "u.can_request_admin");
    super::is_true(&mut list, filter.guest, "u.is_guest");
    if let Some(part) = filter.search {
        let pattern = containing(&normalise(&part));
        list.only("u.username_norm LIKE ? ESCAPE '\\'", [pattern.into()]);
    }
    match filter.status {
        Some(Status::Active) => list.only("u.locked_at IS NULL AND u.deactivated_at IS NULL", []),
        Some(Status::Locked) => list.only("u.locked_at IS NOT NULL", []),
        Some(Status::Deactivated) => list.only("u.deactivated_at IS NOT NULL", []),
        None => {}
    }
    if !filter.active_clients.is_empty() {
        let clients = filter.active_clients.into_iter().map(Into::into).collect();
        list.any_of(OF_ANY_CLIENT, clients);
    }
    super::exists(&mut list, filter.has_oauth_session, OAUTH_SESSION);
    super::exists(&mut list, filter.has_compat_session, COMPAT_SESSION);
    list
}

const OF_ANY_CLIENT: &str = "EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id AND s.kind = 'oauth' \
  AND s.finished_at IS NULL AND s.client_id IN ({}))";
const OAUTH_SESSION: &str =
    "SELECT 1 FROM sessions s WHERE s.user_id = u.id AND s.kind = 'oauth' AND s.finished_at IS NULL";
const COMPAT_SESSION: &str =
    "SELECT 1 FROM sessions s WHERE s.user_id = u.id AND s.kind = 'compat' AND s.finished_at IS NULL";
