//! Names that people give to where they are signed in.

use kernel::{Error, Kind, Op, Result};
use store::{Db, sql, tables::users};

use super::sessions::Session;
use crate::{audit, homeserver::Homeserver};

const LONGEST: usize = 256;

/// What a person calls a session: without blanks around it, 1 to 256 characters.
#[derive(Clone, Debug)]
pub struct SessionName(String);

impl SessionName {
    /// Fails with a sentence for the person.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST || text.contains('\0') {
            return Err(Error::new(Kind::Invalid, format!("a name has 1 to {LONGEST} characters")));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Renames the device at the homeserver, then the session: if the homeserver fails, nothing changes.
pub async fn rename(
    db: &Db,
    homeserver: &Homeserver,
    op: &Op,
    (session, user): (&Session, &users::Model),
    name: &SessionName,
) -> Result<()> {
    const RENAME: &str = "UPDATE sessions SET human_name = $2 WHERE id = $1";
    if let Some(device) = session.device_id.as_deref().filter(|_| session.finished_at.is_none()) {
        homeserver.rename_device(&user.username, device, &name.0).await?;
    }
    let subject = audit::Subject {
        user: Some(user.id),
        client: session.client_id,
        session: Some(session.id),
        data: Some(serde_json::json!({ "name": name.0 })),
        ..Default::default()
    };
    db.write(async |tx| {
        sql::execute(tx, RENAME, [session.id.into(), name.0.clone().into()]).await?;
        audit::record(tx, op, audit::Kind::SessionRenamed, subject).await
    })
    .await
}
