//! What is kept of requests that may be sent again. Clients that are disabled. Indexes by which administrators' lists are read: what is filtered by, and then the id, which lists are ordered by. Where
//! few rows of many are asked for, the index holds only those.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, LISTS).await?;
        crate::ddl::run(manager, REPEATS).await?;
        crate::ddl::run(manager, CLIENTS).await
    }
}

const LISTS: &str = "
DROP INDEX sessions_user;
DROP INDEX sessions_client;
DROP INDEX sessions_browser_session;
DROP INDEX sessions_owner;
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_client ON sessions (client_id, id);
CREATE INDEX sessions_browser_session ON sessions (browser_session_id, id);
CREATE INDEX sessions_owner ON sessions (owner_user_id, id);
CREATE INDEX sessions_kind ON sessions (kind, id);
CREATE INDEX sessions_finished_list ON sessions (kind, id) WHERE finished_at IS NOT NULL;

DROP INDEX browser_sessions_user;
CREATE INDEX browser_sessions_user ON browser_sessions (user_id, id);
CREATE INDEX browser_sessions_finished_list ON browser_sessions (id) WHERE finished_at IS NOT NULL;

CREATE INDEX users_admin ON users (id) WHERE can_request_admin = TRUE;
CREATE INDEX users_guest ON users (id) WHERE is_guest = TRUE;
CREATE INDEX users_locked ON users (id) WHERE locked_at IS NOT NULL;
CREATE INDEX users_deactivated ON users (id) WHERE deactivated_at IS NOT NULL;

DROP INDEX user_emails_user;
CREATE INDEX user_emails_user ON user_emails (user_id, id);

DROP INDEX upstream_links_user;
CREATE INDEX upstream_links_user ON upstream_links (user_id, id);

DROP INDEX audit_events_user;
CREATE INDEX audit_events_user ON audit_events (user_id, id);
CREATE INDEX audit_events_administered ON audit_events (actor, id) WHERE kind = 'administered';
";

const CLIENTS: &str = "ALTER TABLE oauth_clients ADD COLUMN disabled_at {time}";

const REPEATS: &str = "
-- changes through the admin API that may be sent again; who asked, by which key, for what, and the answer once there is one
CREATE TABLE idempotency_keys (
  actor text NOT NULL,
  key_hash {bytes} NOT NULL,
  request_hash {bytes} NOT NULL,
  answer_box text,
  created_at {time} NOT NULL,
  PRIMARY KEY (actor, key_hash)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
";
