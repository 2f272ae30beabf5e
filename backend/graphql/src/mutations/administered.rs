//! What administrators change here leaves the same trace as through the REST API: the operation, the session of their token, and
//! what was before and after, in the transaction of the change.

use domain::audit::{self, Administered, Subject};
use kernel::{Op, Result, id::*};
use serde_json::{Value, json};
use store::{Tx, tables::users::Model as User};

/// An administrator's change.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The name of the mutation.
    pub operation: &'static str,
    /// Of the administrator's token.
    pub by: SessionId,
}

/// An address of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Email<'a> {
    pub id: EmailId,
    pub user: UserId,
    pub address: &'a str,
}

impl Change {
    /// Of an account; `before` is absent if there was none.
    pub async fn of_user(self, tx: &Tx, op: &Op, before: Option<&User>, after: &User) -> Result<()> {
        let subject = Subject { user: Some(after.id), ..Default::default() };
        let target = format!("/api/admin/v1/users/{}", after.id);
        let states = (before.map_or(Value::Null, state), state(after));
        self.record(tx, op, (subject, target), states).await
    }

    /// Of an address, which was added or removed.
    pub async fn of_email(self, tx: &Tx, op: &Op, email: Email<'_>, is_added: bool) -> Result<()> {
        let subject = Subject { user: Some(email.user), ..Default::default() };
        let target = format!("/api/admin/v1/user-emails/{}", email.id);
        let told = json!({ "user_id": email.user, "email": email.address });
        let states = if is_added { (Value::Null, told) } else { (told, Value::Null) };
        self.record(tx, op, (subject, target), states).await
    }

    /// Of one of somebody's sessions, which stands at that path of the admin API.
    pub async fn of_session(
        self,
        tx: &Tx,
        op: &Op,
        (subject, path): (Subject, &str),
        states: (Value, Value),
    ) -> Result<()> {
        self.record(tx, op, (subject, format!("/api/admin/v1/{path}")), states).await
    }

    /// Of what somebody has at the homeserver.
    pub async fn of_theirs(self, tx: &Tx, op: &Op, user: UserId, after: Value) -> Result<()> {
        let subject = Subject { user: Some(user), ..Default::default() };
        let target = format!("/api/admin/v1/users/{user}");
        self.record(tx, op, (subject, target), (Value::Null, after)).await
    }

    /// What is written down, but for the subject and what was there and is there.
    pub fn written_down(self, user: UserId) -> Administered {
        let Self { operation, by } = self;
        let target = Some(format!("/api/admin/v1/users/{user}"));
        Administered { operation, target, by_session: by, before: Value::Null, after: Value::Null }
    }

    async fn record(
        self,
        tx: &Tx,
        op: &Op,
        (subject, target): (Subject, String),
        (before, after): (Value, Value),
    ) -> Result<()> {
        let Self { operation, by } = self;
        let change = Administered { operation, target: Some(target), by_session: by, before, after };
        audit::administered(tx, op, subject, change).await
    }
}

/// As the REST API has it.
fn state(user: &User) -> Value {
    json!({
        "username": user.username,
        "admin": user.can_request_admin,
        "locked_at": user.locked_at.map(kernel::Timestamp::rfc3339),
        "deactivated_at": user.deactivated_at.map(kernel::Timestamp::rfc3339),
    })
}
