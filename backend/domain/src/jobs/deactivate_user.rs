//! What is left to do after an account was deactivated: its sessions end, what is kept goes if that was asked for, and the
//! homeserver hears of it. Each step can be repeated, so a worker that dies in the middle, or a homeserver that is away, costs
//! nothing but time.

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::UserId};
use store::sql;

use super::{Outcome, Parts};
use crate::{
    audit,
    sessions::{end::Reason, end_all::Which},
    users,
};

/// For the homeserver to say whether it knows somebody.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Deactivation {
    pub user: UserId,
    pub erase: bool,
    /// The deactivation that it belongs to: the account may have been opened, and shut again, since.
    pub since: Timestamp,
}

pub async fn run(parts: Parts<'_>, op: &Op, asked: Deactivation) -> Result<Outcome> {
    let Parts { db, homeserver, .. } = parts;
    let Some(user) = users::by_id(&db.read, asked.user).await? else {
        return Ok(Outcome::GiveUp("there is no such user".into()));
    };
    if user.deactivated_at != Some(asked.since) {
        return follow(parts, asked.user).await;
    }
    users::end_sessions(db, op, user.id, Which::All, Reason::Deactivated).await?;
    if !still_shut(parts, asked).await? {
        return follow(parts, asked.user).await;
    }
    if asked.erase {
        users::erase::erase(db, op, user.id).await?;
    }
    if !still_shut(parts, asked).await? {
        return follow(parts, asked.user).await;
    }
    if let Err(error) = homeserver.delete_user(&user.username, asked.erase).await {
        // Whom it does not know it need not delete.
        if homeserver.query_user(&user.username, PATIENCE).await?.is_some() {
            return Err(error);
        }
    }
    if asked.erase {
        users::erase::forget_devices(db, user.id).await?;
        tell(parts, op, asked).await?;
    }
    follow(parts, asked.user).await
}

/// That the person was erased is told once, also if this is the attempt of a worker that follows one that died.
async fn tell(parts: Parts<'_>, op: &Op, asked: Deactivation) -> Result<()> {
    const TOLD: &str = "SELECT 1 AS found FROM audit_events \
                        WHERE user_id = $1 AND kind = 'user_erased' AND created_at >= $2 LIMIT 1";
    let db = parts.db;
    if sql::one(&db.read, TOLD, [asked.user.into(), asked.since.into()]).await?.is_none() {
        let subject = audit::Subject { user: Some(asked.user), ..Default::default() };
        audit::record(&db.single, op, audit::Kind::UserErased, subject).await?;
    }
    Ok(())
}

async fn still_shut(parts: Parts<'_>, asked: Deactivation) -> Result<bool> {
    let user = users::by_id(&parts.db.read, asked.user).await?;
    Ok(user.is_some_and(|user| user.deactivated_at == Some(asked.since)))
}

/// An account that was opened again meanwhile must not stay shut at the homeserver, whichever of the two came last there.
async fn follow(parts: Parts<'_>, user: UserId) -> Result<Outcome> {
    if let Some(user) = users::by_id(&parts.db.read, user).await?
        && user.deactivated_at.is_none()
    {
        users::reactivate::reopen_there(parts.homeserver, &user.username).await?;
    }
    Ok(Outcome::Done)
}
