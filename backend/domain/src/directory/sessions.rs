//! OAuth 2.0, legacy and personal sessions. They share a table and most of what can be asked of them.

use kernel::{Result, Timestamp, id::*};
use sea_orm::{FromQueryResult, QueryResult};
use store::{Listing, listing::containing, tables::sessions};

use super::{Entry, Times};
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

#[derive(Clone, Debug, Default)]
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
    // Text and not a value, so that the partial indexes are found.
    list.only(&format!("s.kind = '{}'", kind.as_str()), []);
    list
}

pub fn list(kind: SessionKind, filter: Filter) -> Listing {
    let mut list = all(kind);
    if let Some(user) = filter.user {
        list.only("s.user_id = ?", [user.into()]);
    }
    if let Some(owner) = filter.owner {
        list.only("s.owner_user_id = ?", [owner.into()]);
    }
    if !filter.clients.is_empty() {
        list.any_of("s.client_id IN ({})", filter.clients.into_iter().map(Into::into).collect());
    }
    if let Some(is_static) = filter.client_is_static {
        list.only(
            "s.client_id IN (SELECT c.id FROM oauth_clients c WHERE c.is_static = ?)",
            [is_static.into()],
        );
    }
    if let Some(browser) = filter.browser_session {
        list.only("s.browser_session_id = ?", [browser.into()]);
    }
    for token in filter.scope {
        let pattern = containing(&format!(" {token} "));
        list.only("' ' || s.scope || ' ' LIKE ? ESCAPE '\\'", [pattern.into()]);
    }
    match filter.finished {
        Some(true) => list.only("s.finished_at IS NOT NULL", []),
        Some(false) => list.only("s.finished_at IS NULL", []),
        None => {}
    }
    filter.times.apply(&mut list, "s");
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

const WITH_REDIRECT_URI: &str = "s.*, CAST(NULL AS bigint) AS expires_at, \
  (SELECT l.redirect_uri FROM compat_sso_logins l WHERE l.session_id = s.id LIMIT 1) AS redirect_uri";

const WITH_EXPIRY: &str = "s.*, NULL AS redirect_uri, CASE WHEN s.finished_at IS NULL THEN \
  (SELECT t.access_expires_at FROM token_pairs t WHERE t.session_id = s.id AND t.revoked_at IS NULL LIMIT 1) END \
  AS expires_at";

const LIVE_TOKEN: &str = "SELECT 1 FROM token_pairs t \
  WHERE t.session_id = s.id AND s.finished_at IS NULL AND t.revoked_at IS NULL";
