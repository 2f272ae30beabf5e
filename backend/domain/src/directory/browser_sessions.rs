//! Browsers that are or were signed in.

use kernel::id::UserId;
use serde::{Deserialize, Serialize};
use store::Listing;

use super::times::{Table, Times};

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub user: Option<UserId>,
    pub finished: Option<bool>,
    pub times: Times,
}

pub fn all() -> Listing {
    Listing::of("b.*", "browser_sessions b", "b.id")
}

pub fn list(filter: Filter) -> Listing {
    let mut list = all();
    if let Some(user) = filter.user {
        list.only("b.user_id = ?", [user.into()]);
        list.is_narrow();
    }
    match filter.finished {
        Some(true) => list.only("b.finished_at IS NOT NULL", []),
        Some(false) => list.only("b.finished_at IS NULL", []),
        None => {}
    }
    filter.times.apply(&mut list, Table { name: "browser_sessions", part: "TRUE" });
    list
}
