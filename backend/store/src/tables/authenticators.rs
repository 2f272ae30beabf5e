//! Ways to sign in. At most one unretired row of kind `password` per user.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "authenticators")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuthenticatorId,
    pub user_id: UserId,
    pub kind: String,
    /// Of a password: the hashing scheme (`passwords.schemes[].version`).
    pub version: Option<i64>,
    /// Of a password: its hash.
    pub secret: Option<String>,
    pub data: Option<Json>,
    pub label: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub retired_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
