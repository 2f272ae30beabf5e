//! Upstream providers, and the accounts there that people's accounts here are linked to.

use kernel::{Result, Timestamp, id::*};
use sea_orm::{FromQueryResult, QueryResult};
use serde_json::Value;
use store::{
    Listing,
    listing::{Branch, Clause, Grams, Way},
};

use super::Entry;

#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Link {
    pub id: UpstreamLinkId,
    pub provider_id: UpstreamProviderId,
    /// Nobody yet, if it was seen and never attached.
    pub user_id: Option<UserId>,
    pub subject: String,
    pub account_name: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Provider {
    pub id: UpstreamProviderId,
    /// As configured (`upstream_oauth2.providers[]`).
    pub document: Value,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

impl Entry for Link {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self::from_query_result(row, "")?)
    }
}

impl Entry for Provider {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self::from_query_result(row, "")?)
    }
}

#[derive(Clone, Debug, Default)]
pub struct LinkFilter {
    pub user: Option<UserId>,
    pub provider: Option<UpstreamProviderId>,
    pub subject: Option<String>,
    /// Part of it, in whatever letter case.
    pub account_name: Option<String>,
}

pub fn all_links() -> Listing {
    Listing::of("l.*", "upstream_links l", "l.id")
}

pub fn links(filter: LinkFilter) -> Listing {
    let mut list = all_links();
    if let Some(user) = filter.user {
        list.only("l.user_id = ?", [user.into()]);
        list.is_narrow();
    }
    if let Some(provider) = filter.provider {
        list.only("l.provider_id = ?", [provider.into()]);
    }
    if let Some(subject) = filter.subject {
        // Subjects are looked up by provider, of which there are few.
        let has = Clause::new("l.subject = ?", [subject.into()]);
        let providers = Clause::text("SELECT p.id AS v FROM upstream_providers p");
        list.along(Way::new(has.clone(), vec![Branch::of(has).with_each("l.provider_id", providers)]));
    }
    if let Some(name) = filter.account_name {
        const NAME: &str = "lower(l.account_name)";
        let grams = Grams {
            index: ("upstream_link_grams", "account_name"),
            pieces: "upstream_link_pieces",
            number: "l.number",
            letters: name.chars().count(),
        };
        let needle = Clause::new("lower(?)", [name.into()]);
        list.along(Way::to_text(("upstream_links l", "l.id"), NAME, needle, grams));
    }
    list
}

pub fn all_providers() -> Listing {
    Listing::of("p.*", "upstream_providers p", "p.id")
}

pub fn providers(enabled: Option<bool>) -> Listing {
    let mut list = all_providers();
    match enabled {
        Some(true) => list.only("p.disabled_at IS NULL", []),
        Some(false) => list.only("p.disabled_at IS NOT NULL", []),
        None => {}
    }
    list
}
