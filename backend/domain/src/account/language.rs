//! The language that a person has chosen.

use kernel::{Result, id::UserId};
use store::{Db, sql};

/// BCP 47; `None` for what the browser asks for.
pub async fn set(db: &Db, user: UserId, language: Option<&str>) -> Result<()> {
    const SET: &str = "UPDATE users SET language = $2 WHERE id = $1";
    sql::execute(&db.single, SET, [user.into(), language.map(str::to_owned).into()]).await?;
    Ok(())
}
