//! Everything that is signed in to an account, by device: a browser, then the apps that were signed in through it.
//!
//! The order is that of (device, browser before app, id), each from the newest: a browser session's device is itself, an app's
//! is the browser that it came through, or itself. Both tables have an index in that order, so each gives the first rows of
//! its part, and the parts are merged.

use std::fmt::Write;

use kernel::{Error, Result, id::*};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Statement, Value};
use store::{
    Db,
    listing::{End, containing},
    sql,
};
use uuid::Uuid;

use super::{LastActive, State, browser_sessions::BrowserSession, sessions::Session};

/// More words than that are not looked for.
const MOST_WORDS: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Browser,
    App,
    LegacyApp,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Browser, Self::App, Self::LegacyApp];
}

/// Which of them.
#[derive(Clone, Debug)]
pub struct Filter {
    pub user: UserId,
    pub kinds: Vec<Kind>,
    pub state: Option<State>,
    pub last_active: LastActive,
    /// Words that must all be found: in an app's name or address, a device's name or id, the user agent, the IP address.
    pub search: Option<String>,
}

/// Something that is signed in.
#[derive(Clone, Debug)]
pub enum SignIn {
    Browser(BrowserSession),
    App(Session),
}

/// Where a sign-in stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    device: Uuid,
    is_browser: bool,
    id: Uuid,
}

impl SignIn {
    pub fn place(&self) -> Place {
        match self {
            Self::Browser(session) => Place { device: session.id.0, is_browser: true, id: session.id.0 },
            Self::App(session) => Place { device: device_of(session), is_browser: false, id: session.id.0 },
        }
    }
}

/// Equal for the sign-ins of one device.
pub fn device_of(session: &Session) -> Uuid {
    session.browser_session_id.map_or(session.id.0, |browser| browser.0)
}

impl Place {
    /// For a cursor: device and id. Of a browser both are the same.
    pub const fn ids(self) -> (Uuid, Uuid) {
        (self.device, self.id)
    }

    /// `is_browser` tells apart a browser from an app that stands alone.
    pub const fn new(device: Uuid, id: Uuid, is_browser: bool) -> Self {
        Self { device, is_browser, id }
    }

    pub const fn is_browser(self) -> bool {
        self.is_browser
    }
}

/// The part of the list that is a page.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub after: Option<Place>,
    pub before: Option<Place>,
    pub from: End,
    pub size: u32,
}

/// A page, in the order of the list whichever end it was taken from.
#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<SignIn>,
    /// There are more, away from the end that the page was taken from.
    pub has_more: bool,
}

/// One statement for each of the two tables at most.
pub async fn list(db: &Db, filter: &Filter, window: Window) -> Result<Page> {
    let size = window.size as usize;
    let mut rows = Vec::new();
    if filter.kinds.contains(&Kind::Browser) {
        let found = Part::browsers(filter, Some(window)).rows(db).await?;
        for row in found {
            rows.push(SignIn::Browser(BrowserSession::from_query_result(&row, "")?));
        }
    }
    if filter.kinds.iter().any(|kind| *kind != Kind::Browser) {
        let found = Part::apps(filter, Some(window)).rows(db).await?;
        for row in found {
            rows.push(SignIn::App(Session::from_query_result(&row, "")?));
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.place()));
    let has_more = rows.len() > size;
    match window.from {
        End::First => rows.truncate(size),
        End::Last => drop(rows.drain(..rows.len().saturating_sub(size))),
    }
    Ok(Page { rows, has_more })
}

/// How many there are in all: one statement for each of the two tables at most.
pub async fn count(db: &Db, filter: &Filter) -> Result<u64> {
    let mut count = 0;
    if filter.kinds.contains(&Kind::Browser) {
        count += Part::browsers(filter, None).count(db).await?;
    }
    if filter.kinds.iter().any(|kind| *kind != Kind::Browser) {
        count += Part::apps(filter, None).count(db).await?;
    }
    Ok(count)
}

/// What is signed in besides one browser: browsers, apps, and of the apps those that came through that browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Others {
    pub browsers: u64,
    pub apps: u64,
    pub apps_of_this_browser: u64,
}

/// One statement.
pub async fn others(db: &Db, user: UserId, browser: Option<BrowserSessionId>) -> Result<Others> {
    const COUNT: &str = "SELECT COUNT(*) AS apps, \
        COUNT(CASE WHEN browser_session_id = $2 THEN 1 END) AS of_this_browser, \
        (SELECT COUNT(*) FROM browser_sessions WHERE user_id = $1 AND finished_at IS NULL) AS browsers \
      FROM sessions WHERE user_id = $1 AND finished_at IS NULL AND kind IN ('oauth', 'compat')";
    let row = sql::one(&db.read, COUNT, [user.into(), browser.into()]).await?;
    let row = row.ok_or_else(|| Error::internal("a count has one row"))?;
    let number = |name| row.try_get::<i64>("", name).map(i64::unsigned_abs);
    Ok(Others {
        browsers: number("browsers")?.saturating_sub(u64::from(browser.is_some())),
        apps: number("apps")?,
        apps_of_this_browser: number("of_this_browser")?,
    })
}

/// The statement for one of the two tables.
struct Part {
    sql: String,
    values: Vec<Value>,
    tail: String,
}

