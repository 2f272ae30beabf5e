//! Names that people give to where they are signed in.

use kernel::{Error, Kind, Op, Result};
use store::{Tx, sql, tables::users};

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

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Renames the device at the homeserver. This comes first: if the homeserver fails, nothing changes.
pub async fn tell(
    homeserver: &Homeserver,
    (session, user): (&Session, &users::Model),
    name: &SessionName,
) -> Result<()> {
    match session.device_id.as_deref().filter(|_| session.finished_at.is_none()) {
        Some(device) => homeserver.rename_device(&user.username, device, &name.0).await,
        None => Ok(()),
    }
}

/// Renames the session. The answer is what it was called before.
pub async fn rename(tx: &Tx, op: &Op, session: &Session, name: &SessionName) -> Result<Option<String>> {
    const HOLD: &str = "UPDATE sessions SET human_name = human_name WHERE id = $1 RETURNING human_name";
    const RENAME: &str = "UPDATE sessions SET human_name = $2 WHERE id = $1";
    let before = sql::one(tx, HOLD, [session.id.into()]).await?;
    sql::execute(tx, RENAME, [session.id.into(), name.0.clone().into()]).await?;
    let subject = audit::Subject {
        user: session.user_id,
        client: session.client_id,
        session: Some(session.id),
        data: Some(serde_json::json!({ "name": name.0 })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::SessionRenamed, subject).await?;
    Ok(before.map(|row| row.try_get("", "human_name")).transpose()?.flatten())
}
