//! Setting a password.

use kernel::{Op, Result, id::UserId};
use store::{
    Tx,
    changes::{self, Change},
};

use super::login::replace_password;
use crate::{audit, passwords::Hashed};

/// Gives the account this password, in place of the one it had. Sessions stay.
pub async fn set(tx: &Tx, op: &Op, user: UserId, hashed: &Hashed) -> Result<()> {
    replace_password(tx, op, user, hashed).await?;
    changes::append(tx, op, Change::User, user).await?;
    let subject = audit::Subject { user: Some(user), ..Default::default() };
    audit::record(tx, op, audit::Kind::PasswordChanged, subject).await
}
