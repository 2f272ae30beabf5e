//! Registrations that nobody has finished are found by clean-up without a look at those that led to an account.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, UNFINISHED).await
    }
}

const UNFINISHED: &str =
    "CREATE INDEX registrations_unfinished ON registrations (id) WHERE completed_at IS NULL;";
