//! Apps that a person is signed in to, by OAuth 2.0 or the legacy API. Personal access tokens are not among them: see
//! [`super::personal`].

use std::collections::HashMap;

use kernel::{Result, Timestamp, id::*};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryResult, Value};
use store::{Db, Listing, Page, Window, sql, tables::sessions};

pub use store::tables::sessions::Model as Session;

use super::{LastActive, State, narrow};
use crate::{oauth::redirect_uri::is_loopback, sessions::SessionKind};

/// Which of them. What is absent does not matter.
#[derive(Clone, Debug)]
pub struct Filter {
    pub user: UserId,
    /// `None` for those of both APIs.
    pub kind: Option<SessionKind>,
    pub state: Option<State>,
    pub device: Option<String>,
    pub client: Option<ClientId>,
    /// Through which they were signed in.
    pub browser_session: Option<BrowserSessionId>,
    /// Of legacy ones, whether they came through the browser.
    pub through_browser: Option<bool>,
    pub last_active: LastActive,
}

impl Filter {
    pub const fn of(user: UserId) -> Self {
        Self {
            user,
            kind: None,
            state: None,
            device: None,
            client: None,
            browser_session: None,
            through_browser: None,
            last_active: LastActive { after: None, before: None },
        }
    }

    fn listing(&self) -> Listing {
        let mut listing = Listing::of("*", "sessions", "id");
        listing.only("user_id = ?", [self.user.into()]);
        match self.kind {
            None => listing.only("kind IN ('oauth', 'compat')", []),
            Some(kind) => listing.only("kind = ?", [kind.as_str().into()]),
        }
        if let Some(device) = &self.device {
            listing.only("device_id = ?", [device.clone().into()]);
        }
        if let Some(client) = self.client {
            listing.only("client_id = ?", [client.into()]);
        }
        if let Some(browser) = self.browser_session {
            listing.only("browser_session_id = ?", [browser.into()]);
        }
        match self.through_browser {
            None => {}
            Some(true) => listing.only(THROUGH_BROWSER, []),
            Some(false) => listing.only(&format!("NOT {THROUGH_BROWSER}"), []),
        }
        narrow(&mut listing, self.state, self.last_active);
        listing
    }
}

const THROUGH_BROWSER: &str = "EXISTS (SELECT 1 FROM compat_sso_logins l WHERE l.session_id = sessions.id)";

pub async fn list(db: &Db, filter: &Filter, window: Window) -> Result<Page<Session>> {
    let page = filter.listing().page(&db.read, window).await?;
    Ok(page.try_map(|row| Session::from_query_result(&row, ""))?)
}

pub async fn count(db: &Db, filter: &Filter) -> Result<u64> {
    Ok(filter.listing().count(&db.read).await?)
}

pub async fn get(db: &Db, id: SessionId) -> Result<Option<Session>> {
    Ok(sessions::Entity::find_by_id(id).one(&db.read).await?)
}

/// Those of them that there are, in one statement.
pub async fn by_ids(db: &Db, ids: &[SessionId]) -> Result<Vec<Session>> {
    Ok(sessions::Entity::find().filter(sessions::Column::Id.is_in(ids.iter().copied())).all(&db.read).await?)
}

/// The session behind a Matrix device: the newest active one, of a legacy app if there is one.
pub async fn of_device(db: &Db, user: UserId, device: &str) -> Result<Option<Session>> {
    const FIND: &str = "SELECT * FROM sessions WHERE user_id = $1 AND device_id = $2 AND finished_at IS NULL \
      AND kind IN ('oauth', 'compat') ORDER BY kind, id DESC LIMIT 1";
    let row = sql::one(&db.read, FIND, [user.into(), device.to_owned().into()]).await?;
    Ok(row.map(|row| Session::from_query_result(&row, "")).transpose()?)
}

/// How a legacy app was signed in through the browser.
#[derive(Clone, Debug)]
pub struct SsoLogin {
    pub id: CompatSsoLoginId,
    pub redirect_uri: String,
    pub created_at: Timestamp,
    pub fulfilled_at: Option<Timestamp>,
    pub exchanged_at: Option<Timestamp>,
    pub session: Option<SessionId>,
}

impl SsoLogin {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            id: row.try_get("", "id")?,
            redirect_uri: row.try_get("", "redirect_uri")?,
            created_at: row.try_get("", "created_at")?,
            fulfilled_at: row.try_get("", "fulfilled_at")?,
            exchanged_at: row.try_get("", "exchanged_at")?,
            session: row.try_get("", "session_id")?,
        })
    }
}

const SSO_LOGIN: &str = "l.id, l.redirect_uri, l.created_at, l.fulfilled_at, l.exchanged_at, l.session_id";

/// How these sessions came to be, in one statement; those that came otherwise are absent.
pub async fn sso_logins_of(db: &Db, sessions: &[SessionId]) -> Result<HashMap<SessionId, SsoLogin>> {
    let mut listing = Listing::of(SSO_LOGIN, "compat_sso_logins l", "l.id");
    listing.any_of("l.session_id IN ({})", sessions.iter().map(|id| Value::from(*id)).collect());
    let all = Window { after: None, before: None, from: store::listing::End::First, size: MOST };
    let rows = listing.page(&db.read, all).await?.rows;
    let logins = rows.iter().map(SsoLogin::read).collect::<Result<Vec<_>>>()?;
    Ok(logins.into_iter().filter_map(|login| Some((login.session?, login))).collect())
}

/// More are never asked for at once.
const MOST: u32 = 10_000;

fn sso_logins_by(user: UserId) -> Listing {
    let from = "compat_sso_logins l JOIN sessions s ON s.id = l.session_id";
    let mut listing = Listing::of(SSO_LOGIN, from, "l.id");
    listing.only("s.user_id = ?", [user.into()]);
    listing
}

/// All sign-ins of a person's legacy apps through the browser.
pub async fn sso_logins(db: &Db, user: UserId, window: Window) -> Result<Page<SsoLogin>> {
    sso_logins_by(user).page(&db.read, window).await?.try_map(|row| SsoLogin::read(&row))
}

pub async fn count_sso_logins(db: &Db, user: UserId) -> Result<u64> {
    Ok(sso_logins_by(user).count(&db.read).await?)
}

/// The origins of web apps that are signed in, in order, each once: over TLS, or on the person's own computer.
pub async fn web_origins(db: &Db, user: UserId) -> Result<Vec<String>> {
    const FIND: &str = "SELECT metadata ->> 'redirect_uris' AS uris FROM oauth_clients WHERE id IN (\
      SELECT client_id FROM sessions WHERE user_id = $1 AND kind = 'oauth' AND finished_at IS NULL)";
    let mut origins = std::collections::BTreeSet::new();
    for row in sql::all(&db.read, FIND, [user.into()]).await? {
        let uris: Option<String> = row.try_get("", "uris")?;
        let uris: Vec<url::Url> = serde_json::from_str(&uris.unwrap_or_default()).unwrap_or_default();
        let is_web = |uri: &&url::Url| uri.scheme() == "https" || uri.scheme() == "http" && is_loopback(uri);
        origins.extend(uris.iter().filter(is_web).map(|uri| uri.origin().ascii_serialization()));
    }
    Ok(origins.into_iter().collect())
}
