//! The name that others see. The homeserver keeps it.

use kernel::{Op, Result, id::UserId};
use store::{Db, Tx, tables::users};

use crate::{audit, homeserver::Homeserver, users::display_name::keep};

const LONGEST: usize = 256;

/// A name that the homeserver takes: not empty, at most 256 bytes. And that can be kept here: without NUL.
#[derive(Clone, Debug)]
pub struct DisplayName(String);

impl DisplayName {
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.trim().is_empty() && text.len() <= LONGEST && !text.contains('\0');
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sets the name at the homeserver, or takes it away.
pub async fn set(
    db: &Db,
    homeserver: &Homeserver,
    user: &users::Model,
    name: Option<&DisplayName>,
) -> Result<()> {
    let name = name.map(DisplayName::as_str);
    homeserver.set_display_name(&user.username, name).await?;
    keep(db, user.id, user.display_name.as_deref(), name).await;
    Ok(())
}

/// Writes down that it was [`set`].
pub async fn note(tx: &Tx, op: &Op, user: UserId, name: Option<&DisplayName>) -> Result<()> {
    let data = Some(serde_json::json!({ "display_name": name.map(DisplayName::as_str) }));
    let subject = audit::Subject { user: Some(user), data, ..Default::default() };
    audit::record(tx, op, audit::Kind::DisplayNameChanged, subject).await
}
