//! Work to be done after the transaction that asked for it.

use kernel::{Timestamp, id::*};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub queue: String,
    pub payload: Json,
    pub attempt: i64,
    /// Attempts that ended with the worker.
    pub deaths: i64,
    pub created_at: Timestamp,
    pub run_at: Timestamp,
    pub leased_by: Option<String>,
    pub leased_until: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
    pub reason: Option<String>,
    pub schedule: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
