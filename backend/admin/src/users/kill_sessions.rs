//! Ending all sessions of somebody at once, which MAS cannot.

use axum::Json;
use domain::{
    sessions::{end::Reason, end_all::Which},
    users,
};
use edge::App;
use kernel::id::UserId;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{about, find, resource};
use crate::{
    Admin, Problem,
    audited::Change,
    listed::Path,
    openapi::{Failures, Missing},
    types::Ulid,
};

/// How many sessions were ended
#[derive(Debug, Serialize, ToSchema)]
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
    admin.expects(&resource(find(&app, id).await?).etag())?;
    let ended = users::end_sessions(&app.db, &admin.op, id, Which::Apps, Reason::ByAdmin).await?;
    let killed = KilledSessions {
        user_sessions: ended.browser,
        oauth2_sessions: ended.oauth,
        compat_sessions: ended.compat,
    };
    let change = Change::by("killUserSessions", about(id)).with(json!(killed));
    app.db.write(async |tx| admin.record(tx, change).await).await?;
    Ok(Json(killed))
}
