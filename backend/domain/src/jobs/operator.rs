//! The queue as operators see it: what waits, what runs, what has died, and how to try the dead again.
//!
//! Payloads can hold personal data (a display name, a device): show them only to somebody who asks for them.

use kernel::{
    Op, Result, Timestamp,
    id::{JobId, UserId},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, LockType},
};
use store::{
    ConnectionTrait, Tx, sql,
    tables::jobs::{Column, Entity, Model},
};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// For later: it was asked for so, or its last attempt failed and the next one has its time.
    Scheduled,
    /// Due. Also what a worker had that has died.
    Available,
    Running,
    Completed,
    /// Dead: nobody tries it again, unless an operator says so.
    Failed,
}

impl State {
    pub const ALL: [Self; 5] =
        [Self::Scheduled, Self::Available, Self::Running, Self::Completed, Self::Failed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Available => "available",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    pub fn of(job: &Model, now: Timestamp) -> Self {
        if job.completed_at.is_some() {
            Self::Completed
        } else if job.failed_at.is_some() {
            Self::Failed
        } else if job.leased_until.is_some_and(|until| until > now) {
            Self::Running
        } else if job.run_at > now {
            Self::Scheduled
        } else {
            Self::Available
        }
    }

    fn condition(self, now: Timestamp) -> Condition {
        let open = Condition::all().add(Column::CompletedAt.is_null()).add(Column::FailedAt.is_null());
        let free = Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lte(now));
        match self {
            Self::Completed => Condition::all().add(Column::CompletedAt.is_not_null()),
            Self::Failed => Condition::all().add(Column::FailedAt.is_not_null()),
            Self::Running => open.add(Column::LeasedUntil.gt(now)),
            Self::Scheduled => open.add(free).add(Column::RunAt.gt(now)),
            Self::Available => open.add(free).add(Column::RunAt.lte(now)),
        }
    }
}

/// Which jobs; those of any state, of any queue and about anybody if nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub states: Vec<State>,
    pub queue: Option<String>,
    /// About this person.
    pub user: Option<UserId>,
}

impl Filter {
    fn select(&self, now: Timestamp) -> Select<Entity> {
        let mut select = Entity::find();
        if !self.states.is_empty() {
            let states = self.states.iter().map(|state| state.condition(now));
            select = select.filter(states.fold(Condition::any(), Condition::add));
        }
        if let Some(queue) = &self.queue {
            select = select.filter(Column::Queue.eq(queue));
        }
        if let Some(user) = self.user {
            // There is an index of just this.
            select = select.filter(Expr::cust("payload ->> 'user'").eq(user.to_string()));
        }
        select
    }
}

/// A part of a list, which is ordered by id and so by when jobs were asked for. The bounds are exclusive.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub after: Option<JobId>,
    pub before: Option<JobId>,
    pub size: u64,
    /// Begin at the end: the newest, newest first.
    pub newest_first: bool,
}

/// Jobs, and whether there are more beyond the last of them.
#[derive(Clone, Debug)]
pub struct Jobs {
    pub jobs: Vec<Model>,
    pub more: bool,
}

pub async fn list(db: &impl ConnectionTrait, op: &Op, filter: &Filter, page: Page) -> Result<Jobs> {
    let mut select = filter.select(op.now);
    if let Some(after) = page.after {
        select = select.filter(Column::Id.gt(after));
    }
    if let Some(before) = page.before {
        select = select.filter(Column::Id.lt(before));
    }
    let ordered =
        if page.newest_first { select.order_by_desc(Column::Id) } else { select.order_by_asc(Column::Id) };
    let mut jobs = ordered.limit(page.size + 1).all(db).await?;
    let more = jobs.len() as u64 > page.size;
    jobs.truncate(usize::try_from(page.size).unwrap_or(usize::MAX));
    Ok(Jobs { jobs, more })
}

pub async fn count(db: &impl ConnectionTrait, op: &Op, filter: &Filter) -> Result<u64> {
    Ok(filter.select(op.now).count(db).await?)
}

