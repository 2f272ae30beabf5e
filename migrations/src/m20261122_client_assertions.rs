//! What machines prove themselves by: used client assertions, and whether a client was ever used.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, ASSERTIONS).await?;
        crate::ddl::run(manager, CLIENTS).await?;
        crate::ddl::run(manager, KEYS).await
    }
}

const ASSERTIONS: &str = "
-- client assertions that were used (RFC 7523 section 3, jti), until nobody would accept them any more
CREATE TABLE client_assertions (
  client_id {id} NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  jti_hash {bytes} NOT NULL,
  expires_at {time} NOT NULL,
  PRIMARY KEY (client_id, jti_hash)
);
CREATE INDEX client_assertions_expiry ON client_assertions (expires_at);
";

// When it was first noticed, by the clean-up, that the client has had a session.
const CLIENTS: &str = "
ALTER TABLE oauth_clients ADD COLUMN used_at {time};
CREATE INDEX oauth_clients_unused ON oauth_clients (created_at) WHERE used_at IS NULL AND is_static = FALSE;
";

const KEYS: &str = "
-- the signing keys of the last start, so that one which is taken away too early is noticed
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  -- when later keys sign all that it could; absent while it signs
  signs_until {time}
);
";
