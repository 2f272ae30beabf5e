//! Ending the sessions of a person, a slice at a time: each slice is one transaction, so that on SQLite nobody waits for long,
//! and takes the same number of statements however many sessions are in it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Op, Result, id::*};
use sea_orm::QueryResult;
use store::{
    Tx,
    changes::{self, Change},
    sql,
};

use super::{SessionKind, end::Reason};
use crate::{
    audit,
    jobs::{self, Job},
    oauth::clients::client_lets,
    policy::power::is_powerful,
};

/// Sessions of one slice.
pub const SLICE: usize = 500;

/// Which of a person's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of OAuth and legacy clients. The homeserver is told to remove their devices.
    Apps,
    /// Personal ones as well: those that act as the person, and those that the person owns. All devices are removed.
    AppsAndTokens,
    /// The same sessions as [`Self::AppsAndTokens`], of an account that goes. The person's own devices
    /// are left to the homeserver, which removes them when it deactivates the account.
    All,
    /// Like [`Self::Apps`], but for what the person is just using.
    OtherApps(Spared),
}

/// What goes on when everything else ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spared {
    /// The apps that were signed in through it.
    pub apps_of: Option<BrowserSessionId>,
    pub session: Option<SessionId>,
    pub browser: Option<BrowserSessionId>,
}

/// A session that was ended.
#[derive(Clone, Debug)]
pub struct Ended {
    pub id: SessionId,
    pub kind: String,
    user: Option<UserId>,
    client: Option<ClientId>,
    /// To be removed: not one that was there before any session of ours.
    device: Option<String>,
    name: Option<String>,
}

/// Ends up to [`SLICE`] sessions. Fewer than that means that none is left.
pub async fn slice(tx: &Tx, op: &Op, user: UserId, which: Which, reason: Reason) -> Result<Vec<Ended>> {
    let mut values = vec![user.into(), op.now.into(), (SLICE as i64).into()];
    let statement = match which {
        Which::Apps => APPS,
        Which::AppsAndTokens | Which::All => ALL,
        Which::OtherApps(spared) => {
            // No session has the smallest id.
            let none = kernel::id::first_ulid(0);
            values.push(spared.session.unwrap_or_else(|| Id::from_ulid(none)).into());
            values.push(spared.apps_of.unwrap_or_else(|| Id::from_ulid(none)).into());
            OTHER_APPS
        }
    };
    let rows = sql::all(tx, statement, values).await?;
    let ended = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    if ended.is_empty() {
        return Ok(ended);
    }
    note(tx, op, &ended, reason).await?;
    remove(tx, op, devices(&ended, user, which)).await?;
    Ok(ended)
}

/// Ends all sessions that have power over others: of the person's own, and of those that others made to act as the person, the ones with
/// an administrative scope; and all that the person made to act as somebody else. In this one transaction, as they are few.
pub async fn with_power(tx: &Tx, op: &Op, user: UserId, reason: Reason) -> Result<()> {
    loop {
        let rows = sql::all(tx, WITH_POWER, [user.into(), op.now.into(), (SLICE as i64).into()]).await?;
        if settle(tx, op, &rows, reason).await?.len() < SLICE {
            return Ok(());
        }
    }
}

/// Likewise those of a client, and the personal ones that it owns; the answer is how many.
pub async fn slice_of_client(tx: &Tx, op: &Op, client: ClientId, reason: Reason) -> Result<usize> {
    let rows = sql::all(tx, OF_CLIENT, [client.into(), op.now.into(), (SLICE as i64).into()]).await?;
    Ok(settle(tx, op, &rows, reason).await?.len())
}

/// What became of a slice of a client's sessions.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// The last one that was ended.
    pub last: Option<SessionId>,
    /// No further one is left.
    pub is_last: bool,
}

/// Likewise those of a client that is disabled, or that were begun before it last was, from this id on.
pub async fn slice_of_shut_client(
    tx: &Tx,
    op: &Op,
    client: ClientId,
    after: Option<SessionId>,
) -> Result<Slice> {
    let after = after.unwrap_or_else(|| Id::from_ulid(kernel::id::first_ulid(0)));
    let values = [client.into(), op.now.into(), (SLICE as i64).into(), after.into()];
    let ended = settle(tx, op, &sql::all(tx, OF_SHUT_CLIENT, values).await?, Reason::ByAdmin).await?;
    Ok(Slice { last: ended.iter().map(|session| session.id).max(), is_last: ended.len() < SLICE })
}

async fn settle(tx: &Tx, op: &Op, rows: &[QueryResult], reason: Reason) -> Result<Vec<Ended>> {
    let ended = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    if ended.is_empty() {
        return Ok(ended);
    }
    note(tx, op, &ended, reason).await?;
    let mut devices = BTreeMap::<_, BTreeSet<_>>::new();
    for session in &ended {
        if let (Some(user), Some(device)) = (session.user, session.device.as_deref()) {
            devices.entry(user).or_default().insert(device);
        }
    }
    remove(tx, op, devices).await?;
    Ok(ended)
}

