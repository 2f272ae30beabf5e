//! Tells the homeserver about a user.
//!
//! Several of these may be at work for one user, and nobody knows whose call arrives last. So each looks, after its call,
//! whether what it has told is still so, and tells it again until it is: whatever came first, the newest state comes last.

use std::time::Duration;

use kernel::{Result, id::UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::{
    Db,
    tables::{user_emails, users},
};

use super::Outcome;
use crate::{
    homeserver::{Homeserver, Provisioning},
    users::display_name::{self, keep},
};

/// For the homeserver to say which name somebody has.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the homeserver is to know.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    username: String,
    emails: Vec<String>,
    is_locked: bool,
    is_deactivated: bool,
}

/// `display_name` is the one that the registration came with. People change it at the homeserver, so one that was chosen there stays.
pub async fn run(
    db: &Db,
    homeserver: &Homeserver,
    user: UserId,
    display_name: Option<&str>,
) -> Result<Outcome> {
    let Some((mut known, kept)) = read(db, user).await? else {
        return Ok(Outcome::GiveUp("there is no such user".into()));
    };
    let mut display_name = display_name;
    if display_name.is_some()
        && !known.is_deactivated
        && let Some(name) = chosen(homeserver, &known.username).await?
    {
        keep(db, user, kept.as_deref(), Some(&name)).await;
        display_name = None;
    }
    // Of somebody who was deactivated there is nothing to tell: that would only bring back a name.
    while !known.is_deactivated {
        let name = display_name.take();
        let provisioning = Provisioning {
            display_name: name,
            emails: Some(&known.emails),
            locked: known.is_locked,
            subject: Some(user),
        };
        homeserver.provision_user(&known.username, &provisioning).await?;
        if name.is_some() {
            keep(db, user, kept.as_deref(), name).await;
        }
        match read(db, user).await? {
            Some((now, _)) if now != known => known = now,
            _ => break,
        }
    }
    Ok(Outcome::Done)
}

/// [`run`] for somebody who is there already; keeps the name that the homeserver has for them.
pub async fn anew(db: &Db, homeserver: &Homeserver, id: UserId) -> Result<Outcome> {
    let outcome = run(db, homeserver, id, None).await?;
    let user = users::Entity::find_by_id(id).one(&db.read).await?;
    if let Some(user) = user.filter(|user| user.deactivated_at.is_none()) {
        let display_name = user.display_name.as_deref();
        let known = display_name::Known { user: id, username: &user.username, display_name };
        display_name::ask(db, homeserver, known, PATIENCE).await?;
    }
    Ok(outcome)
}

/// And the display name as it is kept.
async fn read(db: &Db, user: UserId) -> Result<Option<(Known, Option<String>)>> {
    let Some(user) = users::Entity::find_by_id(user).one(&db.read).await? else { return Ok(None) };
    let emails =
        user_emails::Entity::find().filter(user_emails::Column::UserId.eq(user.id)).all(&db.read).await?;
    let mut emails: Vec<String> = emails.into_iter().map(|address| address.email).collect();
    emails.sort();
    let known = Known {
        username: user.username,
        emails,
        is_locked: user.locked_at.is_some(),
        is_deactivated: user.deactivated_at.is_some(),
    };
    Ok(Some((known, user.display_name)))
}

/// The name that the homeserver has for them. Synapse gives the localpart to whoever comes without one, which counts for none.
async fn chosen(homeserver: &Homeserver, username: &str) -> Result<Option<String>> {
    let profile = homeserver.query_user(username, PATIENCE).await?;
    let name = profile.and_then(|profile| profile.display_name);
    Ok(name.filter(|name| !name.is_empty() && name != username))
}
