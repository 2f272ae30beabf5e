//! `/jobs`: what is done in the background, and trying again what has died. MAS has no such thing.

use axum::Json;
use domain::{
    audit::Subject,
    directory::bulk_operations::{self as operations, BulkOperation, Jobs},
    jobs::operator::{self, Done, State},
};
use edge::App;
use http::StatusCode;
use kernel::{
    Timestamp,
    id::{JobId, UserId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{ConnectionTrait, Page, Tx, Window, listing::End, tables::jobs::Model};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    body::OptionalBody,
    bulk_operations,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{BadBody, Conflict, Failures, Missing},
    sorted::{ByCreation, Sorted, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get, delete))
        .routes(routes!(retry))
        .routes(routes!(retry_failed))
        .routes(routes!(delete_failed))
}

/// Work that is done in the background
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "queue": "provision-user", "state": "completed", "tries": 1, "schedule": null,
    "created_at": "2026-02-12T00:00:00Z", "run_at": "2026-02-12T00:00:00Z", "leased_by": null, "leased_until": null,
    "completed_at": "2026-02-12T00:00:00.421Z", "failed_at": null, "reason": null,
})))]
pub struct Job {
    /// What kind of work it is
    #[schema(examples("provision-user"))]
    pub queue: String,
    pub state: JobState,
    /// How many times it was begun
    pub tries: i64,
    /// The recurring schedule that it belongs to
    pub schedule: Option<String>,
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(inline)]
    pub run_at: Instant,
    /// The worker that has it
    pub leased_by: Option<String>,
    /// Until when the worker has it, if it does not say that it still does
    #[schema(inline)]
    pub leased_until: Option<Instant>,
    #[schema(inline)]
    pub completed_at: Option<Instant>,
    #[schema(inline)]
    pub failed_at: Option<Instant>,
    /// What went wrong the last time
    pub reason: Option<String>,
    /// What it is to do. It may name people and devices, so it is shown of a single job only
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub payload: Option<Value>,
}

impl Attributes for Job {
    const TYPE: &'static str = "job";
    const PATH: &'static str = "/jobs";
    const OCCASIONAL: Option<&'static str> = Some("payload");
    const EXAMPLE: &'static str = "01KH7H4000Q3MXD8S6YRBT5GNE";
}

pub type JobResponse = SingleResponse<Job>;
pub type JobsResponse = PaginatedResponse<Job>;

/// `scheduled`: for later, maybe because an attempt has failed; `available`: due; `running`: a worker has it;
/// `completed`: it was done; `failed`: nobody tries it again, unless told to
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Scheduled,
    Available,
    Running,
    Completed,
    Failed,
}

impl From<State> for JobState {
    fn from(state: State) -> Self {
        match state {
            State::Scheduled => Self::Scheduled,
            State::Available => Self::Available,
            State::Running => Self::Running,
            State::Completed => Self::Completed,
            State::Failed => Self::Failed,
        }
    }
}

impl From<JobState> for State {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Scheduled => Self::Scheduled,
            JobState::Available => Self::Available,
            JobState::Running => Self::Running,
            JobState::Completed => Self::Completed,
            JobState::Failed => Self::Failed,
        }
    }
}

/// Without its payload.
fn resource(job: Model, now: Timestamp) -> Resource<Job> {
    let state = State::of(&job, now);
    let is_begun = matches!(state, State::Running | State::Completed | State::Failed);
    let attributes = Job {
        queue: job.queue,
        state: state.into(),
        tries: job.attempt + i64::from(is_begun),
        schedule: job.schedule,
        created_at: job.created_at.into(),
        run_at: job.run_at.into(),
        leased_by: job.leased_by,
        leased_until: job.leased_until.map(Into::into),
        completed_at: job.completed_at.map(Into::into),
        failed_at: job.failed_at.map(Into::into),
        reason: job.reason,
        payload: None,
    };
    Resource::new(job.id, attributes)
}

/// Which jobs are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct JobFilter {
    /// In any of these states; may be repeated
    #[serde(default, rename = "filter[state]")]
    #[param(required = false)]
    state: Vec<JobState>,
    /// Of this kind
    #[serde(rename = "filter[queue]")]
    #[param(nullable = false)]
    queue: Option<String>,
    /// About this user, who need not exist any more
    #[serde(rename = "filter[user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user: Option<UserId>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(JobFilter);

