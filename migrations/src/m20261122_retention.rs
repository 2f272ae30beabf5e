//! Indexes by which clean-up finds what has ended. They hold ended rows only: what a running session changes is not in
//! them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, ENDED).await
    }
}

const ENDED: &str = "
CREATE INDEX sessions_finished ON sessions (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX browser_sessions_finished ON browser_sessions (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_unfinished_schedule ON jobs (schedule)
  WHERE schedule IS NOT NULL AND completed_at IS NULL AND failed_at IS NULL;
";
