//! OAuth 2.0 clients, configured and registered.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_clients")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClientId,
    /// Comes from the configuration.
    pub is_static: bool,
    /// Of the registration document: the same document without a secret gives the same client again.
    pub digest: Option<String>,
    /// `token_endpoint_auth_method` (RFC 7591 §2).
    pub auth_method: Option<String>,
    pub secret_box: Option<String>,
    /// Space-separated: what the client may ask the token endpoint for.
    pub grant_types: String,
    pub name: Option<String>,
    pub uri: Option<String>,
    /// The validated metadata.
    pub metadata: Json,
    pub created_at: Timestamp,
    /// When the clean-up first noticed that the client has had a session, or when an administrator made the client.
    pub used_at: Option<Timestamp>,
    /// Since when the client gets nothing, because an administrator has said so.
    pub disabled_at: Option<Timestamp>,
    /// Since when it is gone for everybody; a job removes what is left.
    pub deleted_at: Option<Timestamp>,
    /// Sessions that began before have ended, whether or not somebody has come to write that down.
    pub sessions_ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
