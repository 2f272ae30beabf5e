//! Device authorization requests (RFC 8628).

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "device_grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceGrantId,
    pub client_id: ClientId,
    /// Of whoever has agreed or refused.
    pub browser_session_id: Option<BrowserSessionId>,
    pub session_id: Option<SessionId>,
    pub scope: String,
    pub device_code_hash: Vec<u8>,
    /// HMAC, since the code is short.
    pub user_code_hash: Vec<u8>,
    /// Sealed, to be shown to whoever is asked.
    pub user_code_box: String,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    /// Of the browser in which the person agreed.
    pub locale: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub polled_at: Option<Timestamp>,
    pub fulfilled_at: Option<Timestamp>,
    pub rejected_at: Option<Timestamp>,
    pub exchanged_at: Option<Timestamp>,
    /// Seconds that the device has to leave between two polls.
    pub poll_interval: i64,
    pub polled_too_soon: bool,
    pub login_hint: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
