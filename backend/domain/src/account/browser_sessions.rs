//! Browsers in which a person is signed in, or was.

use std::collections::HashMap;

use kernel::{Result, id::*};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter};
use store::{Db, Listing, Page, Window, tables::browser_sessions};

pub use store::tables::browser_sessions::Model as BrowserSession;

use super::{LastActive, State, narrow};

/// Which of them.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    pub user: UserId,
    pub state: Option<State>,
    pub last_active: LastActive,
}

impl Filter {
    fn listing(self) -> Listing {
        let mut listing = Listing::of("*", "browser_sessions", "id");
        listing.only("user_id = ?", [self.user.into()]);
        narrow(&mut listing, self.state, self.last_active);
        listing
    }
}

pub async fn list(db: &Db, filter: Filter, window: Window) -> Result<Page<BrowserSession>> {
    let page = filter.listing().page(&db.read, window).await?;
    Ok(page.try_map(|row| BrowserSession::from_query_result(&row, ""))?)
}

pub async fn count(db: &Db, filter: Filter) -> Result<u64> {
    Ok(filter.listing().count(&db.read).await?)
}

pub async fn get(db: &Db, id: BrowserSessionId) -> Result<Option<BrowserSession>> {
    Ok(browser_sessions::Entity::find_by_id(id).one(&db.read).await?)
}

/// Those of them that there are, in one statement.
pub async fn by_ids(db: &Db, ids: &[BrowserSessionId]) -> Result<HashMap<BrowserSessionId, BrowserSession>> {
    let found = browser_sessions::Entity::find()
        .filter(browser_sessions::Column::Id.is_in(ids.iter().copied()))
        .all(&db.read)
        .await?;
    Ok(found.into_iter().map(|session| (session.id, session)).collect())
}