impl From<JobFilter> for operator::Filter {
    fn from(filter: JobFilter) -> Self {
        let states = filter.state.into_iter().map(Into::into).collect();
        Self { states, queue: filter.queue, user: filter.user }
    }
}

/// List jobs
///
/// In the order in which they were asked for, unless `sort` says otherwise. Completed ones are removed after a while.
#[utoipa::path(get, path = "/api/admin/v1/jobs", operation_id = "listJobs", tag = "job",
    params(PaginationParams, JobFilter),
    responses((status = 200, description = "A page of jobs", body = JobsResponse), Failures))]
async fn list(app: App, admin: Admin, listed: Listed<JobFilter>) -> Result<JobsResponse, Problem> {
    let (db, op) = (&app.db.read, &admin.op);
    let descending = listed.filter.sorted().descending;
    let filter = listed.filter.clone().into();
    let count = if listed.counts() { Some(operator::count(db, op, &filter).await?) } else { None };
    let page = match listed.window() {
        Some(window) => {
            let found = operator::list(db, op, &filter, part(window, descending)).await?;
            Some(page(found, window, op.now))
        }
        None => None,
    };
    Ok(listed.document(count, page))
}

/// What comes later in a descending list is older.
fn part(window: Window, descending: bool) -> operator::Page {
    let Window { after, before, from, size } = window;
    let [after, before] = if descending { [before, after] } else { [after, before] };
    let [after, before] = [after, before].map(|id| id.map(JobId));
    operator::Page { after, before, size: size.into(), newest_first: descending != (from == End::Last) }
}

/// In the order of the list from either end.
fn page(found: operator::Jobs, window: Window, now: Timestamp) -> Page<Resource<Job>> {
    let mut rows: Vec<_> = found.jobs.into_iter().map(|job| resource(job, now)).collect();
    if window.from == End::Last {
        rows.reverse();
    }
    Page { rows, has_more: found.more }
}

/// Get a job
///
/// With what it is to do.
#[utoipa::path(get, path = "/api/admin/v1/jobs/{id}", operation_id = "getJob", tag = "job",
    params(("id" = Ulid, Path, description = "The id of the job")),
    responses((status = 200, description = "The job", body = JobResponse), Failures, Missing))]
async fn get(app: App, admin: Admin, Path(id): Path<JobId>) -> Result<Single<Job>, Problem> {
    let mut job = find(&app.db.read, id).await?;
    let payload = job.payload.take();
    Ok(resource(job, admin.op.now).with(|attributes| attributes.payload = Some(payload)).ok())
}

/// Try a job again
///
/// One that has failed from the beginning, one that waits for its next attempt at once. That of a bulk operation also takes the right
/// to what the operation does.
#[utoipa::path(post, path = "/api/admin/v1/jobs/{id}/retry", operation_id = "retryJob", tag = "job",
    params(("id" = Ulid, Path, description = "The id of the job")),
    responses((status = 200, description = "The job", body = JobResponse), Failures, Missing, Conflict))]
async fn retry(app: App, admin: Admin, Path(id): Path<JobId>) -> Result<Single<Job>, Problem> {
    let op = &admin.op;
    let retried = app.db.write(async |tx| {
        let before = resource(hold(tx, id).await?, op.now);
        may_go_on(tx, &admin, Jobs::One(id)).await?;
        settle(operator::retry(tx, op, id).await?, id)?;
        let after = resource(find(tx, id).await?, op.now);
        admin.record(tx, about("retryJob").before(&before).after(&after)).await?;
        Ok::<_, Problem>(after)
    });
    Ok(retried.await?.after("retry"))
}

/// Delete a job
///
/// If it was not completed, what it was to do is not done. A bulk operation that it was to go on with is cancelled, which also takes
/// the right to what the operation does.
#[utoipa::path(delete, path = "/api/admin/v1/jobs/{id}", operation_id = "deleteJob", tag = "job",
    params(("id" = Ulid, Path, description = "The id of the job")),
    responses((status = 204, description = "It is deleted"), Failures, Missing, Conflict))]
