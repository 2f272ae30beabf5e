//! Looking accounts up.

use kernel::{Result, id::UserId, name::normalise};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::{ConnectionTrait, tables::users};

pub async fn by_id(db: &impl ConnectionTrait, id: UserId) -> Result<Option<users::Model>> {
    Ok(users::Entity::find_by_id(id).one(db).await?)
}

/// The account of that name, whatever its letter case; where a migration brought in several that differ by case only,
/// the one written exactly so.
pub async fn by_username(db: &impl ConnectionTrait, username: &str) -> Result<Option<users::Model>> {
    let mut found =
        users::Entity::find().filter(users::Column::UsernameNorm.eq(normalise(username))).all(db).await?;
    if found.len() > 1 {
        found.retain(|user| user.username == username);
    }
    Ok(found.pop())
}
