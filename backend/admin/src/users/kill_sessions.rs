//! Ending all sessions of somebody at once, which MAS cannot.

use axum::Json;
use domain::{
    sessions::{end::Reason, end_all::Which},
    users::{self, Counts},
};
use edge::App;
use kernel::id::UserId;
use serde::Serialize;
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;

use super::{about, path, resource, unknown};
use crate::{
    Admin, Problem,
    audited::Change,
    listed::Path,
    openapi::{Failures, Missing},
    types::Ulid,
};

/// How many sessions were ended
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({ "user_sessions": 1, "oauth2_sessions": 3, "compat_sessions": 0 })))]
pub struct KilledSessions {
    user_sessions: u64,
    oauth2_sessions: u64,
    compat_sessions: u64,
}

/// End all sessions of a user
///
/// Those of browsers, of OAuth 2.0 clients and of legacy clients, with their devices. Personal sessions go on.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/kill-sessions", operation_id = "killUserSessions", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    responses((status = 200, description = "How many sessions were ended", body = KilledSessions),
        Failures, Missing))]
pub async fn kill(app: App, admin: Admin, Path(id): Path<UserId>) -> Result<Json<KilledSessions>, Problem> {
    let mut ended = Counts::default();
    let first = app.db.write(async |tx| {
        let user = users::hold(tx, id).await?.ok_or_else(|| unknown(id))?;
        admin.expects(&resource(user).etag())?;
        end_some(tx, &admin, id, &mut ended).await
    });
    let mut more = first.await?;
    while more {
        more = app.db.write(async |tx| end_some(tx, &admin, id, &mut ended).await).await?;
    }
    Ok(Json(ended.into()))
}

/// As many as one transaction may end, and the event that tells of these. Whether there may be more.
async fn end_some(tx: &Tx, admin: &Admin, id: UserId, ended: &mut Counts) -> Result<bool, Problem> {
    let mut slice = Counts::default();
    let more = users::end_slice(tx, &admin.op, id, (Which::Apps, Reason::ByAdmin), &mut slice).await?;
    let ended_now = json!(KilledSessions::from(slice));
    let change = Change::by("killUserSessions", about(id)).at(path(id)).with(ended_now);
    admin.record(tx, change).await?;
    *ended += slice;
    Ok(more)
}

impl From<Counts> for KilledSessions {
    fn from(ended: Counts) -> Self {
        Self { user_sessions: ended.browser, oauth2_sessions: ended.oauth, compat_sessions: ended.compat }
    }
}
