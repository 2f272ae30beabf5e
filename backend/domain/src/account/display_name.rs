//! The name that others see. The homeserver keeps it.

use kernel::{Op, Result};
use store::{Db, tables::users};

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
}

/// Sets the name, or takes it away. The answer is the account as it is then.
pub async fn set(
    db: &Db,
    homeserver: &Homeserver,
    op: &Op,
    mut user: users::Model,
    name: Option<&DisplayName>,
) -> Result<users::Model> {
    let name = name.map(|name| name.0.as_str());
    homeserver.set_display_name(&user.username, name).await?;
    keep(db, user.id, user.display_name.as_deref(), name).await;
    let data = Some(serde_json::json!({ "display_name": name }));
    let subject = audit::Subject { user: Some(user.id), data, ..Default::default() };
    audit::record(&db.single, op, audit::Kind::DisplayNameChanged, subject).await?;
    user.display_name = name.map(str::to_owned);
    Ok(user)
}
