//! Lists by when something was last active, counted exactly: by days, an index tells how many there are on each. Like the four weeks
//! of `m20261122_lists`, a day changes seldom enough for PostgreSQL to update what it holds in place (HOT) all but once a day.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let columns = match db.get_database_backend() {
            DbBackend::Sqlite => COLUMNS_SQLITE,
            _ => COLUMNS_POSTGRES,
        };
        db.execute_unprepared(columns).await?;
        crate::ddl::run(manager, INDEXES).await
    }
}

const COLUMNS_POSTGRES: &str = "
ALTER TABLE sessions
  ADD COLUMN active_days bigint GENERATED ALWAYS AS (last_active_at / 86400000000) STORED;
ALTER TABLE browser_sessions
  ADD COLUMN active_days bigint GENERATED ALWAYS AS (last_active_at / 86400000000) STORED;
";

const COLUMNS_SQLITE: &str = "
ALTER TABLE sessions
  ADD COLUMN active_days INTEGER GENERATED ALWAYS AS (last_active_at / 86400000000) VIRTUAL;
ALTER TABLE browser_sessions
  ADD COLUMN active_days INTEGER GENERATED ALWAYS AS (last_active_at / 86400000000) VIRTUAL;
";

// Partial, so that SQLite does not take them for lists in which no day is asked for. Of a device there is hardly ever more than one
// session, which SQLite cannot know.
const INDEXES: &str = "
CREATE INDEX sessions_active_days ON sessions (kind, active_days) WHERE active_days IS NOT NULL;
CREATE INDEX browser_sessions_active_days ON browser_sessions (active_days) WHERE active_days IS NOT NULL;
DROP INDEX sessions_device;
CREATE INDEX sessions_device ON sessions (device_id, kind, id) WHERE device_id IS NOT NULL;
";
