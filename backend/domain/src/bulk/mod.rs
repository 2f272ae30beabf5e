//! What administrators ask for of many at once: the same as of one, for each of a list, or of all that a filter finds.
//!
//! What is asked for is a row ([`start`]); a job goes along the accounts or sessions in the order of their ids and remembers
//! how far it has come ([`run`]). Each of them is a transaction of its own, through the function that a single change goes
//! through ([`carry_out`]), and counts in that transaction; who has more sessions than one transaction should end takes several,
//! and counts in the first. So a worker that dies in the middle loses nothing and does nothing twice, and nobody waits for long.
//!
//! What a filter finds is looked for page by page, as the work goes on; what came to be after it was asked for is left alone. What
//! cannot be taken back is done only to those whom the filter has found before anything was done ([`bind`]).
//!
//! Not here: who may ask for what; that is for the surface. How it looks to administrators is in [`crate::directory`].

mod bind;
mod carry_out;
mod run;

use kernel::{Error, Op, Result, Timestamp, id::*};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use store::{Listing, Tx, sql};
use uuid::Uuid;

use crate::{
    audit,
    directory::{self, browser_sessions, sessions, users},
    jobs::{self, Job, When},
    sessions::SessionKind,
};

pub use run::run;

/// Of so many it is kept why it could not be done; of more, only that.
pub const MOST_FAILURES: u32 = 1000;

/// What is done to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    LockUser,
    UnlockUser,
    DeactivateUser {
        erase: bool,
    },
    /// Ends all sessions of an account, personal ones apart.
    EndUserSessions,
    EndBrowserSession,
    EndSession(SessionKind),
}

/// Whom or what it is done to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// In ascending order, each once.
    Ids(Vec<BulkTargetId>),
    Users(users::Filter),
    BrowserSessions(browser_sessions::Filter),
    Sessions(SessionKind, sessions::Filter),
}

/// What a bulk operation comes to. It is kept with it: members may be added, and keep their names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    pub action: Action,
    pub which: Which,
    /// Whoever asks, who is left out of what a filter finds.
    #[serde(deserialize_with = "one_or_many", default)]
    pub spared: Vec<BulkTargetId>,
    /// What audit events call the operation, and where the resources are that it changes.
    pub operation: String,
    pub path: String,
    /// How many it has to be, where that is settled first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
}

impl Plan {
    /// Whether somebody has thought of each of them.
    pub const fn names_each(&self) -> bool {
        matches!(self.which, Which::Ids(_))
    }

    /// Whether it has to be settled whom it is for before anything is done: it cannot be taken back, and a filter tells.
    pub const fn is_bound_first(&self) -> bool {
        matches!(self.action, Action::DeactivateUser { .. }) && !self.names_each()
    }

    /// All that it would be done to at this moment, and has come to be by then.
    pub fn targets(&self, until: Timestamp) -> Listing {
        let mut list = match &self.which {
            Which::Ids(ids) => {
                let mut list = self.action.everything();
                let ids = ids.iter().map(|id| (*id).into()).collect();
                list.any_of(&format!("{} IN ({{}})", list.id()), ids);
                return list;
            }
            Which::Users(filter) => users::list(filter.clone()),
            Which::BrowserSessions(filter) => browser_sessions::list(*filter),
            Which::Sessions(kind, filter) => sessions::list(*kind, filter.clone()),
        };
        for spared in &self.spared {
            list.only(&format!("{} <> ?", list.id()), [(*spared).into()]);
        }
        list.only(&format!("{} < ?", list.id()), [first_after(until).into()]);
        list
    }
}

/// Older versions spared one, or none.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<BulkTargetId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Spared {
        None,
        One(BulkTargetId),
        Many(Vec<BulkTargetId>),
    }
    Ok(match Spared::deserialize(from)? {
        Spared::None => Vec::new(),
        Spared::One(one) => vec![one],
        Spared::Many(many) => many,
    })
}

