//! People. A row, and with it the name, is kept for ever.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// The localpart, in the casing it was created with.
    pub username: String,
    /// Lower-cased by the application ([`kernel::name::normalise`]): unique, except for [twins](Self::username_twin).
    pub username_norm: String,
    /// Brought in by a migration, differing from another account by case only.
    pub username_twin: bool,
    pub created_at: Timestamp,
    pub locked_at: Option<Timestamp>,
    pub deactivated_at: Option<Timestamp>,
    /// May be granted administrative scopes.
    pub can_request_admin: bool,
    pub is_guest: bool,
    /// Of pages and mails, as a BCP 47 tag, if the person has chosen one.
    pub language: Option<String>,
    /// At the homeserver, when it was last seen there or told there. To search for, and nothing else: it may be another by now.
    pub display_name: Option<String>,
    /// The same as it is searched for.
    pub display_name_norm: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
