//! Opening a deactivated account again.

use std::time::Duration;

use kernel::{Op, Result, id::UserId};
use store::{Db, Tx};

use super::{
    end_sessions::{Counts, end_slice},
    state::{self, Settled, Transition},
};
use crate::{
    audit,
    homeserver::Homeserver,
    jobs::{self, Job},
    sessions::{end::Reason, end_all::Which},
};

/// For the homeserver to say whether it knows somebody.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the account at the homeserver, and then here: if the homeserver cannot be asked, nothing changes. Nothing comes back
/// but the account: no session, no address. A lock stays.
pub async fn reactivate(db: &Db, homeserver: &Homeserver, op: &Op, id: UserId) -> Result<Settled> {
    let user = state::find(&db.read, id).await?;
    // Also if it is open here: asking again mends a homeserver that has not heard of it.
    reopen_there(homeserver, &user.username).await?;
    loop {
        if let Some(settled) = db.write(async |tx| open(tx, op, id).await).await? {
            return Ok(settled);
        }
    }
}

/// Whom the homeserver does not know it has nothing to open for: the provisioning that follows creates them.
pub(crate) async fn reopen_there(homeserver: &Homeserver, username: &str) -> Result<()> {
    match homeserver.reactivate_user(username).await {
        Err(error) if homeserver.query_user(username, PATIENCE).await?.is_some() => Err(error),
        _ => Ok(()),
    }
}

/// Opens the account once no session is left that was there before: the job of the deactivation may not have come to it yet.
async fn open(tx: &Tx, op: &Op, id: UserId) -> Result<Option<Settled>> {
    const REACTIVATE: &str =
        "UPDATE users SET deactivated_at = NULL WHERE id = $1 AND deactivated_at IS NOT NULL";
    if state::find(tx, id).await?.deactivated_at.is_some() {
        let all = (Which::All, Reason::Deactivated);
        if end_slice(tx, op, id, all, &mut Counts::default()).await? {
            return Ok(None);
        }
    }
    let reactivation = Transition {
        statement: REACTIVATE,
        values: vec![id.into()],
        event: audit::Kind::UserReactivated,
        data: None,
    };
    let settled = reactivation.run(tx, op, id).await?;
    jobs::enqueue(tx, op, &Job::ProvisionUser { user: id, display_name: None }).await?;
    Ok(Some(settled))
}
