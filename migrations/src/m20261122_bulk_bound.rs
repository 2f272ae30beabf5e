//! What bulk operations are bound to: whom they were found to be for, where they cannot be taken back, and how they were meant.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, UNDERWAY).await?;
        crate::ddl::run(manager, MEANT).await?;
        crate::ddl::run(manager, TARGETS).await
    }
}

// The one that takes several transactions, of which at least one is done and counted.
const UNDERWAY: &str = "ALTER TABLE bulk_operations ADD COLUMN underway {id}";

const MEANT: &str = "
ALTER TABLE bulk_operations ADD COLUMN skip_erase {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE bulk_operations ADD COLUMN include_self {bool} NOT NULL DEFAULT FALSE;
";

const TARGETS: &str = "
-- since when it is written down whom it is for
ALTER TABLE bulk_operations ADD COLUMN bound_at {time};

CREATE TABLE bulk_targets (
  operation_id {id} NOT NULL REFERENCES bulk_operations (id) ON DELETE CASCADE,
  target_id {id} NOT NULL,
  PRIMARY KEY (operation_id, target_id)
);
";
