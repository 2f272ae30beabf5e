//! OAuth 2.0, legacy and personal sessions. They share a table and most of what can be asked of them.

use kernel::{Result, Timestamp, id::*, scope};
use sea_orm::{FromQueryResult, QueryResult};
use serde::{Deserialize, Serialize};
use store::{
    Listing,
    listing::{Branch, Clause, Way, containing, present, values},
    tables::sessions,
};

use super::{
    Entry,
    times::{Table, Times},
};
use crate::sessions::SessionKind;

/// A session, and what only one kind of them has.
#[derive(Clone, Debug)]
pub struct Session {
    pub row: sessions::Model,
    /// Where a legacy single sign-on led back to.
    pub redirect_uri: Option<String>,
    /// Of a personal session's token, as long as there is one.
    pub expires_at: Option<Timestamp>,
}

impl Entry for Session {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            row: sessions::Model::from_query_result(row, "")?,
            redirect_uri: row.try_get("", "redirect_uri")?,
            expires_at: row.try_get("", "expires_at")?,
        })
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Who is acted for.
    pub user: Option<UserId>,
    /// Of any of these; of a personal session, its owner.
    pub clients: Vec<ClientId>,
    pub client_is_static: Option<bool>,
    pub browser_session: Option<BrowserSessionId>,
    /// Who made a personal session.
    pub owner: Option<UserId>,
    /// All of these tokens.
    pub scope: Vec<String>,
    pub finished: Option<bool>,
    pub times: Times,
    pub expires: Option<bool>,
    pub expires_before: Option<Timestamp>,
    pub expires_after: Option<Timestamp>,
}

pub fn all(kind: SessionKind) -> Listing {
    let columns = match kind {
        SessionKind::Oauth => "s.*, NULL AS redirect_uri, CAST(NULL AS bigint) AS expires_at",
        SessionKind::Compat => WITH_REDIRECT_URI,
        SessionKind::Personal => WITH_EXPIRY,
    };
    let mut list = Listing::of(columns, "sessions s", "s.id");
    list.only(of_kind(kind), []);
    list
}

pub fn list(kind: SessionKind, filter: Filter) -> Listing {
    let mut list = all(kind);
    for (column, id) in [
        ("s.user_id = ?", filter.user.map(Into::into)),
        ("s.owner_user_id = ?", filter.owner.map(Into::into)),
        ("s.browser_session_id = ?", filter.browser_session.map(Into::into)),
    ] {
        if let Some(id) = id {
            list.only(column, [id]);
            list.is_narrow();
        }
    }
    of_clients(&mut list, filter.clients, filter.client_is_static);
    with_scope(&mut list, kind, &filter.scope);
    match filter.finished {
        Some(true) => list.only("s.finished_at IS NOT NULL", []),
        Some(false) => list.only("s.finished_at IS NULL", []),
        None => {}
    }
    filter.times.apply(&mut list, Table { name: "sessions", part: of_kind(kind) });
    let token = |more: &str| format!("EXISTS ({LIVE_TOKEN} AND t.access_expires_at {more})");
    match filter.expires {
        Some(true) => list.only(&token("IS NOT NULL"), []),
        Some(false) => list.only(&format!("NOT {}", token("IS NOT NULL")), []),
        None => {}
    }
    if let Some(before) = filter.expires_before {
        list.only(&token("< ?"), [before.into()]);
    }
    if let Some(after) = filter.expires_after {
        list.only(&token("> ?"), [after.into()]);
    }
    list
}

/// Text and not a value, so that the partial indexes are found.
const fn of_kind(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Oauth => "kind = 'oauth'",
        SessionKind::Compat => "kind = 'compat'",
        SessionKind::Personal => "kind = 'personal'",
    }
}

fn of_clients(list: &mut Listing, clients: Vec<ClientId>, is_static: Option<bool>) {
    if let [client] = clients[..] {
        list.only("s.client_id = ?", [client.into()]);
    } else if !clients.is_empty() {
        let clients: Vec<_> = clients.into_iter().map(Into::into).collect();
        let marks = vec!["?"; clients.len()].join(", ");
        let any = Clause::new(format!("s.client_id IN ({marks})"), clients.clone());
        let each = Branch::of(Clause::TRUE).with_each("s.client_id", values(clients));
        list.along(Way::new(any, vec![each]));
    }
    let Some(is_static) = is_static else { return };
    // Static ones are few.
    let each = Clause::text("SELECT c.id AS v FROM oauth_clients c WHERE c.is_static = TRUE");
    let any = Clause::text("s.client_id IN (SELECT c.id FROM oauth_clients c WHERE c.is_static = TRUE)");
    let few = Way::new(any, vec![Branch::of(Clause::TRUE).with_each("s.client_id", each)]);
    if is_static {
        list.along(few);
    } else {
        let all_others = "s.client_id NOT IN (SELECT c.id FROM oauth_clients c WHERE c.is_static = TRUE)";
        list.without(Clause::text(all_others), few);
    }
}

/// Sessions have few different scopes, the device apart: those of each are a list of their own, and one session of each
/// tells which it is.
fn with_scope(list: &mut Listing, kind: SessionKind, tokens: &[String]) {
    let kind = of_kind(kind);
    let mut groups = present("scope_group", "sessions", &Clause::text(kind), None);
    let mut every: Option<Clause> = None;
    for token in tokens {
        let pattern = containing(&format!(" {token} "));
        let has = Clause::new("' ' || s.scope || ' ' LIKE ? ESCAPE '\\'", [pattern.clone().into()]);
        if let Some(device) = scope::device_id(token) {
            list.only("s.device_id = ?", [device.into()]);
            list.is_narrow();
        }
        every = Some(match every {
            Some(others) => others.and(has),
            None => has,
        });
        // Ordered, so that the index leads to it: PostgreSQL would rather read the table until it meets one, which takes long for a scope
        // that hardly any session has.
        let one = format!(
            "(SELECT ' ' || scope || ' ' FROM sessions WHERE {kind} AND scope_group = present.v ORDER BY id LIMIT 1) \
             LIKE ? ESCAPE '\\'"
        );
        groups = groups.and(Clause::new(one, [pattern.into()]));
    }
    if let Some(every) = every {
        list.along(Way::new(every, vec![Branch::of(Clause::TRUE).with_each("scope_group", groups)]));
    }
}

const WITH_REDIRECT_URI: &str = "s.*, CAST(NULL AS bigint) AS expires_at, \
  (SELECT l.redirect_uri FROM compat_sso_logins l WHERE l.session_id = s.id LIMIT 1) AS redirect_uri";

const WITH_EXPIRY: &str = "s.*, NULL AS redirect_uri, CASE WHEN s.finished_at IS NULL THEN \
  (SELECT t.access_expires_at FROM token_pairs t WHERE t.session_id = s.id AND t.revoked_at IS NULL LIMIT 1) END \
  AS expires_at";

const LIVE_TOKEN: &str = "SELECT 1 FROM token_pairs t \
  WHERE t.session_id = s.id AND s.finished_at IS NULL AND t.revoked_at IS NULL";
