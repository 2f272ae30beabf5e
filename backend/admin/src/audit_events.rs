//! `/audit-events`: what happened, here and elsewhere. MAS has no such thing.

use domain::directory::{self, audit_events};
use edge::App;
use kernel::id::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::tables::audit_events::Model;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{Failures, Missing},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// Something that happened
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "created_at": "2026-02-10T00:00:00Z", "kind": "administered", "actor": "user:01KEAW1M00V37E3S3E28JT97KB",
    "user_id": "01KE34VF00M9S346Q3D25VT4F5", "client_id": null, "session_id": null, "user_session_id": null,
    "ip_address": "203.0.113.9", "user_agent": "curl/8.14.1", "request_id": "POST-4711",
    "data": {
        "operation": "userSetAdmin", "target": "/api/admin/v1/users/01KE34VF00M9S346Q3D25VT4F5",
        "by_session": "01KG0YCQ00SS6YS3C4DWA7N360",
        "before": { "username": "ada", "created_at": "2026-01-04T00:00:00Z", "locked_at": null,
            "deactivated_at": null, "admin": false, "legacy_guest": false },
        "after": { "username": "ada", "created_at": "2026-01-04T00:00:00Z", "locked_at": null,
            "deactivated_at": null, "admin": true, "legacy_guest": false },
    },
})))]
pub struct AuditEvent {
    #[schema(inline)]
    pub created_at: Instant,
    /// What happened: `administered` by this API, and others such as `signed_in` and `session_ended`
    pub kind: String,
    /// Who did it: `user:ID`, `oauth2-client:ID`, `homeserver`, `operator` (at the command line), `worker` or `anonymous`
    #[schema(examples("user:01KE34VF00M9S346Q3D25VT4F5"))]
    pub actor: String,
    /// Whom it concerns
    #[schema(value_type = Option<Ulid>)]
    pub user_id: Option<UserId>,
    #[schema(value_type = Option<Ulid>)]
    pub client_id: Option<ClientId>,
    /// The OAuth 2.0, compat or personal session that it concerns
    #[schema(value_type = Option<Ulid>)]
    pub session_id: Option<SessionId>,
    #[schema(value_type = Option<Ulid>)]
    pub user_session_id: Option<BrowserSessionId>,
    /// From where
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    /// What the log calls the request
    pub request_id: String,
    /// Further facts, as the kind has it; of `administered`: `operation`, `target`, `by_session`, `before`, `after`
    pub data: Value,
}

impl Attributes for AuditEvent {
    const TYPE: &'static str = "audit-event";
    const PATH: &'static str = "/audit-events";
    const EXAMPLE: &'static str = "01KH2CA800W5RPJ7MBYQ2X4D3T";
}

pub type AuditEventResponse = SingleResponse<AuditEvent>;
pub type AuditEventsResponse = PaginatedResponse<AuditEvent>;

fn resource(event: Model) -> Resource<AuditEvent> {
    let attributes = AuditEvent {
        created_at: event.created_at.into(),
        kind: event.kind,
        actor: event.actor,
        user_id: event.user_id,
        client_id: event.client_id,
        session_id: event.session_id,
        user_session_id: event.browser_session_id,
        ip_address: event.address,
        user_agent: event.user_agent,
        request_id: event.request_id,
        data: event.data.unwrap_or_default(),
    };
    Resource::new(event.id, attributes)
}

/// Which events are wanted; all of this must hold. What they name need not exist any more
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct AuditEventFilter {
    /// Of this kind
    #[serde(rename = "filter[kind]")]
    #[param(nullable = false)]
    kind: Option<String>,
    /// Done by this actor
    #[serde(rename = "filter[actor]")]
    #[param(nullable = false)]
    actor: Option<String>,
    /// Concerning this user
    #[serde(rename = "filter[user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user: Option<UserId>,
    /// Concerning this client
    #[serde(rename = "filter[client]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    client: Option<ClientId>,
    /// Concerning this OAuth 2.0, compat or personal session
    #[serde(rename = "filter[session]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    session: Option<SessionId>,
    /// A change of this, as the path of the resource has it: whatever has an id in this API
    #[serde(rename = "filter[target]")]
    #[param(nullable = false, example = "/api/admin/v1/user-emails/01KEJK7S006CQ643DZVMXXQKFB")]
    target: Option<String>,
    #[serde(rename = "filter[created-before]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    created_before: Option<Instant>,
    #[serde(rename = "filter[created-after]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    created_after: Option<Instant>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(AuditEventFilter);

impl From<AuditEventFilter> for audit_events::Filter {
    fn from(filter: AuditEventFilter) -> Self {
        Self {
            kind: filter.kind,
            actor: filter.actor,
            user: filter.user,
            client: filter.client,
            session: filter.session,
            target: filter.target,
            before: filter.created_before.map(|at| at.0),
            after: filter.created_after.map(|at| at.0),
        }
    }
}

/// List audit events
#[utoipa::path(get, path = "/api/admin/v1/audit-events", operation_id = "listAuditEvents", tag = "audit-event",
    params(PaginationParams, AuditEventFilter),
    responses((status = 200, description = "A page of events", body = AuditEventsResponse), Failures))]
async fn list(app: App, _: Admin, listed: Listed<AuditEventFilter>) -> Result<AuditEventsResponse, Problem> {
    let list = audit_events::list(listed.filter.clone().into());
    listed.answer(&app, &list, &[], |event| Ok(resource(event))).await
}

/// Get an audit event
#[utoipa::path(get, path = "/api/admin/v1/audit-events/{id}", operation_id = "getAuditEvent", tag = "audit-event",
    params(("id" = Ulid, Path, description = "The id of the event")),
    responses((status = 200, description = "The event", body = AuditEventResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<AuditEventId>) -> Result<Single<AuditEvent>, Problem> {
    let event = directory::get(&app.db.read, audit_events::all(), id).await?;
    let unknown = || Problem::not_found(format!("There is no audit event with the id {id}"));
    Ok(resource(event.ok_or_else(unknown)?).ok())
}
