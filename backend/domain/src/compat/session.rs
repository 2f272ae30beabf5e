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
        device::had,
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

    /// Inserts session, line and audit event, and ends whichever session had the device, all in one statement. Tells whether a
    /// session of ours had brought it to be. `None`, with nothing written, if the account is locked or deactivated by now.
    pub async fn insert(&self, tx: &Tx, op: &Op) -> Result<Option<bool>> {
        let event = audit::values(op, audit::Kind::SessionStarted);
        let data: Value = json!({ "login": self.login.kind() }).into();
        let values =
            self.session_values(op).into_iter().chain(self.line_values(op)).chain(event).chain([data]);
        let statement = match tx.get_database_backend() {
            DbBackend::Sqlite => INSERT_SQLITE,
            _ => INSERT_POSTGRES,
        };
        let started = sql::one(tx, statement, values).await?;
        Ok(started.map(|row| row.try_get("", "had_before")).transpose()?)
    }

    /// `$1` to `$8`.
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

    /// `$9` to `$15`.
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

// What the values are, beyond those of session and line: $16 to $20 those that every audit event has, $21 its data.

/// What only those accounts get that may be used.
macro_rules! usable {
    () => {
        "FROM users u WHERE u.id = $2 AND u.locked_at IS NULL AND u.deactivated_at IS NULL"
    };
}

/// Whether a session of ours had the device before.
macro_rules! had_before {
    () => {
        concat!(had!("$2", "$4", "$1"), " AS had_before")
    };
}

/// A view whose trigger does all of it (`m20261122_compat_login`).
const INSERT_SQLITE: &str = concat!(
    "INSERT INTO start_compat_session (id, person, browser_session_id, device, human_name, at, agent, address, \
       line, handle, access_id, access_hash, access_expires_at, refresh_id, refresh_hash, \
       event, event_kind, actor, request, data, had_before) \
     SELECT $1, u.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $20, $21, ",
    had_before!(),
    " ",
    usable!(),
    " RETURNING had_before"
);

const INSERT_POSTGRES: &str = concat!(
    "WITH started AS (INSERT INTO sessions (id, kind, user_id, browser_session_id, scope, device_id, human_name, \
       created_at, user_agent, last_active_at, last_active_ip) \
     SELECT $1, 'compat', u.id, $3, '', $4, $5, $6, $7, $6, $8 ",
    usable!(),
    // Whoever deactivates the account waits until this is committed, and then sees the session.
    " FOR SHARE OF u RETURNING id, ",
    had_before!(),
    "), \
  line AS (INSERT INTO token_pairs (id, handle, access_id, access_hash, access_expires_at, refresh_id, refresh_hash, \
      session_id, created_at) SELECT $9, $10, $11, $12, $13, $14, $15, id, $6 FROM started), \
  event AS (INSERT INTO audit_events (id, kind, actor, address, request_id, user_id, session_id, browser_session_id, \
      user_agent, data, created_at) SELECT $16, $17, $18, $19, $20, $2, id, $3, $7, $21, $6 FROM started) \
SELECT take_device($2, $4, $1, $6, $16, $18, $19, $7, $20) AS replaced, had_before FROM started"
);
