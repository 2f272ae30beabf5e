//! `/compat-sessions`: sessions made by the legacy Matrix login API.

use domain::{
    directory::{self, Times, known::Named, sessions::Session},
    sessions::SessionKind,
};
use edge::App;
use kernel::{Error, id::*};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{Failures, Missing},
    sessions::{self, OfSession},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get)).routes(routes!(finish))
}

/// A session made by the legacy Matrix login API
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "user_id": "01KE34VF00M9S346Q3D25VT4F5", "device_id": "QXKZPLMTRB", "user_session_id": null, "redirect_uri": null,
    "created_at": "2026-01-16T00:00:00Z", "user_agent": "Element/1.11", "last_active_at": "2026-01-17T06:10:00Z",
    "last_active_ip": "203.0.113.7", "finished_at": null, "human_name": "Laptop",
})))]
pub struct CompatSession {
    #[schema(value_type = Ulid)]
    pub user_id: UserId,
    /// The Matrix device
    #[schema(value_type = Option<DeviceID>)]
    pub device_id: Option<String>,
    /// The browser session in which it was allowed, if it came by single sign-on
    #[schema(value_type = Option<Ulid>)]
    pub user_session_id: Option<BrowserSessionId>,
    /// Where the single sign-on led back to
    #[schema(format = "uri")]
    pub redirect_uri: Option<String>,
    #[schema(inline)]
    pub created_at: Instant,
    pub user_agent: Option<String>,
    #[schema(inline)]
    pub last_active_at: Option<Instant>,
    pub last_active_ip: Option<String>,
    #[schema(inline)]
    pub finished_at: Option<Instant>,
    /// The name of the device, if its owner gave it one
    pub human_name: Option<String>,
}

/// The id of a Matrix device
#[derive(ToSchema)]
#[schema(value_type = String, examples("QXKZPLMTRB"))]
pub struct DeviceID(#[expect(dead_code, reason = "only its schema is used")] String);

impl Attributes for CompatSession {
    const TYPE: &'static str = "compat-session";
    const PATH: &'static str = "/compat-sessions";
    const EXAMPLE: &'static str = "01KF21M3004MNPZX45HY43KWJR";
}

pub type CompatSessionResponse = SingleResponse<CompatSession>;
pub type CompatSessionsResponse = PaginatedResponse<CompatSession>;

impl OfSession for CompatSession {
    const KIND: SessionKind = SessionKind::Compat;
    const NAME: &'static str = "compat session";

    fn resource(session: Session) -> Result<Resource<Self>, Error> {
        let Session { row, redirect_uri, .. } = session;
        let attributes = Self {
            user_id: row.user_id.ok_or_else(|| Error::internal("a legacy session of nobody"))?,
            device_id: row.device_id,
            user_session_id: row.browser_session_id,
            redirect_uri,
            created_at: row.created_at.into(),
            user_agent: row.user_agent,
            last_active_at: row.last_active_at.map(Into::into),
            last_active_ip: row.last_active_ip,
            finished_at: row.finished_at.map(Into::into),
            human_name: row.human_name,
        };
        Ok(Resource::new(row.id, attributes))
    }
}

/// Which sessions are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct CompatSessionFilter {
    /// Of this user
    #[serde(rename = "filter[user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user: Option<UserId>,
    /// Allowed in this browser session
    #[serde(rename = "filter[user-session]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user_session: Option<BrowserSessionId>,
    #[serde(rename = "filter[status]")]
    #[param(nullable = false)]
    status: Option<CompatSessionStatus>,
    #[serde(rename = "filter[created-before]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    created_before: Option<Instant>,
    #[serde(rename = "filter[created-after]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    created_after: Option<Instant>,
    /// Those that were never active are not among them
    #[serde(rename = "filter[last-active-before]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    last_active_before: Option<Instant>,
    /// Those that were never active are not among them
    #[serde(rename = "filter[last-active-after]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    last_active_after: Option<Instant>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(CompatSessionFilter);

impl CompatSessionFilter {
    /// What it names by ids, in the order of the parameters.
    pub fn named(&self) -> Vec<Named> {
        let user = self.user.map(Named::User);
        let browser = self.user_session.map(Named::BrowserSession);
        user.into_iter().chain(browser).collect()
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CompatSessionStatus {
    Active,
    Finished,
}

impl From<CompatSessionFilter> for directory::sessions::Filter {
    fn from(filter: CompatSessionFilter) -> Self {
        Self {
            user: filter.user,
            browser_session: filter.user_session,
            finished: filter.status.map(|status| matches!(status, CompatSessionStatus::Finished)),
            times: Times {
                created_before: filter.created_before.map(|at| at.0),
                created_after: filter.created_after.map(|at| at.0),
                active_before: filter.last_active_before.map(|at| at.0),
                active_after: filter.last_active_after.map(|at| at.0),
            },
            ..Self::default()
        }
    }
}

/// List compat sessions
#[utoipa::path(get, path = "/api/admin/v1/compat-sessions", operation_id = "listCompatSessions",
    tag = "compat-session", params(PaginationParams, CompatSessionFilter),
    responses((status = 200, description = "A page of sessions", body = CompatSessionsResponse), Failures, Missing))]
async fn list(
    app: App,
    _: Admin,
    listed: Listed<CompatSessionFilter>,
) -> Result<CompatSessionsResponse, Problem> {
    let named = listed.filter.named();
    let list = directory::sessions::list(CompatSession::KIND, listed.filter.clone().into());
    listed.answer(&app, &list, &named, CompatSession::resource).await
}

/// Get a compat session
#[utoipa::path(get, path = "/api/admin/v1/compat-sessions/{id}", operation_id = "getCompatSession",
    tag = "compat-session", params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = CompatSessionResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<SessionId>) -> Result<Single<CompatSession>, Problem> {
    Ok(CompatSession::resource(sessions::find::<CompatSession>(&app.db.read, id).await?)?.ok())
}

/// Finish a compat session
///
/// Its tokens are good for nothing any more, and its device goes.
#[utoipa::path(post, path = "/api/admin/v1/compat-sessions/{id}/finish", operation_id = "finishCompatSession",
    tag = "compat-session", params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = CompatSessionResponse,
            headers(("latchkey-job" = String, description = "The id of the job that removes the device, if there is one"))),
        Failures, Missing))]
async fn finish(app: App, admin: Admin, Path(id): Path<SessionId>) -> Result<Single<CompatSession>, Problem> {
    sessions::finish(&app, &admin, "finishCompatSession", id).await
}
