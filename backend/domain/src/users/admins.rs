//! Who may ask for administrative rights.

use kernel::{Op, Result, id::UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use store::{ConnectionTrait, Tx, tables::users};

use super::state::{Settled, Transition};
use crate::audit;

/// Lets the account ask for administrative scopes, or not any more. Sessions that have such a scope keep it.
pub async fn set_admin(tx: &Tx, op: &Op, id: UserId, admin: bool) -> Result<Settled> {
    const SET: &str = "UPDATE users SET can_request_admin = $2 WHERE id = $1 AND can_request_admin <> $2";
    let setting = Transition {
        statement: SET,
        values: vec![id.into(), admin.into()],
        event: if admin { audit::Kind::AdminGranted } else { audit::Kind::AdminRevoked },
        data: None,
    };
    setting.run(tx, op, id).await
}

/// Everybody who may, oldest account first.
pub async fn admins(db: &impl ConnectionTrait) -> Result<Vec<users::Model>> {
    let found = users::Entity::find().filter(users::Column::CanRequestAdmin.eq(true));
    Ok(found.order_by_asc(users::Column::Id).all(db).await?)
}
