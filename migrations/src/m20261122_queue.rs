//! What the queue needs to share its workers out fairly and to call them at once, and what further clean-up needs to
//! find its rows.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, QUEUE).await?;
        crate::ddl::run(manager, LEFT_BEHIND).await?;
        let db = manager.get_connection();
        if db.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared(BELL).await?;
        }
        Ok(())
    }
}

const QUEUE: &str = "
DROP INDEX jobs_due;
-- by queue, because each one gets its share of the workers, however long another one is
CREATE INDEX jobs_due ON jobs (queue, run_at, id) WHERE completed_at IS NULL AND failed_at IS NULL;
CREATE INDEX jobs_failed ON jobs (id) WHERE failed_at IS NOT NULL;
";

const LEFT_BEHIND: &str = "
CREATE INDEX upstream_visits_without_session ON upstream_visits (id) WHERE browser_session_id IS NULL;
CREATE INDEX upstream_links_without_user ON upstream_links (id) WHERE user_id IS NULL;
";

// Once per statement that adds jobs to be run now (times are microseconds), at commit, and once per transaction:
// PostgreSQL drops repeated notifications. `store::Bell` listens.
const BELL: &str = "
CREATE FUNCTION ring_for_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added WHERE run_at <= extract(epoch FROM clock_timestamp()) * 1000000 + 1000000) THEN
    PERFORM pg_notify('latchkey_jobs', '');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER jobs_ring AFTER INSERT ON jobs REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ring_for_jobs();
";
