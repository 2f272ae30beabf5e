//! What there is: accounts, sessions, clients and the rest, for administrators to look through page by page.
//!
//! Nothing is changed here, and nobody's right to look is asked about; that is for the surface. One file per kind of thing:
//! its filter, whose members all have to hold, and the [`Listing`] that it amounts to. A list costs one statement, its
//! count another one. Filters of accounts and sessions are kept with bulk operations ([`crate::bulk`]): members may be added,
//! and keep their names.

pub mod audit_events;
pub mod browser_sessions;
pub mod bulk_operations;
pub mod clients;
pub mod emails;
pub mod known;
pub mod registration_tokens;
pub mod sessions;
mod times;
pub mod upstream;
pub mod users;

use kernel::{Result, id::Id};
use sea_orm::{FromQueryResult, QueryResult};
use store::{ConnectionTrait, Listing, Page, Tx, Window, listing::Clause};

pub use times::Times;

/// A row of a list, as this service understands it.
pub trait Entry: Sized {
    fn read(row: &QueryResult) -> Result<Self>;
}

macro_rules! entries_are_rows {
    ($($model:ty),*) => {$(
        impl Entry for $model {
            fn read(row: &QueryResult) -> Result<Self> {
                Ok(Self::from_query_result(row, "")?)
            }
        }
    )*};
}

entries_are_rows!(
    store::tables::users::Model,
    store::tables::user_emails::Model,
    store::tables::browser_sessions::Model,
    store::tables::oauth_clients::Model,
    store::tables::audit_events::Model,
    bulk_operations::BulkOperation
);

/// A row of a list with what the list is sorted by, if that is not the id.
#[derive(Clone, Debug)]
pub struct Keyed<T> {
    pub entry: T,
    pub key: Option<String>,
}

impl<T: Entry> Entry for Keyed<T> {
    fn read(row: &QueryResult) -> Result<Self> {
        // Lists that are sorted by ids have no such column.
        let key = row.try_get("", "sort_key").ok();
        Ok(Self { entry: T::read(row)?, key })
    }
}

/// A page of a list. One statement.
pub async fn page<T: Entry>(db: &impl ConnectionTrait, list: &Listing, window: Window) -> Result<Page<T>> {
    list.page(db, window).await?.try_map(|row| T::read(&row))
}

/// The one with that id, if the list has it. One statement.
pub async fn get<T: Entry>(db: &impl ConnectionTrait, list: Listing, id: impl Id) -> Result<Option<T>> {
    list.get(db, id).await?.map(|row| T::read(&row)).transpose()
}

/// The one with that id, which nobody else changes until the transaction ends: what a change finds, is compared with, and leads
/// away from.
pub async fn hold<T: Entry>(tx: &Tx, list: Listing, id: impl Id) -> Result<Option<T>> {
    list.hold(tx, id).await?;
    get(tx, list, id).await
}

/// Text and no value, so that partial indexes are found.
fn is_true(list: &mut Listing, condition: Option<bool>, column: &str) {
    if let Some(wanted) = condition {
        list.only(&format!("{column} = {}", if wanted { "TRUE" } else { "FALSE" }), []);
    }
}

/// Whether there is something of which the sub-query, which has one column, tells.
fn exists(list: &mut Listing, condition: Option<bool>, sub_query: &str) {
    let Some(wanted) = condition else { return };
    // The sub-query as a value is run row by row. Of EXISTS, a database that guesses wrongly makes a join with all there is. That
    // hardly any value is NULL is another guess: PostgreSQL would look at all rows, where CASE has it walk until the page is full.
    let (exists, found, lacking) =
        if wanted { ("EXISTS", "TRUE", "FALSE") } else { ("NOT EXISTS", "FALSE", "TRUE") };
    let here =
        Clause::new(format!("CASE WHEN ({sub_query} LIMIT 1) IS NULL THEN {lacking} ELSE {found} END"), []);
    list.only_counted(here, Clause::new(format!("{exists} ({sub_query})"), []));
}
