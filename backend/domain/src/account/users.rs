//! Accounts, for administrators.

use kernel::Result;
use sea_orm::FromQueryResult;
use store::{Db, Listing, Page, Window, tables::users};

/// Which of them. What is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Neither locked nor deactivated; the opposite is locked.
    pub active: Option<bool>,
    pub can_request_admin: Option<bool>,
}

impl Filter {
    fn listing(self) -> Listing {
        let mut listing = Listing::of("*", "users", "id");
        match self.active {
            None => {}
            Some(true) => listing.only("locked_at IS NULL AND deactivated_at IS NULL", []),
            Some(false) => listing.only("locked_at IS NOT NULL", []),
        }
        if let Some(admin) = self.can_request_admin {
            listing.only("can_request_admin = ?", [admin.into()]);
        }
        listing
    }
}

pub async fn list(db: &Db, filter: Filter, window: Window) -> Result<Page<users::Model>> {
    let page = filter.listing().page(&db.read, window).await?;
    Ok(page.try_map(|row| users::Model::from_query_result(&row, ""))?)
}

pub async fn count(db: &Db, filter: Filter) -> Result<u64> {
    Ok(filter.listing().count(&db.read).await?)
}
