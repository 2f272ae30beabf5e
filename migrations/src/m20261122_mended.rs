//! Whose a session's device is, and signing keys that outlive their place in the configuration.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, DEVICES).await?;
        crate::ddl::run(manager, KEYS).await
    }
}

// The homeserver had the device before any session of ours did: it is somebody else's, and stays when the session ends.
const DEVICES: &str = "ALTER TABLE sessions ADD COLUMN foreign_device {bool} NOT NULL DEFAULT FALSE;";

// The public half, as JWK.
const KEYS: &str = "ALTER TABLE signing_keys ADD COLUMN jwk {json};";
