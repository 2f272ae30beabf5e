//! Signing out everywhere else.

use kernel::{Op, Result, id::UserId};
use store::Db;

use crate::{
    audit,
    sessions::{
        end::Reason,
        end_all::{Spared, Which},
    },
    users::{self, Counts},
};

/// Ends every session but the spared ones; personal access tokens stay. What is interrupted can be called again.
pub async fn end(db: &Db, op: &Op, user: UserId, spared: Spared) -> Result<Counts> {
    let ended = users::end_sessions(db, op, user, Which::OtherApps(spared), Reason::ByOwner).await?;
    let data =
        serde_json::json!({ "browser_sessions": ended.browser, "app_sessions": ended.oauth + ended.compat });
    let subject = audit::Subject { user: Some(user), data: Some(data), ..Default::default() };
    audit::record(&db.single, op, audit::Kind::OtherSessionsEnded, subject).await?;
    Ok(ended)
}
