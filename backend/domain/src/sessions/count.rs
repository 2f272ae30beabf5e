//! How many sessions a person has, for the policy's limits.

use kernel::{Error, Result, id::UserId};
use store::{Db, sql};

use crate::policy::input::SessionCounts;

/// Active sessions of the user; of personal ones, those that the user owns and acts as.
pub async fn active(db: &Db, user: UserId) -> Result<SessionCounts> {
    const COUNT: &str = "SELECT \
        COUNT(CASE WHEN kind = 'oauth' THEN 1 END) AS oauth, COUNT(CASE WHEN kind = 'compat' THEN 1 END) AS compat, \
        COUNT(CASE WHEN kind = 'personal' AND owner_user_id = user_id THEN 1 END) AS personal \
      FROM sessions WHERE user_id = $1 AND finished_at IS NULL";
    let row = sql::one(&db.read, COUNT, [user.into()]).await?;
    let row = row.ok_or_else(|| Error::internal("a count has one row"))?;
    let number = |name| row.try_get::<i64>("", name).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let (oauth2, compat, personal) = (number("oauth")?, number("compat")?, number("personal")?);
    Ok(SessionCounts { total: oauth2 + compat + personal, oauth2, compat, personal })
}
