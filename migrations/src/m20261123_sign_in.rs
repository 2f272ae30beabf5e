//! A sign-in with a password in one statement on SQLite, by a view whose trigger writes (see `m20261122_compat_login`). PostgreSQL writes in a
//! `WITH`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::only(manager, DbBackend::Sqlite, SIGN_IN_BY_PASSWORD).await
    }
}

const SIGN_IN_BY_PASSWORD: &str = "
CREATE VIEW sign_in_by_password (id, person, secret_hash, at, amr, agent, address, version, password,
  event, event_kind, actor, request, data) AS
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE FALSE;

CREATE TRIGGER sign_in_by_password INSTEAD OF INSERT ON sign_in_by_password BEGIN
  UPDATE authenticators SET version = new.version, secret = new.password, last_used_at = new.at
    WHERE user_id = new.person AND kind = 'password' AND retired_at IS NULL;
  INSERT INTO browser_sessions (id, user_id, secret_hash, created_at, auth_time, amr, user_agent, last_active_at,
      last_active_ip)
    VALUES (new.id, new.person, new.secret_hash, new.at, new.at, new.amr, new.agent, new.at, new.address);
  INSERT INTO audit_events (id, kind, actor, user_id, browser_session_id, address, user_agent, request_id, data,
      created_at)
    VALUES (new.event, new.event_kind, new.actor, new.person, new.id, new.address, new.agent, new.request, new.data,
      new.at);
END;
";
