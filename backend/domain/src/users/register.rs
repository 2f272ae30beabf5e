//! Creating accounts.

use std::collections::BTreeSet;

use kernel::{Op, Result, id::*, name::normalise};
use store::{Tx, sql};

use super::{display_name, emails, login::replace_password};
use crate::{
    audit,
    jobs::{self, Job},
    passwords::Hashed,
};

/// An account to be.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// The localpart.
    pub username: String,
    pub password: Option<Hashed>,
    /// Verified addresses.
    pub emails: Vec<String>,
    pub can_request_admin: bool,
    pub display_name: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    Created(UserId),
    /// In whatever letter case, also by an account that is locked or deactivated.
    UsernameTaken,
    EmailTaken(String),
}

/// Creates an account and has the homeserver told of it. A name or address that is taken leaves nothing behind: the
/// caller must then let the transaction fail.
pub async fn create(tx: &Tx, op: &Op, new: &NewUser) -> Result<Registration> {
    let id: UserId = op.id();
    let form = new.display_name.as_deref().and_then(display_name::Form::of);
    let (name, name_norm) = form.map(|form| (form.kept, form.searched)).unzip();
    let values = [
        id.into(),
        new.username.clone().into(),
        normalise(&new.username).into(),
        op.now.into(),
        new.can_request_admin.into(),
        name.into(),
        name_norm.into(),
    ];
    // Twins are exempt from the index, so they are looked for as well.
    if sql::execute(tx, INSERT_USER, values).await? == 0 {
        return Ok(Registration::UsernameTaken);
    }
    let mut given = BTreeSet::new();
    for email in new.emails.iter().filter(|email| given.insert(normalise(email))) {
        if emails::insert(tx, op, id, email).await?.is_none() {
            return Ok(Registration::EmailTaken(email.clone()));
        }
    }
    if let Some(hashed) = &new.password {
        replace_password(tx, op, id, hashed).await?;
    }
    jobs::enqueue(tx, op, &Job::ProvisionUser { user: id, display_name: new.display_name.clone() }).await?;
    let subject = audit::Subject { user: Some(id), ..Default::default() };
    audit::record(tx, op, audit::Kind::UserRegistered, subject).await?;
    Ok(Registration::Created(id))
}

const INSERT_USER: &str = "INSERT INTO users \
    (id, username, username_norm, created_at, can_request_admin, display_name, display_name_norm) \
  SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM users WHERE username_norm = $3) \
  ON CONFLICT DO NOTHING";
