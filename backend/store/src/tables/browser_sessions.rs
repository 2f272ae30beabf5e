//! A signed-in browser.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "browser_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BrowserSessionId,
    pub user_id: UserId,
    /// SHA-256 of the secret in the cookie.
    pub secret_hash: Option<Vec<u8>>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// When the person last proved who they are (`auth_time` of OpenID Connect Core §2).
    pub auth_time: Timestamp,
    /// How (RFC 8176), space-separated.
    pub amr: String,
    pub user_agent: Option<String>,
    pub last_active_at: Option<Timestamp>,
    pub last_active_ip: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
