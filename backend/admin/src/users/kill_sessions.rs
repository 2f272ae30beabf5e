//! Ending all sessions of somebody at once, which MAS cannot.

use axum::Json;
use domain::{
    sessions::{end::Reason, end_all::Which},
    users::{self, Counts},
};
use edge::App;
use kernel::id::UserId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;

use super::{about, path, resource, unknown};
use crate::{
    Admin, Problem,
    audited::Change,
    body::OptionalBody,
    listed::Path,
    openapi::{BadBody, Failures, Missing},
    types::Ulid,
};

/// Which sessions are to end, besides those of browsers and apps
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(examples(json!({ "personal_sessions": false })))]
pub struct KillSessionsRequest {
    /// Personal ones, too: those that act as the user, and those that the user owns
    personal_sessions: bool,
}

/// How many sessions were ended
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({ "user_sessions": 1, "oauth2_sessions": 3, "compat_sessions": 0 })))]
pub struct KilledSessions {
    user_sessions: u64,
    oauth2_sessions: u64,
    compat_sessions: u64,
    /// Only if these were to end as well
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    personal_sessions: Option<u64>,
}

/// End all sessions of a user
///
/// Those of browsers, of OAuth 2.0 clients and of legacy clients, with their devices. Personal sessions go on, unless
/// `personal_sessions` says otherwise. The body may be left out, with its content type.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/kill-sessions", operation_id = "killUserSessions", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    request_body(content = Option<KillSessionsRequest>, description = "Which sessions are to end"),
    responses((status = 200, description = "How many sessions were ended", body = KilledSessions),
        Failures, Missing, BadBody))]
pub async fn kill(
    app: App,
    admin: Admin,
    Path(id): Path<UserId>,
    OptionalBody(body): OptionalBody<KillSessionsRequest>,
) -> Result<Json<KilledSessions>, Problem> {
    let mut ended = Counts::default();
    let first = app.db.write(async |tx| {
        let user = users::hold(tx, id).await?.ok_or_else(|| unknown(id))?;
        admin.expects(&resource(user).etag())?;
        end_some(tx, &admin, (id, body), &mut ended).await
    });
    let mut more = first.await?;
    while more {
        more = app.db.write(async |tx| end_some(tx, &admin, (id, body), &mut ended).await).await?;
    }
    Ok(Json(body.told(ended)))
}

/// As many as one transaction may end, and the event that tells of these. Whether there may be more.
async fn end_some(
    tx: &Tx,
    admin: &Admin,
    (id, asked): (UserId, KillSessionsRequest),
    ended: &mut Counts,
) -> Result<bool, Problem> {
    let mut slice = Counts::default();
    let which = if asked.personal_sessions { Which::AppsAndTokens } else { Which::Apps };
    let more = users::end_slice(tx, &admin.op, id, (which, Reason::ByAdmin), &mut slice).await?;
    let change = Change::by("killUserSessions", about(id)).at(path(id)).with(json!(asked.told(slice)));
    admin.record(tx, change).await?;
    *ended += slice;
    Ok(more)
}

impl KillSessionsRequest {
    fn told(self, ended: Counts) -> KilledSessions {
        KilledSessions {
            user_sessions: ended.browser,
            oauth2_sessions: ended.oauth,
            compat_sessions: ended.compat,
            personal_sessions: self.personal_sessions.then_some(ended.personal),
        }
    }
}
