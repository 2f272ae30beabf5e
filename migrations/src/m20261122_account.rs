//! What the account pages ask for: lists of one person's sessions and events, page by page, and the chosen language.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, ACCOUNT).await
    }
}

const ACCOUNT: &str = "
-- In the order of the lists.
DROP INDEX sessions_user;
CREATE INDEX sessions_user ON sessions (user_id, id);
DROP INDEX browser_sessions_user;
CREATE INDEX browser_sessions_user ON browser_sessions (user_id, id);
DROP INDEX audit_events_user;
CREATE INDEX audit_events_user ON audit_events (user_id, id);
-- by device: the browser that an app was signed in through, or the app itself
CREATE INDEX sessions_user_device ON sessions (user_id, (COALESCE(browser_session_id, id)), id, finished_at);
-- Counting what is signed in looks at this alone. Nothing in it changes while a session goes on.
CREATE INDEX sessions_active ON sessions (user_id, kind, browser_session_id) WHERE finished_at IS NULL;
CREATE INDEX browser_sessions_active ON browser_sessions (user_id) WHERE finished_at IS NULL;

-- BCP 47, as the person has chosen it
ALTER TABLE users ADD COLUMN language text;
";
