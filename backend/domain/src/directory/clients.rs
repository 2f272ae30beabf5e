//! OAuth 2.0 clients.

use store::{Listing, listing::containing};

#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Comes from the configuration.
    pub is_static: Option<bool>,
    /// Part of the name or of the address, in whatever letter case.
    pub name: Option<String>,
    pub uri: Option<String>,
    pub grant_type: Option<String>,
    pub has_session: Option<bool>,
}

pub fn all() -> Listing {
    let mut list = Listing::of("c.*", "oauth_clients c", "c.id");
    list.only("c.deleted_at IS NULL", []);
    list
}

pub fn list(filter: Filter) -> Listing {
    let mut list = all();
    super::is_true(&mut list, filter.is_static, "c.is_static");
    if let Some(name) = filter.name {
        list.only("LOWER(c.name) LIKE LOWER(?) ESCAPE '\\'", [containing(&name).into()]);
    }
    if let Some(uri) = filter.uri {
        list.only("LOWER(c.uri) LIKE LOWER(?) ESCAPE '\\'", [containing(&uri).into()]);
    }
    if let Some(grant) = filter.grant_type {
        let pattern = containing(&format!(" {grant} "));
        list.only("' ' || c.grant_types || ' ' LIKE ? ESCAPE '\\'", [pattern.into()]);
    }
    let session = "SELECT s.client_id FROM sessions s WHERE s.client_id = c.id AND s.finished_at IS NULL";
    super::exists(&mut list, filter.has_session, session);
    list
}
