//! What was asked for of many at once, and how far it has come ([`crate::bulk`]).

use kernel::{Result, Timestamp, id::*};
use sea_orm::FromQueryResult;
use serde_json::Value;
use store::{Listing, Run, Tx, Window, listing::End, sql};

#[derive(Clone, Debug, FromQueryResult)]
pub struct BulkOperation {
    pub id: BulkOperationId,
    pub operation: String,
    pub resource: String,
    pub asked: Value,
    /// Of deactivations: what is kept of people stays.
    pub skip_erase: bool,
    /// Whoever asked was not left out.
    pub include_self: bool,
    pub actor: String,
    /// How many there were when it was asked for.
    pub total: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub failed: i64,
    /// Something was done, or looked at.
    pub is_begun: bool,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    /// The job that goes on with it.
    pub job_id: Option<JobId>,
    /// That job is dead, or gone, or was done without the operation coming to its end.
    pub is_stuck: bool,
    /// What went wrong with it the last time.
    reason: Option<String>,
    /// How many it had to be, once it was settled how many there are.
    expected: Option<i64>,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Running,
    Completed,
    Cancelled,
    /// Nobody goes on with it, unless somebody has its job tried again.
    Failed,
}

impl BulkOperation {
    /// Why it does not go on, or what went wrong with its job the last time.
    pub fn reason(&self) -> Option<String> {
        let total = self.total;
        match self.expected.filter(|expected| *expected != total) {
            Some(expected) => Some(format!("there are {total}, and not {expected}: nothing was done")),
            None => self.reason.clone(),
        }
    }

    pub const fn state(&self) -> State {
        if self.finished_at.is_some() {
            State::Completed
        } else if self.cancelled_at.is_some() {
            State::Cancelled
        } else if self.is_stuck {
            State::Failed
        } else if self.is_begun {
            State::Running
        } else {
            State::Pending
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub operation: Option<String>,
    /// Whether it has come to its end, or was cancelled.
    pub finished: Option<bool>,
    /// Only what belongs to one of these.
    pub resources: Vec<&'static str>,
}

/// What is read of it: not the plan, which may name ten thousand.
const COLUMNS: &str = "b.id, b.operation, b.resource, b.asked, b.skip_erase, b.include_self, b.actor, b.total, b.changed, b.unchanged, b.failed, \
  COALESCE(b.reached, b.underway) IS NOT NULL AS is_begun, b.created_at, b.finished_at, b.cancelled_at, b.job_id, j.reason, \
  CASE WHEN b.bound_at IS NOT NULL THEN CAST(b.plan ->> 'expected' AS bigint) END AS expected, \
  (j.id IS NULL OR j.failed_at IS NOT NULL OR j.completed_at IS NOT NULL) AS is_stuck";

pub fn all() -> Listing {
    Listing::of(COLUMNS, "bulk_operations b LEFT JOIN jobs j ON j.id = b.job_id", "b.id")
}

const OPEN: &str = "b.finished_at IS NULL AND b.cancelled_at IS NULL";

pub fn list(filter: Filter) -> Listing {
    let mut list = all();
    list.any_of("b.resource IN ({})", filter.resources.into_iter().map(Into::into).collect());
    if let Some(operation) = filter.operation {
        list.only("b.operation = ?", [operation.into()]);
    }
    match filter.finished {
        Some(true) => list.only("b.finished_at IS NOT NULL OR b.cancelled_at IS NOT NULL", []),
        Some(false) => list.only(OPEN, []),
        None => {}
    }
    list
}

/// Of whom or what it could not be done, and why.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Failure {
    pub target_id: BulkTargetId,
    pub code: String,
    pub reason: String,
}

/// The first of them ([`crate::bulk::MOST_FAILURES`]), in the order of their ids.
pub async fn failures(db: &impl Run, id: BulkOperationId) -> Result<Vec<Failure>> {
    const FIND: &str =
        "SELECT target_id, code, reason FROM bulk_failures WHERE operation_id = $1 ORDER BY target_id";
    let rows = sql::all(db, FIND, [id.into()]).await?;
    Ok(rows.iter().map(|row| Failure::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// The bulk operations that this job, or any that has failed, of one queue or of all, would go on with.
pub async fn of(tx: &Tx, jobs: Jobs<'_>) -> Result<Vec<BulkOperation>> {
    const OF_JOB: &str = "b.job_id = ?";
    const OF_FAILED: &str = "j.failed_at IS NOT NULL AND j.queue = COALESCE(CAST(? AS text), j.queue)";
    let mut list = all();
    list.only(OPEN, []);
    match jobs {
        Jobs::One(job) => list.only(OF_JOB, [job.into()]),
        Jobs::Failed(queue) => list.only(OF_FAILED, [queue.map(str::to_owned).into()]),
    }
    let window = Window { after: None, before: None, from: End::First, size: MOST };
    let page = list.page(tx, window).await?;
    page.rows.iter().map(|row| Ok(BulkOperation::from_query_result(row, "")?)).collect()
}

/// Far more than are ever open.
const MOST: u32 = 10_000;

/// Jobs that somebody wants to be tried again, or deleted.
#[derive(Clone, Copy, Debug)]
pub enum Jobs<'a> {
    One(JobId),
    /// All that have failed, or those of one queue.
    Failed(Option<&'a str>),
}
