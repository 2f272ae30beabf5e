//! `/bulk-operations`: the same for many accounts or sessions, as a job, and what came of it. MAS has no such thing.
//!
//! Which right it takes depends on what is asked for: that of the operation which is carried out on each. So these handlers
//! ask for it themselves ([`Admin::may`]).

mod create;

use domain::{
    audit::Subject,
    bulk,
    directory::{
        self,
        bulk_operations::{self as operations, State},
    },
};
use edge::App;
use http::StatusCode;
use kernel::id::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{ConnectionTrait, Tx};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    auth::insufficient,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{Conflict, Failures, Missing},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

/// The name of the resource in paths. There is no scope of that name.
pub const RESOURCE: &str = "bulk-operations";
/// Those of what can be done in bulk.
pub const RESOURCES: [&str; 5] =
    ["users", "user-sessions", "compat-sessions", "oauth2-sessions", "personal-sessions"];

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create::create)).routes(routes!(get)).routes(routes!(cancel))
}

/// The same for many
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "operation": "lockUser", "state": "running", "targets": { "filter": { "search": "spam", "status": "active" } },
    "skip_erase": false, "include_self": false,
    "total": 120, "changed": 80, "unchanged": 3, "failed": 1, "actor": "user:01KEAW1M00V37E3S3E28JT97KB",
    "created_at": "2026-02-11T00:00:00Z", "finished_at": null, "cancelled_at": null,
    "job_id": "01KH7H4000Q3MXD8S6YRBT5GNE", "reason": null,
})))]
pub struct BulkOperation {
    /// What is done to each
    #[schema(value_type = BulkAction)]
    pub operation: String,
    pub state: BulkState,
    /// Who they are, as it was asked for: `filter`, `all`, or of a list of ids how many those are (`ids`)
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    pub targets: Value,
    /// Of `deactivateUser`: what people have written is kept
    pub skip_erase: bool,
    /// Whoever asked was not left out
    pub include_self: bool,
    /// How many there were when it was asked for, or when it was settled whom it is for
    #[schema(minimum = 0)]
    pub total: i64,
    /// To how many it was done
    #[schema(minimum = 0)]
    pub changed: i64,
    /// Of how many it was so before
    #[schema(minimum = 0)]
    pub unchanged: i64,
    /// Of how many it could not be done
    #[schema(minimum = 0)]
    pub failed: i64,
    /// Of whom it could not be done, and why: the first thousand. Shown of a single operation only
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub failures: Option<Vec<BulkFailure>>,
    /// Who asked for it, as in audit events
    pub actor: String,
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(inline)]
    pub finished_at: Option<Instant>,
    #[schema(inline)]
    pub cancelled_at: Option<Instant>,
    /// The job that goes on with it, or did so last
    #[schema(value_type = Option<Ulid>)]
    pub job_id: Option<JobId>,
    /// What went wrong with that job the last time, or why nothing was done
    pub reason: Option<String>,
}

impl Attributes for BulkOperation {
    const TYPE: &'static str = "bulk-operation";
    const PATH: &'static str = "/bulk-operations";
    const OCCASIONAL: Option<&'static str> = Some("failures");
    const EXAMPLE: &'static str = "01KH4YQ400TK8N2ZJ9VWC5E6RA";
}

pub type BulkOperationResponse = SingleResponse<BulkOperation>;
pub type BulkOperationsResponse = PaginatedResponse<BulkOperation>;

/// `cancelled`: by somebody, also by deleting its job, or because there were not as many as expected; `failed`: its job was given up, or
/// ended too early; trying the job again goes on with it, as long as jobs are kept
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BulkState {
    Pending,
    Running,
    Completed,
    Cancelled,
    Failed,
}

/// Of whom or what it could not be done
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkFailure {
    #[schema(value_type = Ulid)]
    id: BulkTargetId,
    /// What programs may compare
    #[schema(examples("not_found"))]
    code: String,
    /// A sentence for people; it may change
    title: String,
}

/// What can be done in bulk: by the id of the operation that is carried out on each
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum BulkAction {
    LockUser,
    UnlockUser,
    DeactivateUser,
    KillUserSessions,
    FinishUserSession,
    FinishCompatSession,
    FinishOAuth2Session,
    RevokePersonalSession,
}

impl BulkAction {
    pub const fn name(self) -> &'static str {
        match self {
            Self::LockUser => "lockUser",
            Self::UnlockUser => "unlockUser",
            Self::DeactivateUser => "deactivateUser",
            Self::KillUserSessions => "killUserSessions",
            Self::FinishUserSession => "finishUserSession",
            Self::FinishCompatSession => "finishCompatSession",
            Self::FinishOAuth2Session => "finishOAuth2Session",
            Self::RevokePersonalSession => "revokePersonalSession",
        }
    }

    /// The resource that it changes, as paths and scopes name it.
    pub const fn resource(self) -> &'static str {
        match self {
            Self::LockUser | Self::UnlockUser | Self::DeactivateUser | Self::KillUserSessions => "users",
            Self::FinishUserSession => "user-sessions",
            Self::FinishCompatSession => "compat-sessions",
            Self::FinishOAuth2Session => "oauth2-sessions",
            Self::RevokePersonalSession => "personal-sessions",
        }
    }
}

