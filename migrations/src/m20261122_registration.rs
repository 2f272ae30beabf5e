//! What somebody who registers tells step by step stands in columns, so that each step is one statement; the document keeps
//! what does not change any more.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, REGISTRATION).await
    }
}

const REGISTRATION: &str = "
ALTER TABLE registrations ADD COLUMN display_name text;
";
