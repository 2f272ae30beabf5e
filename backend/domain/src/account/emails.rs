//! The addresses of a person.

use kernel::{Result, id::*};
use sea_orm::{EntityTrait, FromQueryResult};
use store::{Db, Listing, Page, Window, tables::user_emails};

pub use store::tables::user_emails::Model as UserEmail;

fn of(user: UserId) -> Listing {
    let mut listing = Listing::of("*", "user_emails", "id");
    listing.only("user_id = ?", [user.into()]);
    listing
}

pub async fn list(db: &Db, user: UserId, window: Window) -> Result<Page<UserEmail>> {
    let page = of(user).page(&db.read, window).await?;
    Ok(page.try_map(|row| UserEmail::from_query_result(&row, ""))?)
}

pub async fn count(db: &Db, user: UserId) -> Result<u64> {
    Ok(of(user).count(&db.read).await?)
}

pub async fn get(db: &Db, id: EmailId) -> Result<Option<UserEmail>> {
    Ok(user_emails::Entity::find_by_id(id).one(&db.read).await?)
}
