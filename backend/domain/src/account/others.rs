//! Signing out everywhere else.

use kernel::{Op, Result, id::UserId};
use serde_json::json;
use store::Db;

use crate::{
    audit::{self, Administered, Subject},
    sessions::{
        end::Reason,
        end_all::{Spared, Which},
    },
    users::{self, Counts},
};

/// Ends every session but the spared ones; personal access tokens stay. What is interrupted can be called again. If an
/// administrator does it, `change` is what that is written down as.
pub async fn end(
    db: &Db,
    op: &Op,
    user: UserId,
    spared: Spared,
    change: Option<Administered>,
) -> Result<Counts> {
    let reason = if change.is_some() { Reason::ByAdmin } else { Reason::ByOwner };
    let ended = users::end_sessions(db, op, user, Which::OtherApps(spared), reason).await?;
    let counts = json!({ "browser_sessions": ended.browser, "app_sessions": ended.oauth + ended.compat });
    let subject = Subject { user: Some(user), ..Default::default() };
    db.write(async |tx| {
        let told = Subject { data: Some(counts.clone()), ..subject.clone() };
        audit::record(tx, op, audit::Kind::OtherSessionsEnded, told).await?;
        match change {
            Some(change) => {
                audit::administered(tx, op, subject, Administered { after: counts, ..change }).await
            }
            None => Ok(()),
        }
    })
    .await?;
    Ok(ended)
}
