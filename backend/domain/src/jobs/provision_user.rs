//! Tells the homeserver about a user.

use kernel::{Result, id::UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::{
    Db,
    tables::{user_emails, users},
};

use super::Outcome;
use crate::homeserver::{Homeserver, Provisioning};

pub async fn run(
    db: &Db,
    homeserver: &Homeserver,
    user: UserId,
    display_name: Option<&str>,
) -> Result<Outcome> {
    let Some(user) = users::Entity::find_by_id(user).one(&db.read).await? else {
        return Ok(Outcome::GiveUp("there is no such user".into()));
    };
    // There is nobody to tell about: this would only bring back a name.
    if user.deactivated_at.is_some() {
        return Ok(Outcome::Done);
    }
    let emails =
        user_emails::Entity::find().filter(user_emails::Column::UserId.eq(user.id)).all(&db.read).await?;
    let mut emails: Vec<String> = emails.into_iter().map(|address| address.email).collect();
    emails.sort();
    let locked = user.locked_at.is_some();
    let provisioning = Provisioning { display_name, emails: Some(&emails), locked, subject: Some(user.id) };
    homeserver.provision_user(&user.username, &provisioning).await?;
    Ok(Outcome::Done)
}