pub async fn find(db: &impl ConnectionTrait, id: JobId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Likewise, and nobody else changes it until the transaction ends.
pub async fn hold(tx: &Tx, id: JobId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// What came of a wish about a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Yes,
    NoSuchJob,
    /// A worker has it: it ends by itself, or its lease does, within a minute.
    Running,
    /// It was run long since.
    Completed,
}

/// Has a dead job tried again from the beginning, and one that waits for its next attempt at once.
pub async fn retry(tx: &Tx, op: &Op, id: JobId) -> Result<Done> {
    let values = [id.into(), op.now.into()];
    if sql::execute(tx, RETRY, values).await? > 0 {
        tx.ring();
        return Ok(Done::Yes);
    }
    why_not(tx, op, id).await
}

/// Has all dead jobs tried again, or those of one queue; the answer is how many.
pub async fn retry_failed(tx: &Tx, op: &Op, queue: Option<&str>) -> Result<u64> {
    tx.ring();
    Ok(sql::execute(tx, RETRY_FAILED, [op.now.into(), queue.map(str::to_owned).into()]).await?)
}

/// Forgets a job. If it was not completed, what it was to do is not done: the bulk operation that it was to go on with is cancelled.
pub async fn delete(tx: &Tx, op: &Op, id: JobId) -> Result<Done> {
    if sql::execute(tx, DELETE, [id.into(), op.now.into()]).await? > 0 {
        sql::execute(tx, CANCEL_BULK, [id.into(), op.now.into()]).await?;
        return Ok(Done::Yes);
    }
    why_not(tx, op, id).await
}

/// Forgets all dead jobs, or those of one queue, likewise; the answer is how many.
pub async fn delete_failed(tx: &Tx, op: &Op, queue: Option<&str>) -> Result<u64> {
    let queue = || queue.map(str::to_owned).into();
    sql::execute(tx, CANCEL_BULK_OF_FAILED, [queue(), op.now.into()]).await?;
    Ok(sql::execute(tx, DELETE_FAILED, [queue()]).await?)
}

async fn why_not(tx: &Tx, op: &Op, id: JobId) -> Result<Done> {
    Ok(match find(tx, id).await? {
        None => Done::NoSuchJob,
        Some(job) if State::of(&job, op.now) == State::Completed => Done::Completed,
        Some(_) => Done::Running,
    })
}

// One that was done although its bulk operation has not come to its end goes on with that.
const RETRY: &str = "UPDATE jobs SET run_at = CASE WHEN run_at < $2 AND failed_at IS NULL THEN run_at ELSE $2 END, \
  attempt = CASE WHEN failed_at IS NULL AND completed_at IS NULL THEN attempt ELSE 0 END, \
  deaths = CASE WHEN failed_at IS NULL AND completed_at IS NULL THEN deaths ELSE 0 END, \
  failed_at = NULL, completed_at = NULL \
  WHERE id = $1 AND (completed_at IS NULL OR EXISTS (SELECT 1 FROM bulk_operations b \
      WHERE b.job_id = jobs.id AND b.finished_at IS NULL AND b.cancelled_at IS NULL)) \
    AND (leased_until IS NULL OR leased_until <= $2)";

const RETRY_FAILED: &str = "UPDATE jobs SET run_at = $1, attempt = 0, deaths = 0, failed_at = NULL \
  WHERE failed_at IS NOT NULL AND queue = COALESCE(CAST($2 AS text), queue)";

const DELETE: &str = "DELETE FROM jobs WHERE id = $1 \
  AND (completed_at IS NOT NULL OR leased_until IS NULL OR leased_until <= $2)";

const DELETE_FAILED: &str =
    "DELETE FROM jobs WHERE failed_at IS NOT NULL AND queue = COALESCE(CAST($1 AS text), queue)";

macro_rules! cancel_bulk {
    ($which:literal) => {
        concat!(
            "UPDATE bulk_operations SET cancelled_at = $2 WHERE finished_at IS NULL AND cancelled_at IS NULL AND ",
            $which
        )
    };
}

const CANCEL_BULK: &str = cancel_bulk!("job_id = $1");

const CANCEL_BULK_OF_FAILED: &str = cancel_bulk!(
    "job_id IN (SELECT id FROM jobs WHERE failed_at IS NOT NULL AND queue = COALESCE(CAST($1 AS text), queue))"
);
