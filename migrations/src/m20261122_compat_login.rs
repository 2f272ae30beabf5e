//! A legacy login in one statement, on SQLite as well. It has no functions and no writing in a `WITH`, but views whose triggers write: what is
//! inserted into one of these two is a call, its columns are the arguments, and nothing is ever in it. On PostgreSQL `take_device` is a function
//! (`m20261122_compat`), and a login is one statement without further ado.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::only(manager, DbBackend::Sqlite, TAKE_DEVICE).await?;
        crate::ddl::only(manager, DbBackend::Sqlite, START_COMPAT_SESSION).await
    }
}

/// The sessions that have the device and are to end.
macro_rules! holders {
    () => {
        "sessions AS s WHERE s.user_id = new.person AND s.device_id = new.device AND s.finished_at IS NULL \
           AND s.kind <> 'personal' AND s.id <> new.taker"
    };
}

// The ids of the audit events begin with the time of `event`, as every id does, and go on with what tells the session apart from others: no
// session ends twice. What two blobs are together would be text.
const TAKE_DEVICE: &str = concat!(
    "
CREATE VIEW take_device (person, device, taker, at, event, actor, address, agent, request, ended) AS
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE FALSE;

CREATE TRIGGER take_device INSTEAD OF INSERT ON take_device BEGIN
  INSERT INTO changes (kind, id, at) SELECT 'session', s.id, new.at FROM ",
    holders!(),
    ";
  INSERT INTO audit_events
    (id, kind, actor, user_id, client_id, session_id, address, user_agent, request_id, data, created_at)
    SELECT CAST(substr(new.event, 1, 6) || substr(s.id, 7) AS BLOB), 'session_ended', new.actor, new.person, s.client_id, s.id,
      new.address, new.agent, new.request, json_object('reason', 'replaced'), new.at
    FROM ",
    holders!(),
    ";
  UPDATE ",
    // After the others, which would not find them any more.
    "sessions SET finished_at = new.at WHERE id IN (SELECT s.id FROM ",
    holders!(),
    ");
END;
"
);

// `had_before` is what the caller wants to know: a trigger gives nothing back, but the statement can (`RETURNING`) what it put in.
const START_COMPAT_SESSION: &str = "
CREATE VIEW start_compat_session (id, person, browser_session_id, device, human_name, at, agent, address,
  line, handle, access_id, access_hash, access_expires_at, refresh_id, refresh_hash,
  event, event_kind, actor, request, data, had_before) AS
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL WHERE FALSE;

CREATE TRIGGER start_compat_session INSTEAD OF INSERT ON start_compat_session BEGIN
  INSERT INTO sessions (id, kind, user_id, browser_session_id, scope, device_id, human_name, created_at, user_agent,
      last_active_at, last_active_ip)
    VALUES (new.id, 'compat', new.person, new.browser_session_id, '', new.device, new.human_name, new.at, new.agent,
      new.at, new.address);
  INSERT INTO token_pairs (id, session_id, handle, created_at, access_id, access_hash, access_expires_at, refresh_id,
      refresh_hash)
    VALUES (new.line, new.id, new.handle, new.at, new.access_id, new.access_hash, new.access_expires_at, new.refresh_id,
      new.refresh_hash);
  INSERT INTO audit_events (id, kind, actor, user_id, session_id, browser_session_id, address, user_agent, request_id,
      data, created_at)
    VALUES (new.event, new.event_kind, new.actor, new.person, new.id, new.browser_session_id, new.address, new.agent,
      new.request, new.data, new.at);
  INSERT INTO take_device (person, device, taker, at, event, actor, address, agent, request)
    VALUES (new.person, new.device, new.id, new.at, new.event, new.actor, new.address, new.agent, new.request);
END;
";
