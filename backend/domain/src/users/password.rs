//! Setting a password, and who has one.

use std::collections::HashSet;

use kernel::{Op, Result, id::UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use store::{
    Db, Tx,
    changes::{self, Change},
    tables::authenticators,
};

use super::login::replace_password;
use crate::{audit, oauth::consents, passwords::Hashed};

/// Gives the account this password, in place of the one it had. Sessions stay; but every app asks again before it gets
/// a new one, in case somebody else agreed.
pub async fn set(tx: &Tx, op: &Op, user: UserId, hashed: &Hashed) -> Result<()> {
    replace_password(tx, op, user, hashed).await?;
    consents::forget_all(tx, user).await?;
    changes::append(tx, op, Change::User, user).await?;
    let subject = audit::Subject { user: Some(user), ..Default::default() };
    audit::record(tx, op, audit::Kind::PasswordChanged, subject).await
}

/// Which of them have a password, in one statement.
pub async fn having(db: &Db, users: &[UserId]) -> Result<HashSet<UserId>> {
    let found = authenticators::Entity::find()
        .select_only()
        .column(authenticators::Column::UserId)
        .filter(authenticators::Column::UserId.is_in(users.iter().copied()))
        .filter(authenticators::Column::Kind.eq("password"))
        .filter(authenticators::Column::RetiredAt.is_null());
    Ok(found.into_tuple().all(&db.read).await?.into_iter().collect())
}
