//! `/user-sessions`: signed-in browsers.

use domain::{
    audit::Subject,
    directory::{self, Times, browser_sessions, known::Named},
    sessions::end::Reason,
    users::browser,
};
use edge::App;
use kernel::id::*;
use serde::{Deserialize, Serialize};
use store::{ConnectionTrait, Tx, tables::browser_sessions::Model};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{Failures, Missing},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get)).routes(routes!(finish))
}

/// A browser that is or was signed in
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "created_at": "2026-01-13T00:00:00Z", "finished_at": null, "user_id": "01KE34VF00M9S346Q3D25VT4F5",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
    "last_active_at": "2026-01-14T08:29:11Z", "last_active_ip": "203.0.113.7",
})))]
pub struct UserSession {
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(inline)]
    pub finished_at: Option<Instant>,
    #[schema(value_type = Ulid)]
    pub user_id: UserId,
    pub user_agent: Option<String>,
    #[schema(inline)]
    pub last_active_at: Option<Instant>,
    pub last_active_ip: Option<String>,
}

impl Attributes for UserSession {
    const TYPE: &'static str = "user-session";
    const PATH: &'static str = "/user-sessions";
    const EXAMPLE: &'static str = "01KETADY00F5KZNWJ47TAN9ZT2";
}

pub type UserSessionResponse = SingleResponse<UserSession>;
pub type UserSessionsResponse = PaginatedResponse<UserSession>;

fn resource(row: Model) -> Resource<UserSession> {
    let attributes = UserSession {
        created_at: row.created_at.into(),
        finished_at: row.finished_at.map(Into::into),
        user_id: row.user_id,
        user_agent: row.user_agent,
        last_active_at: row.last_active_at.map(Into::into),
        last_active_ip: row.last_active_ip,
    };
    Resource::new(row.id, attributes)
}

/// Which sessions are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct UserSessionFilter {
    /// Of this user
    #[serde(rename = "filter[user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user: Option<UserId>,
    #[serde(rename = "filter[status]")]
    #[param(nullable = false)]
    status: Option<UserSessionStatus>,
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

sorted!(UserSessionFilter);

impl UserSessionFilter {
    /// What it names by ids, in the order of the parameters.
    pub fn named(&self) -> Vec<Named> {
        self.user.map(Named::User).into_iter().collect()
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserSessionStatus {
    Active,
    Finished,
}

impl From<UserSessionFilter> for browser_sessions::Filter {
    fn from(filter: UserSessionFilter) -> Self {
        Self {
            user: filter.user,
            finished: filter.status.map(|status| matches!(status, UserSessionStatus::Finished)),
            times: Times {
                created_before: filter.created_before.map(|at| at.0),
                created_after: filter.created_after.map(|at| at.0),
                active_before: filter.last_active_before.map(|at| at.0),
                active_after: filter.last_active_after.map(|at| at.0),
            },
        }
    }
}

/// List user sessions
#[utoipa::path(get, path = "/api/admin/v1/user-sessions", operation_id = "listUserSessions", tag = "user-session",
    params(PaginationParams, UserSessionFilter),
    responses((status = 200, description = "A page of sessions", body = UserSessionsResponse), Failures, Missing))]
async fn list(
    app: App,
    _: Admin,
    listed: Listed<UserSessionFilter>,
) -> Result<UserSessionsResponse, Problem> {
    let named = listed.filter.named();
    let list = browser_sessions::list(listed.filter.clone().into());
    listed.answer(&app, &list, &named, |row| Ok(resource(row))).await
}

/// Get a user session
#[utoipa::path(get, path = "/api/admin/v1/user-sessions/{id}", operation_id = "getUserSession", tag = "user-session",
    params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = UserSessionResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<BrowserSessionId>) -> Result<Single<UserSession>, Problem> {
    Ok(resource(find(&app.db.read, id).await?).ok())
}

/// Finish a user session
///
/// The browser is signed out. Sessions that were allowed in it go on.
#[utoipa::path(post, path = "/api/admin/v1/user-sessions/{id}/finish", operation_id = "finishUserSession",
    tag = "user-session", params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = UserSessionResponse), Failures, Missing))]
async fn finish(
    app: App,
    admin: Admin,
    Path(id): Path<BrowserSessionId>,
) -> Result<Single<UserSession>, Problem> {
    let op = &admin.op;
    let finished = app.db.write(async |tx| {
        let before = hold(tx, id).await?;
        let subject = Subject { user: Some(before.user_id), browser_session: Some(id), ..Default::default() };
        if !browser::end(tx, op, id, Reason::ByAdmin).await? {
            let title = format!("The user session {id} is finished already");
            return Err(Problem::invalid("session_finished", title));
        }
        let (before, after) = (resource(before), resource(find(tx, id).await?));
        let change = Change::by("finishUserSession", subject).before(&before).after(&after);
        admin.record(tx, change).await?;
        Ok::<_, Problem>(after)
    });
    let finished = finished.await?;
    Ok(finished.after("finish"))
}

async fn find(db: &impl ConnectionTrait, id: BrowserSessionId) -> Result<Model, Problem> {
    let session = directory::get(db, browser_sessions::all(), id).await?;
    session.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: BrowserSessionId) -> Result<Model, Problem> {
    directory::hold(tx, browser_sessions::all(), id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: BrowserSessionId) -> Problem {
    Problem::not_found(format!("There is no user session with the id {id}"))
}
