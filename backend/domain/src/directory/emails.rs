//! Verified e-mail addresses.

use kernel::{id::UserId, name::normalise};
use store::{Listing, listing::Key};

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub user: Option<UserId>,
    /// The whole address, in whatever letter case.
    pub email: Option<String>,
}

/// By the address as it is compared.
pub const BY_EMAIL: Key = Key("e.email_norm");

pub fn all() -> Listing {
    Listing::of("e.*", "user_emails e", "e.id")
}

pub fn list(filter: &Filter) -> Listing {
    let mut list = all();
    if let Some(user) = filter.user {
        list.only("e.user_id = ?", [user.into()]);
    }
    if let Some(email) = &filter.email {
        list.only("e.email_norm = ?", [normalise(email).into()]);
    }
    list
}
