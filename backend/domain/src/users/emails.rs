//! E-mail addresses of an account. All of them are verified, and each belongs to one account, in whatever letter case. The
//! homeserver hears of every change.

use kernel::{Op, Result, id::*, name::normalise};
use serde_json::json;
use store::{Run, Tx, sql};

use crate::{
    audit,
    jobs::{self, Job},
};

/// What came of adding an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    Added(EmailId),
    /// The account has it already, maybe in another letter case.
    Already(EmailId),
    /// Another account has it.
    Taken,
}

/// Gives the account an address that somebody has verified.
pub async fn add(tx: &Tx, op: &Op, user: UserId, email: &str) -> Result<Added> {
    if let Some(id) = insert(tx, op, user, email).await? {
        note(tx, op, user, audit::Kind::EmailAdded, email).await?;
        return Ok(Added::Added(id));
    }
    const FIND: &str =
        "SELECT id FROM user_emails WHERE user_id = $1 AND email_norm = $2 ORDER BY id LIMIT 1";
    Ok(match sql::one(tx, FIND, [user.into(), normalise(email).into()]).await? {
        Some(row) => Added::Already(row.try_get("", "id")?),
        None => Added::Taken,
    })
}

/// Takes the address away, and with it the recoveries that were begun by it. False if the account does not have it.
pub async fn remove(tx: &Tx, op: &Op, user: UserId, id: EmailId) -> Result<bool> {
    const REMOVE: &str = "DELETE FROM user_emails WHERE id = $1 AND user_id = $2 RETURNING email";
    let Some(row) = sql::one(tx, REMOVE, [id.into(), user.into()]).await? else { return Ok(false) };
    note(tx, op, user, audit::Kind::EmailRemoved, &row.try_get::<String>("", "email")?).await?;
    Ok(true)
}

async fn note(tx: &Tx, op: &Op, user: UserId, kind: audit::Kind, email: &str) -> Result<()> {
    jobs::enqueue(tx, op, &Job::ProvisionUser { user, display_name: None }).await?;
    let subject =
        audit::Subject { user: Some(user), data: Some(json!({ "email": email })), ..Default::default() };
    audit::record(tx, op, kind, subject).await
}

/// Whether any account has the address, in whatever letter case.
pub async fn is_taken(db: &impl Run, email: &str) -> Result<bool> {
    const FIND: &str = "SELECT 1 AS found FROM user_emails WHERE email_norm = $1 LIMIT 1";
    Ok(sql::one(db, FIND, [normalise(email).into()]).await?.is_some())
}

/// `None` if the address is taken, whoever has it.
pub(super) async fn insert(tx: &Tx, op: &Op, user: UserId, email: &str) -> Result<Option<EmailId>> {
    // Twins, which a migration may bring in, are exempt from the index, so they are looked for as well.
    const INSERT: &str = "INSERT INTO user_emails (id, user_id, email, email_norm, created_at) \
      SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM user_emails WHERE email_norm = $4) \
      ON CONFLICT DO NOTHING";
    let id: EmailId = op.id();
    let values = [id.into(), user.into(), email.to_owned().into(), normalise(email).into(), op.now.into()];
    Ok((sql::execute(tx, INSERT, values).await? > 0).then_some(id))
}
