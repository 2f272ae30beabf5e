//! Letting in who knows the password: everything that a sign-in writes, in one statement, since many people may sign in at once
//! and every further one wakes threads that could hash.

use kernel::{Op, Result};
use sea_orm::Value;
use serde_json::json;
use store::{Db, Engine, sql};

use super::{
    browser::NewSession,
    login::{Login, Proven, note_failure},
};
use crate::audit;

const AMR: &str = "pwd";

/// Starts the browser session of somebody who knows the password. What has changed since it was verified, which takes a
/// while, counts: the password, and whether the account may be used.
pub async fn welcome(db: &Db, op: &Op, proven: &Proven) -> Result<Login> {
    let user = proven.user;
    let new = NewSession::mint(op);
    let statement = match db.engine() {
        Engine::Sqlite => SIGN_IN_SQLITE,
        Engine::Postgres => SIGN_IN_POSTGRES,
    };
    let data: Value = json!({ "amr": AMR }).into();
    let values = new
        .values(op, user, AMR)
        .into_iter()
        .chain(proven.values())
        .chain(audit::values(op, audit::Kind::SignedIn))
        .chain([data]);
    if sql::one(&db.single, statement, values).await?.is_some() {
        return Ok(Login::Welcome { session: new.id, secret: new.secret, user });
    }
    if let Some(stopped) = stopped(db, proven).await? {
        return Ok(stopped);
    }
    note_failure(db, op, Some(user)).await?;
    Ok(Login::WrongCredentials)
}

/// Why nobody was let in, if it is not the password.
async fn stopped(db: &Db, proven: &Proven) -> Result<Option<Login>> {
    const STOPPED: &str = "SELECT u.username, u.deactivated_at IS NOT NULL AS deactivated FROM users u \
      JOIN authenticators p ON p.user_id = u.id AND p.kind = 'password' AND p.retired_at IS NULL \
      WHERE u.id = $1 AND p.version = $2 AND p.secret = $3";
    let [version, secret, ..] = proven.values();
    let Some(row) = sql::one(&db.read, STOPPED, [proven.user.into(), version, secret]).await? else {
        return Ok(None);
    };
    let username = row.try_get("", "username")?;
    Ok(Some(match row.try_get("", "deactivated")? {
        true => Login::Deactivated { username },
        false => Login::Locked { username },
    }))
}

// What the values are: $1 to $7 those of the session, $8 and $9 the password's version and hash as they were verified, $10 and $11
// as they are to be kept, $12 to $16 those that every audit event has, $17 its data.

/// A view whose trigger does all of it (`m20261123_sign_in`).
const SIGN_IN_SQLITE: &str = "INSERT INTO sign_in_by_password (id, person, secret_hash, at, amr, agent, address, \
    version, password, event, event_kind, actor, request, data) \
  SELECT $1, u.id, $3, $4, $5, $6, $7, $10, $11, $12, $13, $14, $16, $17 FROM users u \
  JOIN authenticators p ON p.user_id = u.id AND p.kind = 'password' AND p.retired_at IS NULL \
  WHERE u.id = $2 AND u.locked_at IS NULL AND u.deactivated_at IS NULL AND p.version = $8 AND p.secret = $9 \
  RETURNING id";

// Whoever deactivates the account waits until this is committed, and then sees the session.
const SIGN_IN_POSTGRES: &str = "WITH used AS (UPDATE authenticators SET version = $10, secret = $11, last_used_at = $4 \
    WHERE user_id = $2 AND kind = 'password' AND retired_at IS NULL AND version = $8 AND secret = $9 \
    RETURNING user_id), \
  started AS (INSERT INTO browser_sessions (id, user_id, secret_hash, created_at, auth_time, amr, user_agent, \
      last_active_at, last_active_ip) \
    SELECT $1, u.id, $3, $4, $4, $5, $6, $4, $7 FROM used JOIN users u ON u.id = used.user_id \
    WHERE u.locked_at IS NULL AND u.deactivated_at IS NULL FOR SHARE OF u RETURNING id) \
INSERT INTO audit_events (id, kind, actor, address, request_id, user_id, browser_session_id, user_agent, data, \
    created_at) \
  SELECT $12, $13, $14, $15, $16, $2, id, $6, $17, $4 FROM started RETURNING id";
