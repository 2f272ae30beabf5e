//! Lines of succession of tokens; `docs/security.md` has the construction and its argument.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "token_pairs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TokenLineId,
    pub session_id: SessionId,
    /// The ten characters that all tokens of the line have in common; none where a migration brought in tokens
    /// that have no such part.
    pub handle: Option<String>,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub access_id: TokenId,
    pub access_hash: Vec<u8>,
    pub access_expires_at: Option<Timestamp>,
    /// First use of the current access token.
    pub access_used_at: Option<Timestamp>,
    pub refresh_id: Option<TokenId>,
    pub refresh_hash: Option<Vec<u8>>,
    /// When the current pair succeeded the one before.
    pub rotated_at: Option<Timestamp>,
    pub prior_access_id: Option<TokenId>,
    pub prior_access_hash: Option<Vec<u8>>,
    pub prior_access_expires_at: Option<Timestamp>,
    pub prior_refresh_hash: Option<Vec<u8>>,
    /// The current pair, sealed under a key that only the prior refresh token yields.
    pub successor_box: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
