//! OAuth 2.0, legacy and personal sessions.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// `oauth`, `compat` or `personal`.
    pub kind: String,
    /// Who is acted for; none for client_credentials.
    pub user_id: Option<UserId>,
    pub client_id: Option<ClientId>,
    pub browser_session_id: Option<BrowserSessionId>,
    pub owner_user_id: Option<UserId>,
    pub scope: String,
    /// The Matrix device, if the scope names one.
    pub device_id: Option<String>,
    /// The homeserver had the device before any session of ours did: it stays when they end.
    pub foreign_device: bool,
    pub human_name: Option<String>,
    pub is_synapse_admin: bool,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub user_agent: Option<String>,
    pub last_active_at: Option<Timestamp>,
    pub last_active_ip: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