impl Action {
    fn everything(self) -> Listing {
        match self {
            Self::LockUser | Self::UnlockUser | Self::DeactivateUser { .. } | Self::EndUserSessions => {
                directory::users::all()
            }
            Self::EndBrowserSession => browser_sessions::all(),
            Self::EndSession(kind) => sessions::all(kind),
        }
    }
}

/// The least id that something can have which comes to be in a later millisecond.
fn first_after(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    Uuid::from_u128(kernel::id::first_ulid(millis + 1).0)
}

/// A bulk operation to be.
#[derive(Clone, Debug)]
pub struct Asked {
    pub plan: Plan,
    /// What the operation belongs to, for whoever asks which rights it takes.
    pub resource: &'static str,
    /// Which they are, as it was asked for.
    pub told: Value,
    pub by_session: SessionId,
    /// Whoever asks was not to be left out.
    pub include_self: bool,
    /// How many there are.
    pub total: u64,
}

/// Writes it down and has it begun.
pub async fn start(tx: &Tx, op: &Op, asked: &Asked) -> Result<BulkOperationId> {
    const INSERT: &str = "INSERT INTO bulk_operations \
      (id, operation, resource, asked, plan, actor, by_session, total, job_id, created_at, skip_erase, include_self) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let id: BulkOperationId = op.id();
    let job = jobs::insert(tx, op, &Job::BulkOperation { operation: id, step: 0 }, When::default()).await?;
    let values: [sea_orm::Value; 12] = [
        id.into(),
        asked.plan.operation.clone().into(),
        asked.resource.into(),
        asked.told.clone().into(),
        serde_json::to_value(&asked.plan).map_err(Error::internal)?.into(),
        audit::actor(op.actor).into(),
        asked.by_session.into(),
        i64::try_from(asked.total).unwrap_or(i64::MAX).into(),
        job.into(),
        op.now.into(),
        (asked.plan.action == Action::DeactivateUser { erase: false }).into(),
        asked.include_self.into(),
    ];
    sql::execute(tx, INSERT, values).await?;
    Ok(id)
}

/// Stops it where it is; what was done stays. False if it had come to its end, or there is none.
pub async fn cancel(tx: &Tx, op: &Op, id: BulkOperationId) -> Result<bool> {
    const CANCEL: &str = "UPDATE bulk_operations SET cancelled_at = $2 \
      WHERE id = $1 AND cancelled_at IS NULL AND finished_at IS NULL";
    Ok(sql::execute(tx, CANCEL, [id.into(), op.now.into()]).await? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was asked for by an older version is gone on with by a newer one.
    #[test]
    fn plans_stay_readable() {
        for plan in [
            r#"{"action":"lock_user","which":{"ids":["01K2C31V80V37E3S3E28JT97KB"]},"spared":null,
                "operation":"lockUser","path":"/users"}"#,
            r#"{"action":{"deactivate_user":{"erase":true}},"which":{"users":{"status":"active","search":"spam"}},
                "spared":"01K2C31V80V37E3S3E28JT97KB","operation":"deactivateUser","path":"/users"}"#,
            r#"{"action":"lock_user","which":{"users":{}},"spared":["01K2C31V80V37E3S3E28JT97KB"],
                "operation":"lockUser","path":"/users","expected":7}"#,
            r#"{"action":"end_browser_session","which":{"browser_sessions":{"finished":false}},
                "operation":"finishUserSession","path":"/user-sessions"}"#,
            r#"{"action":{"end_session":"oauth"},
                "which":{"sessions":["oauth",{"clients":["01K2C31V80V37E3S3E28JT97KB"],"times":{"active_before":1}}]},
                "operation":"finishOAuth2Session","path":"/oauth2-sessions"}"#,
        ] {
            let read: Plan = serde_json::from_str(plan).unwrap();
            let written = serde_json::to_string(&read).unwrap();
            assert_eq!(
                serde_json::to_string(&serde_json::from_str::<Plan>(&written).unwrap()).unwrap(),
                written
            );
        }
    }
}
