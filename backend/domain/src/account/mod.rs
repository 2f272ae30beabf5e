//! What people see of their own account, and do with it: where they are signed in, what happened, what is kept of them.
//!
//! Whether somebody may look is the surface's business: these functions are told whose things are asked for. Lists are
//! read page by page and cost the same wherever the page lies; counting is asked for apart.

pub mod browser_sessions;
pub mod display_name;
pub mod emails;
pub mod events;
pub mod export;
pub mod language;
pub mod others;
pub mod personal;
pub mod rename;
pub mod sessions;
pub mod sign_ins;
pub mod upstream;
pub mod users;

use kernel::Timestamp;
use store::Listing;

/// Sessions that go on, or that have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Finished,
}

/// When something was last active, both ends excluded. What never was fits no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastActive {
    pub after: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

/// Of a list whose rows have these columns.
fn narrow(listing: &mut Listing, state: Option<State>, last_active: LastActive) {
    match state {
        None => {}
        Some(State::Active) => listing.only("finished_at IS NULL", []),
        Some(State::Finished) => listing.only("finished_at IS NOT NULL", []),
    }
    if let Some(after) = last_active.after {
        listing.only("last_active_at > ?", [after.into()]);
    }
    if let Some(before) = last_active.before {
        listing.only("last_active_at < ?", [before.into()]);
    }
}
