//! Connections: which page is asked for, and how it is answered.

use std::{future::Future, pin::Pin};

use async_graphql::{Context, Object, OutputType, connection, connection::Edge};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use edge::App;
use kernel::id::{Id, parse_ulid};
use store::{Page, Window, listing::End};
use uuid::Uuid;

use crate::{
    asking::Asking,
    fault::{ErrorCode, Fault},
};

/// The longest page.
const MOST: u32 = 100;

pub type Connection<N> = connection::Connection<String, N, Total>;

/// What a list costs, apart from what is on it.
const LIST: usize = 25;

/// What it costs to look for one thing by something that names it, apart from what is asked of it: a statement of its own, which
/// whoever sends the request need not be known for.
pub const LOOKUP: usize = 100;

/// The complexity of a list, in which everything that is asked of a node counts once for each of them.
pub fn cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let size = first.or(last).and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    LIST + size.saturating_mul(child)
}

/// The arguments of a connection.
#[derive(Clone, Debug)]
pub struct Asked {
    pub after: Option<String>,
    pub before: Option<String>,
    pub first: Option<i32>,
    pub last: Option<i32>,
}

impl Asked {
    /// Which end, and how many. `first` wins.
    pub fn size(&self) -> Result<(End, u32), Fault> {
        let invalid = |message: &str| Fault::new(ErrorCode::InvalidPage, message);
        let (from, size) = match (self.first, self.last) {
            (Some(first), _) => (End::First, first),
            (None, Some(last)) => (End::Last, last),
            (None, None) => return Err(invalid("Either 'first' or 'last' must be specified")),
        };
        match u32::try_from(size) {
            Ok(size) if size <= MOST => Ok((from, size)),
            Ok(_) => Err(invalid("at most 100 can be asked for at once")),
            Err(_) => Err(invalid("a page cannot have a negative size")),
        }
    }

    /// A page of a list whose oldest come first; cursors name one of these types.
    pub fn window(&self, types: &[&str]) -> Result<Window, Fault> {
        let (from, size) = self.size()?;
        let place = |cursor: &Option<String>| cursor.as_deref().map(|text| read(text, types)).transpose();
        Ok(Window { after: place(&self.after)?, before: place(&self.before)?, from, size })
    }

    /// A page of a list whose newest come first: what comes after has smaller ids.
    pub fn newest_first(&self, types: &[&str]) -> Result<Window, Fault> {
        let window = self.window(types)?;
        let from = if window.from == End::First { End::Last } else { End::First };
        Ok(Window { after: window.before, before: window.after, from, size: window.size })
    }
}

/// `["OAuth2Session","01H…"]` in base64url.
pub fn cursor(kind: &str, id: impl Id) -> String {
    encode(&serde_json::json!([kind, id.to_string()]))
}

pub fn encode(value: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The JSON in a cursor.
pub fn decode(cursor: &str) -> Result<Vec<String>, Fault> {
    let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid_cursor())?;
    serde_json::from_slice(&json).map_err(|_| invalid_cursor())
}

pub fn invalid_cursor() -> Fault {
    Fault::new(ErrorCode::InvalidCursor, "invalid cursor")
}

fn read(cursor: &str, types: &[&str]) -> Result<Uuid, Fault> {
    match decode(cursor)?.as_slice() {
        [kind, id] if types.contains(&kind.as_str()) => uuid(id),
        _ => Err(invalid_cursor()),
    }
}

pub fn uuid(id: &str) -> Result<Uuid, Fault> {
    parse_ulid(id).map(|id| Uuid::from_u128(id.0)).map_err(|_| invalid_cursor())
}

/// Nothing is asked for but the number of all: no statement.
pub async fn fetch<T>(
    window: Window,
    page: impl Future<Output = kernel::Result<Page<T>>>,
) -> kernel::Result<Page<T>> {
    if window.size == 0 { Ok(Page { rows: Vec::new(), has_more: false }) } else { page.await }
}

/// The answer. Which neighbours there are is told for the direction that was asked for.
pub fn answer<T, N: OutputType>(
    (from, page): (End, Page<T>),
    total: Total,
    node: impl Fn(T) -> (String, N),
) -> Connection<N> {
    let (previous, next) = (from == End::Last && page.has_more, from == End::First && page.has_more);
    let mut connection = Connection::with_additional_fields(previous, next, total);
    connection.edges.extend(page.rows.into_iter().map(|row| {
        let (cursor, node) = node(row);
        Edge::new(cursor, node)
    }));
    connection
}

/// [`answer`] for a list whose newest come first.
pub fn answer_newest_first<T, N: OutputType>(
    (from, mut page): (End, Page<T>),
    total: Total,
    node: impl Fn(T) -> (String, N),
) -> Connection<N> {
    page.rows.reverse();
    let from = if from == End::First { End::Last } else { End::First };
    answer((from, page), total, node)
}

type Counting = Pin<Box<dyn Future<Output = kernel::Result<u64>> + Send>>;

/// Counts the whole list, when asked.
pub struct Total(Box<dyn Fn(App) -> Counting + Send + Sync>);

impl Total {
    pub fn by<F, W>(count: F) -> Self
    where
        F: Fn(App) -> W + Send + Sync + 'static,
        W: Future<Output = kernel::Result<u64>> + Send + 'static,
    {
        Self(Box::new(move |app| Box::pin(count(app))))
    }
}

#[Object]
impl Total {
    /// Of all pages; counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let count = (self.0)(Asking::of(ctx).app.clone()).await?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}