async fn delete(app: App, admin: Admin, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    let op = &admin.op;
    let deleted = app.db.write(async |tx| {
        let before = resource(hold(tx, id).await?, op.now);
        let open = may_go_on(tx, &admin, Jobs::One(id)).await?;
        settle(operator::delete(tx, op, id).await?, id)?;
        bulk_operations::cancelled(tx, &admin, open).await?;
        admin.record(tx, about("deleteJob").before(&before)).await
    });
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which of the jobs that have failed
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(examples(json!({ "queue": "provision-user" })))]
pub struct FailedJobsRequest {
    /// Only of this kind; all of them if absent
    queue: Option<String>,
}

/// How many jobs it was
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({ "jobs": 7 })))]
pub struct JobCount {
    jobs: u64,
}

/// Try all failed jobs again
///
/// From the beginning. The body may be left out, with its content type. If there is one of a bulk operation among them, this also takes
/// the right to what the operation does.
#[utoipa::path(post, path = "/api/admin/v1/jobs/retry-failed", operation_id = "retryFailedJobs", tag = "job",
    request_body(content = Option<FailedJobsRequest>, description = "Which of them"),
    responses((status = 200, description = "How many are tried again", body = JobCount), Failures, BadBody))]
async fn retry_failed(
    app: App,
    admin: Admin,
    OptionalBody(body): OptionalBody<FailedJobsRequest>,
) -> Result<Json<JobCount>, Problem> {
    let retried = app.db.write(async |tx| {
        may_go_on(tx, &admin, Jobs::Failed(body.queue.as_deref())).await?;
        let jobs = operator::retry_failed(tx, &admin.op, body.queue.as_deref()).await?;
        let told = json!({ "queue": body.queue, "jobs": jobs });
        admin.record(tx, about("retryFailedJobs").with(told)).await?;
        Ok::<_, Problem>(jobs)
    });
    Ok(Json(JobCount { jobs: retried.await? }))
}

/// Delete all failed jobs
///
/// What they were to do is not done. Bulk operations that they were to go on with are cancelled, which also takes the right to what the
/// operation does. The body may be left out, with its content type.
#[utoipa::path(post, path = "/api/admin/v1/jobs/delete-failed", operation_id = "deleteFailedJobs", tag = "job",
    request_body(content = Option<FailedJobsRequest>, description = "Which of them"),
    responses((status = 200, description = "How many are deleted", body = JobCount), Failures, BadBody))]
async fn delete_failed(
    app: App,
    admin: Admin,
    OptionalBody(body): OptionalBody<FailedJobsRequest>,
) -> Result<Json<JobCount>, Problem> {
    let deleted = app.db.write(async |tx| {
        let open = may_go_on(tx, &admin, Jobs::Failed(body.queue.as_deref())).await?;
        let jobs = operator::delete_failed(tx, &admin.op, body.queue.as_deref()).await?;
        bulk_operations::cancelled(tx, &admin, open).await?;
        let told = json!({ "queue": body.queue, "jobs": jobs });
        admin.record(tx, about("deleteFailedJobs").with(told)).await?;
        Ok::<_, Problem>(jobs)
    });
    Ok(Json(JobCount { jobs: deleted.await? }))
}

/// The bulk operations that these jobs would go on with. Refuses who may not ask for them.
async fn may_go_on(tx: &Tx, admin: &Admin, jobs: Jobs<'_>) -> Result<Vec<BulkOperation>, Problem> {
    let open = operations::of(tx, jobs).await?;
    open.iter().try_for_each(|operation| admin.may(&operation.resource, true))?;
    Ok(open)
}

fn about(operation: &'static str) -> Change {
    Change::by(operation, Subject::default())
}

fn settle(done: Done, id: JobId) -> Result<(), Problem> {
    match done {
        Done::Yes => Ok(()),
        Done::NoSuchJob => Err(unknown(id)),
        Done::Running => Err(Problem::conflict("job_running", format!("A worker is busy with the job {id}"))),
        Done::Completed => {
            Err(Problem::conflict("job_completed", format!("The job {id} was done long since")))
        }
    }
}

async fn find(db: &impl ConnectionTrait, id: JobId) -> Result<Model, Problem> {
    operator::find(db, id).await?.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: JobId) -> Result<Model, Problem> {
    operator::hold(tx, id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: JobId) -> Problem {
    Problem::not_found(format!("There is no job with the id {id}"))
}
