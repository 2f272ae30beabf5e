//! Legacy sign-ins through the browser, whose token comes to be only when the person agrees; and, on PostgreSQL, two
//! functions that let one statement wait for its turn and then see what others have done meanwhile.
//!
//! A statement sees the database as it was when it began, also when it then waits for a lock. A function that is
//! `VOLATILE` sees it anew with each of its own statements. On SQLite only one transaction writes at a time, and nothing
//! like this is needed.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, SSO_LOGINS).await?;
        let db = manager.get_connection();
        if db.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared(FUNCTIONS).await?;
        }
        Ok(())
    }
}

// Nothing has ever been written to it.
const SSO_LOGINS: &str = "
DROP TABLE compat_sso_logins;
CREATE TABLE compat_sso_logins (
  id {id} PRIMARY KEY,
  redirect_uri text NOT NULL,
  created_at {time} NOT NULL,
  -- of whoever has agreed
  browser_session_id {id} REFERENCES browser_sessions (id) ON DELETE CASCADE,
  -- of the token that the app gets, which is made when the person agrees
  token_hash {bytes},
  fulfilled_at {time},
  exchanged_at {time},
  -- what came of it
  session_id {id}
);
CREATE UNIQUE INDEX compat_sso_logins_token ON compat_sso_logins (token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX compat_sso_logins_browser_session ON compat_sso_logins (browser_session_id);
CREATE INDEX compat_sso_logins_session ON compat_sso_logins (session_id);
";

// `take_device` does what `sessions::device::take` does on SQLite. The ids of its audit events begin with the time of
// `event`, as every id does, and go on with what tells the session and the request apart from others.
const FUNCTIONS: &str = "
CREATE FUNCTION take_device(
  person uuid, device text, taker uuid, at bigint,
  event uuid, actor text, address text, agent text, request text
) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  ended bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(person::text, 0));
  WITH gone AS (
    UPDATE sessions s SET finished_at = at
    WHERE s.user_id = person AND s.device_id = device AND s.finished_at IS NULL AND s.kind <> 'personal'
      AND s.id <> taker
    RETURNING s.id, s.client_id
  ), noted AS (
    INSERT INTO changes (kind, id, at) SELECT 'session', gone.id, at FROM gone
  ), told AS (
    INSERT INTO audit_events
      (id, kind, actor, user_id, client_id, session_id, address, user_agent, request_id, data, created_at)
    SELECT encode(
        substring(uuid_send(event) FROM 1 FOR 6) || substring(uuid_send(md5(event::text || gone.id::text)::uuid) FROM 7),
        'hex')::uuid,
      'session_ended', actor, person, gone.client_id, gone.id, address, agent, request,
      jsonb_build_object('reason', 'replaced'), at
    FROM gone
  )
  SELECT count(*) INTO ended FROM gone;
  RETURN ended;
END
$$;

CREATE FUNCTION count_sessions(person uuid, device text)
RETURNS TABLE (oauth bigint, compat bigint, personal bigint, same_device bigint) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(person::text, 0));
  RETURN QUERY SELECT
    count(*) FILTER (WHERE s.kind = 'oauth'), count(*) FILTER (WHERE s.kind = 'compat'),
    count(*) FILTER (WHERE s.kind = 'personal' AND s.owner_user_id = s.user_id),
    count(*) FILTER (WHERE s.kind <> 'personal' AND s.device_id = device)
  FROM sessions s WHERE s.user_id = person AND s.finished_at IS NULL;
END
$$;
";
