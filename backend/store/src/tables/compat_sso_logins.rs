//! Legacy sign-ins through the browser: pending, then fulfilled, then exchanged.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "compat_sso_logins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompatSsoLoginId,
    pub redirect_uri: String,
    pub created_at: Timestamp,
    /// Of whoever has agreed.
    pub browser_session_id: Option<BrowserSessionId>,
    /// SHA-256 of the token that the app gets, which is made when the person agrees.
    pub token_hash: Option<Vec<u8>>,
    pub fulfilled_at: Option<Timestamp>,
    pub exchanged_at: Option<Timestamp>,
    /// The session that came of it.
    pub session_id: Option<SessionId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
