//! Accounts, deactivated ones included.

use kernel::id::ClientId;
use serde::{Deserialize, Serialize};
use store::{
    Listing,
    listing::{Branch, Clause, Grams, Key, Way, values},
};

use crate::users::display_name::folded;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Neither locked nor deactivated.
    Active,
    /// Deactivated or not.
    Locked,
    /// Locked or not.
    Deactivated,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub admin: Option<bool>,
    pub guest: Option<bool>,
    /// Part of the username, of the display name as last seen, or of an e-mail address, in whatever letter case. Without an `@`, what
    /// follows one there does not count.
    pub search: Option<String>,
    pub status: Option<Status>,
    /// Has a session of any of these.
    pub active_clients: Vec<ClientId>,
    pub has_oauth_session: Option<bool>,
    pub has_compat_session: Option<bool>,
}

/// By the name as it is compared.
pub const BY_USERNAME: Key = Key("u.username_norm");

pub fn all() -> Listing {
    Listing::of("u.*", "users u", "u.id")
}

pub fn list(filter: Filter) -> Listing {
    let mut list = all();
    super::is_true(&mut list, filter.admin, "u.can_request_admin");
    super::is_true(&mut list, filter.guest, "u.is_guest");
    if let Some(part) = filter.search {
        list.along(named(folded(&part)));
    }
    match filter.status {
        Some(Status::Active) => list.only("u.locked_at IS NULL AND u.deactivated_at IS NULL", []),
        Some(Status::Locked) => list.only("u.locked_at IS NOT NULL", []),
        Some(Status::Deactivated) => list.only("u.deactivated_at IS NOT NULL", []),
        None => {}
    }
    if !filter.active_clients.is_empty() {
        list.along(signed_in_to(filter.active_clients));
    }
    signed_in_by(&mut list, filter.has_oauth_session, OAUTH);
    signed_in_by(&mut list, filter.has_compat_session, COMPAT);
    list
}

const OAUTH: &str = "s.kind = 'oauth' AND s.finished_at IS NULL";
const COMPAT: &str = "s.kind = 'compat' AND s.finished_at IS NULL";

/// One of whose names or addresses contains this. Everybody may have an address at one domain: what may be a name is not looked for
/// there, so that consoles find whom they know by name.
fn named(part: String) -> Way {
    let (text, column) = if part.contains('@') { ("t.text", "text") } else { ("t.names", "names") };
    let grams = Grams {
        index: ("user_search_grams", column),
        pieces: "user_search_pieces",
        number: "t.number",
        letters: part.chars().count(),
    };
    let part = Clause::new("?", [part.into()]);
    Way::to_text(("user_search t", "t.user_id"), text, part, grams)
}

fn signed_in_to(clients: Vec<ClientId>) -> Way {
    let clients: Vec<_> = clients.into_iter().map(Into::into).collect();
    let marks = vec!["?"; clients.len()].join(", ");
    let condition = Clause::new(
        format!(
            "EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id AND {OAUTH} AND s.client_id IN ({marks}))"
        ),
        clients.clone(),
    );
    let theirs = Clause::new(format!("{OAUTH} AND s.user_id IS NOT NULL"), []);
    let users = Branch::through("sessions s", "s.user_id", theirs).with_each("s.client_id", values(clients));
    Way::new(condition, vec![users])
}

fn signed_in_by(list: &mut Listing, wanted: Option<bool>, sessions: &str) {
    let of_user = format!("SELECT s.user_id FROM sessions s WHERE s.user_id = u.id AND {sessions}");
    if wanted == Some(true) {
        let theirs = Clause::new(format!("{sessions} AND s.user_id IS NOT NULL"), []);
        let users = Branch::through("sessions s", "s.user_id", theirs);
        list.along(Way::new(Clause::new(format!("EXISTS ({of_user})"), []), vec![users]));
    } else {
        super::exists(list, wanted, &of_user);
    }
}
