//! What all changes of an account's state have in common. Each is asked for by one function, whoever asks: the command
//! line, the admin API, the person. Asking for what is so already changes nothing, and the first instant stays.
//!
//! | | locked | deactivated |
//! |---|---|---|
//! | sessions, tokens, cookies | stay, and are refused while it lasts | end, for good |
//! | addresses, remembered consent | stay | go |
//! | password, links, accepted terms | stay | stay, unless erased |
//! | name | stays taken | stays taken, for ever |
//!
//! The two are independent of each other.

use kernel::{
    Error, Kind, Op, Result,
    id::{JobId, UserId},
};
use sea_orm::{EntityTrait, Value};
use store::{
    ConnectionTrait, Tx,
    changes::{self, Change},
    sql,
    tables::users,
};

use crate::audit;

/// An account after it was asked to be in some state.
#[derive(Clone, Debug)]
pub struct Settled {
    pub user: users::Model,
    /// False if it was so before.
    pub changed: bool,
    /// The job that does the rest, or tells the homeserver.
    pub job: Option<JobId>,
}

/// The account, which must exist.
pub async fn find(db: &impl ConnectionTrait, id: UserId) -> Result<users::Model> {
    let user = users::Entity::find_by_id(id).one(db).await?;
    user.ok_or_else(|| Error::new(Kind::NotFound, "User not found"))
}

/// A statement that is guarded by the state from which it leads away, and what is written down if it did.
pub(super) struct Transition {
    pub statement: &'static str,
    pub values: Vec<Value>,
    pub event: audit::Kind,
    pub data: Option<serde_json::Value>,
}

impl Transition {
    pub(super) async fn run(self, tx: &Tx, op: &Op, id: UserId) -> Result<Settled> {
        let changed = sql::execute(tx, self.statement, self.values).await? > 0;
        let user = find(tx, id).await?;
        if changed {
            changes::append(tx, op, Change::User, id).await?;
            let subject = audit::Subject { user: Some(id), data: self.data, ..Default::default() };
            audit::record(tx, op, self.event, subject).await?;
        }
        Ok(Settled { user, changed, job: None })
    }
}
