//! Authorization code grants: pending, then fulfilled or cancelled, then exchanged.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "authorization_grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    pub client_id: ClientId,
    pub browser_session_id: Option<BrowserSessionId>,
    /// The session that came of it.
    pub session_id: Option<SessionId>,
    pub created_at: Timestamp,
    pub fulfilled_at: Option<Timestamp>,
    pub exchanged_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub scope: String,
    pub redirect_uri: String,
    /// Whether the request carried it, so that the exchange must repeat it (RFC 6749 §4.1.3).
    pub redirect_uri_given: bool,
    pub response_type: String,
    pub response_mode: String,
    pub state: Option<String>,
    pub nonce: Option<String>,
    /// SHA-256 of the code, which is made when the grant is fulfilled.
    pub code_hash: Option<Vec<u8>>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    pub login_hint: Option<String>,
    pub locale: Option<String>,
    pub parameters: Json,
    /// What the request demands of the sign-in; absent where it is nothing.
    pub demands: Option<Json>,
    /// Where the person said that this account is the right one.
    pub account_chosen_by: Option<BrowserSessionId>,
    /// Of the browser session, when the person agreed.
    pub auth_time: Option<Timestamp>,
    pub amr: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
