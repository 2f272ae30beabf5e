//! What happened to an account, as far as it concerns the person.

use kernel::{Result, id::*};
use sea_orm::{FromQueryResult, Value};
use store::{Db, Listing, Page, Window};

pub use store::tables::audit_events::Model as Event;

/// Events of an account; of these kinds, by their names, if any are given.
fn of(user: UserId, kinds: Option<&[&'static str]>) -> Listing {
    let mut listing = Listing::of("*", "audit_events", "id");
    listing.only("user_id = ?", [user.into()]);
    match kinds {
        None => {}
        Some([]) => listing.only("FALSE", []),
        Some(kinds) => listing.any_of("kind IN ({})", kinds.iter().map(|kind| Value::from(*kind)).collect()),
    }
    listing
}

pub async fn list(
    db: &Db,
    user: UserId,
    kinds: Option<&[&'static str]>,
    window: Window,
) -> Result<Page<Event>> {
    let page = of(user, kinds).page(&db.read, window).await?;
    Ok(page.try_map(|row| Event::from_query_result(&row, ""))?)
}

pub async fn count(db: &Db, user: UserId, kinds: Option<&[&'static str]>) -> Result<u64> {
    Ok(of(user, kinds).count(&db.read).await?)
}
