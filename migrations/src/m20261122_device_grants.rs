//! What polling of device grants needs (RFC 8628 §3.5), and whom the device expects to sign in.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, DEVICE_GRANTS).await
    }
}

const DEVICE_GRANTS: &str = "
-- how many seconds the device has to leave between two polls, and whether its latest one came sooner
ALTER TABLE device_grants ADD COLUMN poll_interval {int} NOT NULL DEFAULT 5;
ALTER TABLE device_grants ADD COLUMN polled_too_soon {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE device_grants ADD COLUMN login_hint text;
";