async fn note(tx: &Tx, op: &Op, ended: &[Ended], reason: Reason) -> Result<()> {
    let ids: Vec<_> = ended.iter().map(|session| session.id).collect();
    changes::append_all(tx, op, Change::Session, &ids).await?;
    for kind in [audit::Kind::SessionEnded, audit::Kind::PersonalTokenRevoked] {
        let subjects: Vec<_> =
            ended.iter().filter(|one| one.told_as() == kind).map(|one| one.subject(reason)).collect();
        if !subjects.is_empty() {
            audit::record_all(tx, op, kind, &subjects).await?;
        }
    }
    Ok(())
}

async fn remove(tx: &Tx, op: &Op, devices: BTreeMap<UserId, BTreeSet<&str>>) -> Result<()> {
    for (user, devices) in devices {
        let devices = devices.into_iter().map(str::to_owned).collect();
        jobs::enqueue(tx, op, &Job::DeleteDevices { user, devices }).await?;
    }
    Ok(())
}

/// What the homeserver is to remove, by whose it is: what a person owned may have acted as somebody else.
fn devices(ended: &[Ended], of: UserId, which: Which) -> BTreeMap<UserId, BTreeSet<&str>> {
    let mut devices = BTreeMap::<_, BTreeSet<_>>::new();
    for session in ended {
        if let (Some(user), Some(device)) = (session.user, session.device.as_deref())
            && (which != Which::All || user != of)
        {
            devices.entry(user).or_default().insert(device);
        }
    }
    devices
}

fn read(row: &QueryResult) -> Result<Ended> {
    Ok(Ended {
        id: row.try_get("", "id")?,
        kind: row.try_get("", "kind")?,
        user: row.try_get("", "user_id")?,
        client: row.try_get("", "client_id")?,
        device: row.try_get("", "device_id")?,
        name: row.try_get("", "human_name")?,
    })
}

impl Ended {
    /// As what its end is written down.
    fn told_as(&self) -> audit::Kind {
        if self.kind == SessionKind::Personal.as_str() {
            audit::Kind::PersonalTokenRevoked
        } else {
            audit::Kind::SessionEnded
        }
    }

    fn subject(&self, reason: Reason) -> audit::Subject {
        let mut data = serde_json::json!({ "reason": reason.as_str() });
        if self.told_as() == audit::Kind::PersonalTokenRevoked {
            data["name"] = self.name.clone().into();
        }
        audit::Subject {
            user: self.user,
            client: self.client,
            session: Some(self.id),
            data: Some(data),
            ..Default::default()
        }
    }
}

// What [`read`] reads: of devices, only those that are ours to remove.
macro_rules! ended {
    () => {
        " RETURNING id, kind, user_id, client_id, human_name, \
            CASE WHEN foreign_device THEN NULL ELSE device_id END AS device_id"
    };
}

macro_rules! end {
    ($whose:expr) => {
        concat!(
            "UPDATE sessions SET finished_at = $2 WHERE finished_at IS NULL AND id IN (SELECT id FROM sessions \
             WHERE finished_at IS NULL AND ",
            $whose,
            " ORDER BY id LIMIT $3)",
            ended!()
        )
    };
}

const APPS: &str = end!("user_id = $1 AND kind IN ('oauth', 'compat')");
const OTHER_APPS: &str = end!(
    "user_id = $1 AND kind IN ('oauth', 'compat') AND id <> $4 AND (browser_session_id IS NULL OR browser_session_id <> $5)"
);
const OF_CLIENT: &str = end!("client_id = $1");

// Kind by kind, as the index has them: in the order of ids, with nothing before them that was ended already.
macro_rules! of_shut_client {
    ($kind:literal) => {
        concat!(
            "SELECT s.id FROM sessions s JOIN oauth_clients c ON c.id = s.client_id \
             WHERE s.client_id = $1 AND s.kind = '",
            $kind,
            "' AND s.id > $4 AND s.finished_at IS NULL AND NOT (",
            client_lets!(),
            ") ORDER BY s.id LIMIT $3"
        )
    };
}

const OF_SHUT_CLIENT: &str = concat!(
    "UPDATE sessions SET finished_at = $2 WHERE finished_at IS NULL AND id IN (SELECT k.id FROM (\
       SELECT o.id FROM (",
    of_shut_client!("oauth"),
    ") AS o UNION ALL SELECT p.id FROM (",
    of_shut_client!("personal"),
    ") AS p) AS k ORDER BY k.id LIMIT $3)",
    ended!()
);
const ALL: &str = end!("(user_id = $1 OR owner_user_id = $1)");
// To act as somebody else is power whatever the scope.
const WITH_POWER: &str = end!(concat!(
    "(user_id = $1 OR owner_user_id = $1) AND (is_synapse_admin OR user_id <> $1 OR ",
    is_powerful!(),
    ")"
));
