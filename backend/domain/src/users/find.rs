//! Looking accounts up.

use std::collections::HashMap;

use kernel::{Result, id::UserId, name::normalise};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::{Run, Tx, sql, tables::users};

pub async fn by_id(db: &impl Run, id: UserId) -> Result<Option<users::Model>> {
    Ok(users::Entity::find_by_id(id).one(db).await?)
}

/// The account, which nobody else changes until the transaction ends.
pub async fn hold(tx: &Tx, id: UserId) -> Result<Option<users::Model>> {
    // Changes nothing; but of two at once, the second waits here and sees what the first has left.
    const HOLD: &str = "UPDATE users SET locked_at = locked_at WHERE id = $1";
    if sql::execute(tx, HOLD, [id.into()]).await? == 0 { Ok(None) } else { by_id(tx, id).await }
}

/// Those of them that there are, in one statement.
pub async fn by_ids(db: &impl Run, ids: &[UserId]) -> Result<HashMap<UserId, users::Model>> {
    let found = users::Entity::find().filter(users::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    Ok(found.into_iter().map(|user| (user.id, user)).collect())
}

/// The account of that name, whatever its letter case; where a migration brought in several that differ by case only,
/// the one written exactly so.
pub async fn by_username(db: &impl Run, username: &str) -> Result<Option<users::Model>> {
    let mut found =
        users::Entity::find().filter(users::Column::UsernameNorm.eq(normalise(username))).all(db).await?;
    if found.len() > 1 {
        found.retain(|user| user.username == username);
    }
    Ok(found.pop())
}

/// SQL for the address that the account `u.id` has had for longest: the one that others are told.
macro_rules! primary_email {
    () => {
        "(SELECT e.email FROM user_emails e WHERE e.user_id = u.id ORDER BY e.id LIMIT 1)"
    };
}
pub(crate) use primary_email;

/// Whether the address is one of the account's.
pub async fn has_email(db: &impl Run, user: UserId, address: &str) -> Result<bool> {
    const FIND: &str = "SELECT 1 AS found FROM user_emails WHERE user_id = $1 AND email_norm = $2";
    Ok(sql::one(db, FIND, [user.into(), normalise(address).into()]).await?.is_some())
}
