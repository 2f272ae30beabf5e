//! Writing down a new legacy session and its first tokens.

use kernel::{Handle, Op, Result, id::*};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use serde_json::json;
use store::{Tx, sql};

use super::{
    Parts,
    login::{Person, Wanted, Welcome},
};
use crate::{
    audit,
    policy::input::{self, CompatLogin, Requester},
    sessions::{
        device::{self, Taking, had},
        pair::{Family, Pair},
    },
};

/// A session that a login is about to start.
pub(super) struct NewSession<'a> {
    pub id: SessionId,
    person: Person<'a>,
    device: &'a str,
    name: Option<&'a str>,
    login: input::Login<'a>,
    handle: Handle,
    pair: Pair,
    /// How long the access token lives, if the refresh token is given out.
    access_token_ttl: Option<std::time::Duration>,
}

impl<'a> NewSession<'a> {
    pub fn mint(
        parts: Parts<'_>,
        op: &Op,
        person: Person<'a>,
        device: &'a str,
        login: input::Login<'a>,
        wanted: &'a Wanted,
    ) -> Self {
        let handle = Handle::new(op.random());
        Self {
            id: op.id(),
            person,
            device,
            name: wanted.device_name.as_deref(),
            login,
            handle,
            pair: Pair::mint(parts.lineage, op, Family::Compat, handle),
            access_token_ttl: wanted.refreshable.then_some(parts.lifetimes.compat_access_token),
        }
    }

    /// What the policy is asked; how many sessions there are is for the asker to find out.
    pub fn question<'o>(&'o self, op: &'o Op) -> (CompatLogin<'o>, &'o str) {
        let question = CompatLogin {
            user: self.person.user,
            session_counts: input::SessionCounts::default(),
            session_replaced: false,
            login: self.login,
            requester: Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() },
        };
        (question, self.device)
    }

    /// Inserts session, line and audit event, and ends whichever session had the device: one statement on PostgreSQL.
    /// Tells whether a session of ours had brought it to be. `None`, with nothing written, if the account is locked or
    /// deactivated by now.
    pub async fn insert(&self, tx: &Tx, op: &Op) -> Result<Option<bool>> {
        let (session, line) = (self.session_values(op), self.line_values(op));
        let data = json!({ "login": self.login.kind() });
        if tx.get_database_backend() == DbBackend::Postgres {
            let event = audit::values(op, audit::Kind::SessionStarted);
            let more: [Value; 2] = [data.into(), op.id::<AuditEventId>().into()];
            let values = session.into_iter().chain(line).chain(event).chain(more);
            let started = sql::one(tx, INSERT_POSTGRES, values).await?;
            return Ok(started.map(|row| row.try_get("", "had_before")).transpose()?);
        }
        let Some(row) = sql::one(tx, INSERT_SESSION, session).await? else { return Ok(None) };
        let had_before = row.try_get("", "had_before")?;
        let values = line.into_iter().chain([self.id.into(), op.now.into()]);
        sql::execute(tx, INSERT_LINE, values).await?;
        let user = self.person.user.id;
        device::take(tx, op, Taking { user, device: self.device, by: self.id }).await?;
        let subject = audit::Subject {
            user: Some(user),
            client: None,
            session: Some(self.id),
            browser_session: self.person.browser_session,
            data: Some(data),
        };
        audit::record(tx, op, audit::Kind::SessionStarted, subject).await?;
        Ok(Some(had_before))
    }

    /// In the order of [`INSERT_SESSION`].
    fn session_values(&self, op: &Op) -> [Value; 8] {
        [
            self.id.into(),
            self.person.user.id.into(),
            self.person.browser_session.into(),
            self.device.into(),
            self.name.map(str::to_owned).into(),
            op.now.into(),
            op.user_agent.clone().into(),
            op.address.map(|address| address.to_string()).into(),
        ]
    }

    /// In the order of [`INSERT_LINE`], which takes the session and the instant besides.
    fn line_values(&self, op: &Op) -> [Value; 7] {
        let pair = &self.pair;
        let refreshable = self.access_token_ttl.is_some();
        [
            op.id::<TokenLineId>().into(),
            self.handle.into(),
            pair.access_id.into(),
            pair.access.hash().to_vec().into(),
            self.access_token_ttl.map(|ttl| op.now + ttl).into(),
            refreshable.then_some(pair.refresh_id).into(),
            refreshable.then(|| pair.refresh.hash().to_vec()).into(),
        ]
    }

    pub fn welcome(self) -> Welcome {
        Welcome {
            session: self.id,
            user: self.person.user.id,
            username: self.person.user.username.to_owned(),
            device: self.device.to_owned(),
            refresh: self.access_token_ttl.map(|ttl| (self.pair.refresh, ttl)),
            access: self.pair.access,
        }
    }
}

macro_rules! insert_session {
    ($lock:literal) => {
        concat!("INSERT INTO sessions (id, kind, user_id, browser_session_id, scope, device_id, human_name, created_at, user_agent, \
           last_active_at, last_active_ip) \
         SELECT $1, 'compat', u.id, $3, '', $4, $5, $6, $7, $6, $8 FROM users u \
         WHERE u.id = $2 AND u.locked_at IS NULL AND u.deactivated_at IS NULL", $lock,
         " RETURNING id, ", had!("$2", "$4", "$1"), " AS had_before")
    };
}

const INSERT_SESSION: &str = insert_session!("");

const INSERT_LINE: &str = "INSERT INTO token_pairs \
  (id, handle, access_id, access_hash, access_expires_at, refresh_id, refresh_hash, session_id, created_at) \
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

const INSERT_POSTGRES: &str = concat!(
    "WITH started AS (",
    // Whoever deactivates the account waits until this is committed, and then sees the session.
    insert_session!(" FOR SHARE OF u"),
    "), \
  line AS (INSERT INTO token_pairs (id, handle, access_id, access_hash, access_expires_at, refresh_id, refresh_hash, \
      session_id, created_at) SELECT $9, $10, $11, $12, $13, $14, $15, id, $6 FROM started), \
  event AS (INSERT INTO audit_events (id, kind, actor, address, request_id, user_id, session_id, browser_session_id, \
      user_agent, data, created_at) SELECT $16, $17, $18, $19, $20, $2, id, $3, $7, $21, $6 FROM started) \
SELECT take_device($2, $4, $1, $6, $22, $18, $19, $7, $20) AS replaced, had_before FROM started"
);
