//! Setting a password.

use kernel::{Op, Result, id::UserId};
use store::{
    Tx,
    changes::{self, Change},
};

use super::login::replace_password;
use crate::{audit, oauth::consents, passwords::Hashed};

/// Gives the account this password, in place of the one it had. Sessions stay; but every app asks again before it gets
/// a new one, in case somebody else agreed.
pub async fn set(tx: &Tx, op: &Op, user: UserId, hashed: &Hashed) -> Result<()> {
    replace_password(tx, op, user, hashed).await?;
    consents::forget_all(tx, user).await?;
    changes::append(tx, op, Change::User, user).await?;
    let subject = audit::Subject { user: Some(user), ..Default::default() };
    audit::record(tx, op, audit::Kind::PasswordChanged, subject).await
}
