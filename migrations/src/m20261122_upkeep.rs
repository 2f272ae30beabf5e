//! Indexes by which clean-up goes on where it has come to, and by which an erasure finds its rows.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, ENDED).await?;
        crate::ddl::run(manager, OF_A_PERSON).await?;
        crate::ddl::run(manager, AUDIT_TRAIL).await
    }
}

// With the id, because many sessions can end at the same instant.
const ENDED: &str = "
DROP INDEX sessions_finished;
CREATE INDEX sessions_finished ON sessions (finished_at, id) WHERE finished_at IS NOT NULL;
DROP INDEX browser_sessions_finished;
CREATE INDEX browser_sessions_finished ON browser_sessions (finished_at, id) WHERE finished_at IS NOT NULL;
CREATE INDEX sessions_of_nobody ON sessions (id) WHERE user_id IS NULL;
";

const OF_A_PERSON: &str = "
CREATE INDEX jobs_user ON jobs ((payload ->> 'user'));
CREATE INDEX registrations_username ON registrations (username);
";

const AUDIT_TRAIL: &str = "
CREATE INDEX audit_events_addresses ON audit_events (id) WHERE address IS NOT NULL OR user_agent IS NOT NULL;
CREATE INDEX audit_events_failed_sign_ins ON audit_events (id) WHERE kind = 'sign_in_failed';
";
