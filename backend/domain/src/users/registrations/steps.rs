//! What is told after the form. Each is false, and changes nothing, once the registration is finished.

use kernel::{
    Op, Result,
    id::{RegistrationId, RegistrationTokenId},
};
use store::{Db, Tx, sql};

use crate::users::email_authentications::{self, Purpose};

pub async fn set_display_name(db: &Db, id: RegistrationId, name: &str) -> Result<bool> {
    const SET: &str = "UPDATE registrations SET display_name = $2 WHERE id = $1 AND completed_at IS NULL";
    Ok(sql::execute(&db.single, SET, [id.into(), name.to_owned().into()]).await? > 0)
}

/// Notes the token that somebody has typed. It is counted when there is an account.
pub async fn attach_token(db: &Db, id: RegistrationId, token: RegistrationTokenId) -> Result<bool> {
    const ATTACH: &str =
        "UPDATE registrations SET registration_token_id = $2 WHERE id = $1 AND completed_at IS NULL";
    Ok(sql::execute(&db.single, ATTACH, [id.into(), token.into()]).await? > 0)
}

/// The token is not good any more: another one is needed. One that was typed meanwhile stays.
pub async fn detach_token(db: &Db, id: RegistrationId, token: RegistrationTokenId) -> Result<bool> {
    const DETACH: &str = "UPDATE registrations SET registration_token_id = NULL \
      WHERE id = $1 AND registration_token_id = $2 AND completed_at IS NULL";
    Ok(sql::execute(&db.single, DETACH, [id.into(), token.into()]).await? > 0)
}

/// Takes another address, which has to be proven in place of the one before; a code is sent in that language.
pub async fn change_email(tx: &Tx, op: &Op, id: RegistrationId, email: &str, language: &str) -> Result<bool> {
    // Whoever finishes meanwhile waits here, or is waited for.
    const HOLD: &str = "UPDATE registrations SET completed_at = NULL WHERE id = $1 AND completed_at IS NULL";
    const FORGET: &str = "DELETE FROM email_authentications WHERE registration_id = $1";
    if sql::execute(tx, HOLD, [id.into()]).await? == 0 {
        return Ok(false);
    }
    sql::execute(tx, FORGET, [id.into()]).await?;
    email_authentications::start(tx, op, Purpose::Registration(id), email, language).await?;
    Ok(true)
}

/// Forgets all of it.
pub async fn cancel(db: &Db, id: RegistrationId) -> Result<bool> {
    const CANCEL: &str = "DELETE FROM registrations WHERE id = $1 AND completed_at IS NULL";
    Ok(sql::execute(&db.single, CANCEL, [id.into()]).await? > 0)
}
