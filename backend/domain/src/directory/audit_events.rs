//! What happened.

use kernel::{Timestamp, id::*};
use store::Listing;

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub kind: Option<String>,
    /// As [`crate::audit::actor`] writes it.
    pub actor: Option<String>,
    /// Whom it happened to.
    pub user: Option<UserId>,
    pub client: Option<ClientId>,
    pub session: Option<SessionId>,
    /// What an administrator has changed, by its path.
    pub target: Option<String>,
    pub before: Option<Timestamp>,
    pub after: Option<Timestamp>,
}

pub fn all() -> Listing {
    Listing::of("a.*", "audit_events a", "a.id")
}

pub fn list(filter: Filter) -> Listing {
    let mut list = all();
    if let Some(kind) = filter.kind {
        list.only("a.kind = ?", [kind.into()]);
    }
    if let Some(actor) = filter.actor {
        list.only("a.actor = ?", [actor.into()]);
    }
    if let Some(user) = filter.user {
        list.only("a.user_id = ?", [user.into()]);
    }
    if let Some(client) = filter.client {
        list.only("a.client_id = ?", [client.into()]);
    }
    if let Some(session) = filter.session {
        list.only("a.session_id = ?", [session.into()]);
    }
    if let Some(target) = filter.target {
        // The kind as text and no value, so that the partial index is found.
        list.only("a.kind = 'administered' AND a.data ->> 'target' = ?", [target.into()]);
    }
    list.created(filter.before, filter.after);
    list
}