impl Part {
    fn browsers(filter: &Filter, window: Option<Window>) -> Self {
        let mut part = Self::of("browser_sessions s", filter);
        part.search(filter, "COALESCE(s.user_agent, '') || ' ' || COALESCE(s.last_active_ip, '')");
        if let Some(window) = window {
            // Of one device the browser comes first: what lies beyond a browser lies beyond its device.
            if let Some(after) = window.after {
                part.only("s.id < ", after.device.into());
            }
            if let Some(before) = window.before {
                part.only(if before.is_browser { "s.id > " } else { "s.id >= " }, before.device.into());
            }
            part.end("s.id", window);
        }
        part
    }

    fn apps(filter: &Filter, window: Option<Window>) -> Self {
        const DEVICE: &str = "COALESCE(s.browser_session_id, s.id)";
        let from = if filter.search.is_some() {
            "sessions s LEFT JOIN oauth_clients c ON c.id = s.client_id"
        } else {
            "sessions s"
        };
        let mut part = Self::of(from, filter);
        part.sql.push_str(
            match (filter.kinds.contains(&Kind::App), filter.kinds.contains(&Kind::LegacyApp)) {
                (true, false) => " AND s.kind = 'oauth'",
                (false, true) => " AND s.kind = 'compat'",
                _ => " AND s.kind IN ('oauth', 'compat')",
            },
        );
        part.search(
            filter,
            "COALESCE(c.name, '') || ' ' || COALESCE(c.uri, '') || ' ' || COALESCE(s.human_name, '') || ' ' || \
             COALESCE(s.device_id, '') || ' ' || COALESCE(s.user_agent, '') || ' ' || \
             COALESCE(s.last_active_ip, '') || ' ' || COALESCE((SELECT l.redirect_uri FROM compat_sso_logins l \
               WHERE l.session_id = s.id LIMIT 1), '')",
        );
        if let Some(window) = window {
            if let Some(after) = window.after {
                if after.is_browser {
                    part.only(&format!("{DEVICE} <= "), after.device.into());
                } else {
                    part.beyond(DEVICE, "<", after);
                }
            }
            if let Some(before) = window.before {
                if before.is_browser {
                    part.only(&format!("{DEVICE} > "), before.device.into());
                } else {
                    part.beyond(DEVICE, ">", before);
                }
            }
            let direction = if window.from == End::First { "DESC" } else { "ASC" };
            part.end(&format!("{DEVICE} {direction}, s.id"), window);
        }
        part
    }

    fn of(from: &str, filter: &Filter) -> Self {
        let sql = format!(" FROM {from} WHERE s.user_id = $1");
        let mut part = Self { sql, values: vec![filter.user.into()], tail: String::new() };
        match filter.state {
            None => {}
            Some(State::Active) => part.sql.push_str(" AND s.finished_at IS NULL"),
            Some(State::Finished) => part.sql.push_str(" AND s.finished_at IS NOT NULL"),
        }
        if let Some(after) = filter.last_active.after {
            part.only("s.last_active_at > ", after.into());
        }
        if let Some(before) = filter.last_active.before {
            part.only("s.last_active_at < ", before.into());
        }
        part
    }

    /// Each word in the text, in lower case, or as it was typed: SQLite lowers ASCII only.
    fn search(&mut self, filter: &Filter, text: &str) {
        let words = filter.search.as_deref().unwrap_or_default().split_whitespace();
        for word in words.take(MOST_WORDS) {
            let (lower, typed) =
                (self.value(containing(&word.to_lowercase()).into()), self.value(containing(word).into()));
            let _ = write!(
                self.sql,
                " AND (LOWER({text}) LIKE {lower} ESCAPE '\\' OR {text} LIKE {typed} ESCAPE '\\')"
            );
        }
    }

    fn only(&mut self, condition: &str, value: Value) {
        let value = self.value(value);
        let _ = write!(self.sql, " AND {condition}{value}");
    }

    fn beyond(&mut self, device: &str, than: &str, place: Place) {
        let (at, id) = (self.value(place.device.into()), self.value(place.id.into()));
        // The first says what the second implies, for planners that do not see it.
        let _ = write!(self.sql, " AND {device} {than}= {at} AND ({device}, s.id) {than} ({at}, {id})");
    }

    /// One more than asked for tells whether there are more.
    fn end(&mut self, order: &str, window: Window) {
        let limit = self.value((i64::from(window.size) + 1).into());
        let direction = if window.from == End::First { "DESC" } else { "ASC" };
        self.tail = format!(" ORDER BY {order} {direction} LIMIT {limit}");
    }

    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    async fn rows(self, db: &Db) -> Result<Vec<QueryResult>> {
        let sql = format!("SELECT s.*{}{}", self.sql, self.tail);
        let statement = Statement::from_sql_and_values(db.read.get_database_backend(), sql, self.values);
        Ok(db.read.query_all_raw(statement).await?)
    }

    async fn count(self, db: &Db) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) AS count{}", self.sql);
        let statement = Statement::from_sql_and_values(db.read.get_database_backend(), sql, self.values);
        let row = db.read.query_one_raw(statement).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get::<i64>("", "count"))?.unsigned_abs())
    }
}
