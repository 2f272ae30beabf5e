//! What is asked for of many at once, and how far it has come. Clients that are deleted, or were disabled, of which a job ends
//! what has begun. What audit events are searched by.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, OPERATIONS).await?;
        crate::ddl::run(manager, DELETED).await?;
        crate::ddl::run(manager, ENDED).await?;
        crate::ddl::run(manager, EVENTS).await
    }
}

const OPERATIONS: &str = "
CREATE TABLE bulk_operations (
  id {id} PRIMARY KEY,
  -- the operation that is carried out on each, and the resource that it belongs to
  operation text NOT NULL,
  resource text NOT NULL,
  -- which they are, as it was asked for, and what that comes to
  asked {json} NOT NULL,
  plan {json} NOT NULL,
  actor text NOT NULL,
  by_session {id} NOT NULL,
  -- how many there were when it was asked for
  total {int} NOT NULL,
  changed {int} NOT NULL DEFAULT 0,
  unchanged {int} NOT NULL DEFAULT 0,
  failed {int} NOT NULL DEFAULT 0,
  -- the last one that was looked at
  reached {id},
  -- the job that goes on with it; of an earlier step, none does
  step {int} NOT NULL DEFAULT 0,
  job_id {id},
  created_at {time} NOT NULL,
  finished_at {time},
  cancelled_at {time}
);
CREATE INDEX bulk_operations_job ON bulk_operations (job_id);

-- the first of those of which it could not be done
CREATE TABLE bulk_failures (
  operation_id {id} NOT NULL REFERENCES bulk_operations (id) ON DELETE CASCADE,
  target_id {id} NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (operation_id, target_id)
);
";

const DELETED: &str = "ALTER TABLE oauth_clients ADD COLUMN deleted_at {time}";

// What was begun before then has ended, whether or not somebody has come to write that down.
const ENDED: &str = "ALTER TABLE oauth_clients ADD COLUMN sessions_ended_at {time}";

// Each ends in the id, by which lists are ordered. The first two take the place of partial ones.
const EVENTS: &str = "
DROP INDEX audit_events_administered;
DROP INDEX audit_events_failed_sign_ins;
CREATE INDEX audit_events_actor ON audit_events (actor, id);
CREATE INDEX audit_events_kind ON audit_events (kind, id);
CREATE INDEX audit_events_client ON audit_events (client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX audit_events_session ON audit_events (session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX audit_events_target ON audit_events ((data ->> 'target'), id) WHERE kind = 'administered';
";
