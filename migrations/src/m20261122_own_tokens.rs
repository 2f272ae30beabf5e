//! Personal access tokens by whom they act as: without statistics, SQLite would take an index by kind, and look at everybody's.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, PERSONAL).await
    }
}

const PERSONAL: &str = "CREATE INDEX sessions_personal ON sessions (user_id, id) WHERE kind = 'personal'";