/// Without its failures.
fn resource(row: operations::BulkOperation) -> Resource<BulkOperation> {
    let reason = row.reason();
    let attributes = BulkOperation {
        state: match row.state() {
            State::Pending => BulkState::Pending,
            State::Running => BulkState::Running,
            State::Completed => BulkState::Completed,
            State::Cancelled => BulkState::Cancelled,
            State::Failed => BulkState::Failed,
        },
        operation: row.operation,
        targets: row.asked,
        skip_erase: row.skip_erase,
        include_self: row.include_self,
        total: row.total,
        changed: row.changed,
        unchanged: row.unchanged,
        failed: row.failed,
        failures: None,
        actor: row.actor,
        created_at: row.created_at.into(),
        finished_at: row.finished_at.map(Into::into),
        cancelled_at: row.cancelled_at.map(Into::into),
        job_id: row.job_id,
        reason,
    };
    Resource::new(row.id, attributes)
}

/// Which bulk operations are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct BulkOperationFilter {
    /// That do this
    #[serde(rename = "filter[operation]")]
    #[param(nullable = false)]
    operation: Option<BulkAction>,
    #[serde(rename = "filter[status]")]
    #[param(nullable = false)]
    status: Option<BulkStatus>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(BulkOperationFilter);

/// `finished`: completed or cancelled
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BulkStatus {
    Active,
    Finished,
}

/// List bulk operations
///
/// Those of which the token may look at what they are about. They are removed as long after they were asked for as jobs are.
#[utoipa::path(get, path = "/api/admin/v1/bulk-operations", operation_id = "listBulkOperations",
    tag = "bulk-operation", params(PaginationParams, BulkOperationFilter),
    responses((status = 200, description = "A page of bulk operations", body = BulkOperationsResponse), Failures))]
async fn list(
    app: App,
    admin: Admin,
    listed: Listed<BulkOperationFilter>,
) -> Result<BulkOperationsResponse, Problem> {
    let may = |resource: &&str| admin.may(resource, false).is_ok();
    let resources: Vec<_> = RESOURCES.into_iter().filter(may).collect();
    if resources.is_empty() {
        return Err(insufficient(format!("{}:read", kernel::scope::MAS_ADMIN)));
    }
    let filter = operations::Filter {
        operation: listed.filter.operation.map(|operation| operation.name().to_owned()),
        finished: listed.filter.status.map(|status| matches!(status, BulkStatus::Finished)),
        resources,
    };
    listed.answer(&app, &operations::list(filter), &[], |row| Ok(resource(row))).await
}

/// Get a bulk operation
///
/// How far it has come, and of whom it could not be done.
#[utoipa::path(get, path = "/api/admin/v1/bulk-operations/{id}", operation_id = "getBulkOperation",
    tag = "bulk-operation", params(("id" = Ulid, Path, description = "The id of the bulk operation")),
    responses((status = 200, description = "The bulk operation", body = BulkOperationResponse), Failures, Missing))]
async fn get(
    app: App,
    admin: Admin,
    Path(id): Path<BulkOperationId>,
) -> Result<Single<BulkOperation>, Problem> {
    let db = &app.db.read;
    let row = find(db, id).await?;
    admin.may(&row.resource, false)?;
    let failures = if row.failed > 0 { operations::failures(db, id).await? } else { Vec::new() };
    let told = |failure: operations::Failure| BulkFailure {
        id: failure.target_id,
        code: failure.code,
        title: failure.reason,
    };
    let failures = failures.into_iter().map(told).collect();
    Ok(resource(row).with(|attributes| attributes.failures = Some(failures)).ok())
}

/// Cancel a bulk operation
///
/// It stops where it is. What was done stays.
#[utoipa::path(post, path = "/api/admin/v1/bulk-operations/{id}/cancel", operation_id = "cancelBulkOperation",
    tag = "bulk-operation", params(("id" = Ulid, Path, description = "The id of the bulk operation")),
    responses((status = 200, description = "The bulk operation", body = BulkOperationResponse),
        Failures, Missing, Conflict))]
async fn cancel(
    app: App,
    admin: Admin,
    Path(id): Path<BulkOperationId>,
) -> Result<Single<BulkOperation>, Problem> {
    let op = &admin.op;
    let cancelled = app.db.write(async |tx| {
        let before = hold(tx, id).await?;
        admin.may(&before.resource, true)?;
        if !bulk::cancel(tx, op, id).await? && before.cancelled_at.is_none() {
            let title = format!("The bulk operation {id} has come to its end");
            return Err(Problem::new(StatusCode::CONFLICT, "bulk_operation_completed", title));
        }
        note_cancelled(tx, &admin, before).await
    });
    Ok(cancelled.await?.after("cancel"))
}

async fn note_cancelled(
    tx: &Tx,
    admin: &Admin,
    before: operations::BulkOperation,
) -> Result<Resource<BulkOperation>, Problem> {
    let (after, before) = (resource(find(tx, before.id).await?), resource(before));
    let change = Change::by("cancelBulkOperation", Subject::default()).before(&before).after(&after);
    admin.record(tx, change).await?;
    Ok(after)
}

/// Writes down that these were cancelled with their jobs, which somebody has deleted.
pub async fn cancelled(
    tx: &Tx,
    admin: &Admin,
    before: Vec<operations::BulkOperation>,
) -> Result<(), Problem> {
    // What the caller expects (`if-match`) is said of the job.
    let admin = &Admin { if_match: None, ..admin.clone() };
    for operation in before {
        note_cancelled(tx, admin, operation).await?;
    }
    Ok(())
}

async fn find(db: &impl ConnectionTrait, id: BulkOperationId) -> Result<operations::BulkOperation, Problem> {
    directory::get(db, operations::all(), id).await?.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: BulkOperationId) -> Result<operations::BulkOperation, Problem> {
    directory::hold(tx, operations::all(), id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: BulkOperationId) -> Problem {
    Problem::not_found(format!("There is no bulk operation with the id {id}"))
}
