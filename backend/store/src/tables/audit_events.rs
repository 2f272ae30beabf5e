//! What happened, written with it; never changed.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEventId,
    pub kind: String,
    pub actor: String,
    pub user_id: Option<UserId>,
    pub client_id: Option<ClientId>,
    pub session_id: Option<SessionId>,
    pub browser_session_id: Option<BrowserSessionId>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: String,
    pub data: Option<Json>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
