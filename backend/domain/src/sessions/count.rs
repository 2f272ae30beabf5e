//! How many sessions a person has, for the policy's limits.

use kernel::{Error, Result, id::UserId};
use sea_orm::{ConnectionTrait, QueryResult};
use store::{Db, Tx, sql};

use crate::policy::input::SessionCounts;

/// Active sessions of the user; of personal ones, those that the user owns and acts as.
pub async fn active(db: &Db, user: UserId) -> Result<SessionCounts> {
    let row = sql::one(&db.read, COUNT, [user.into(), Option::<String>::None.into()]).await?;
    read(&row.ok_or_else(no_row)?)
}

/// The same, and whether one of them has the device, while nobody else counts or adds sessions of this person: the counts
/// are true until the transaction ends.
pub async fn alone(tx: &Tx, user: UserId, device: &str) -> Result<(SessionCounts, bool)> {
    const COUNT_ALONE: &str = "SELECT oauth, compat, personal, same_device FROM count_sessions($1, $2)";
    let statement = match tx.get_database_backend() {
        sea_orm::DbBackend::Postgres => COUNT_ALONE,
        _ => COUNT,
    };
    let row = sql::one(tx, statement, [user.into(), device.into()]).await?.ok_or_else(no_row)?;
    Ok((read(&row)?, row.try_get::<i64>("", "same_device")? > 0))
}

fn read(row: &QueryResult) -> Result<SessionCounts> {
    let number = |name| row.try_get::<i64>("", name).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let (oauth2, compat, personal) = (number("oauth")?, number("compat")?, number("personal")?);
    Ok(SessionCounts { total: oauth2 + compat + personal, oauth2, compat, personal })
}

fn no_row() -> Error {
    Error::internal("a count has one row")
}

const COUNT: &str = "SELECT \
    COUNT(CASE WHEN kind = 'oauth' THEN 1 END) AS oauth, COUNT(CASE WHEN kind = 'compat' THEN 1 END) AS compat, \
    COUNT(CASE WHEN kind = 'personal' AND owner_user_id = user_id THEN 1 END) AS personal, \
    COUNT(CASE WHEN kind <> 'personal' AND device_id = $2 THEN 1 END) AS same_device \
  FROM sessions WHERE user_id = $1 AND finished_at IS NULL";
