//! The queue's statements: enqueue, claim under a lease, renew the lease. What became of a job is booked in
//! [`super::settle`].

use std::time::Duration;

use kernel::{Error, Op, Result, id::JobId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, QueryResult};
use serde_json::Value;
use store::{Db, Engine, Tx, sql, tables::jobs};

use super::{
    Job,
    share::{Room, Waiting, share},
    terms::{self, SLOTS},
};

/// A worker that has not renewed its leases by then is taken for dead, and others take its jobs.
const LEASE: Duration = Duration::from_secs(60);
/// Workers that died of a job, before nobody is given it any more.
const MOST_DEATHS: i64 = 10;
/// Often enough that a slow database does not look like a dead worker.
pub const RENEW_EVERY: Duration = Duration::from_secs(15);

/// A job that this worker has, and how many times it was tried before.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: JobId,
    pub queue: String,
    /// Or why it cannot be run: the payload is of another version, or each worker that ran it has died of it.
    pub job: Result<Job, String>,
    pub attempt: i64,
    /// Nobody is to try it again: too many workers have died of it.
    pub(super) worn_out: bool,
    pub(super) worker: String,
}

/// Adds a job to the transaction: it runs once that has been committed, and not at all if it never is.
pub async fn enqueue(tx: &Tx, op: &Op, job: &Job) -> Result<()> {
    insert(tx, op, job, When::default()).await.map(drop)
}

/// [`enqueue`], for whoever wants to know what comes of it.
pub async fn enqueue_known(tx: &Tx, op: &Op, job: &Job) -> Result<JobId> {
    insert(tx, op, job, When::default()).await
}

/// [`enqueue`], to run `delay` from now.
pub async fn enqueue_after(tx: &Tx, op: &Op, job: &Job, delay: Duration) -> Result<()> {
    insert(tx, op, job, When { delay, schedule: None }).await.map(drop)
}

/// When a job is to run, and which schedule it comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct When {
    pub delay: Duration,
    pub schedule: Option<&'static str>,
}

/// Adds a job, and tells its id.
pub(crate) async fn insert(tx: &Tx, op: &Op, job: &Job, when: When) -> Result<JobId> {
    let id = op.id();
    let queue = if op.in_bulk { terms::in_bulk(job.queue()) } else { job.queue().to_owned() };
    jobs::ActiveModel {
        id: Set(id),
        queue: Set(queue),
        payload: Set(serde_json::to_value(job).map_err(Error::internal)?),
        attempt: Set(0),
        created_at: Set(op.now),
        run_at: Set(op.now + when.delay),
        schedule: Set(when.schedule.map(str::to_owned)),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    if when.delay.is_zero() {
        tx.ring();
    }
    Ok(id)
}

/// Takes what is due and has room, those of dead workers included. One statement that reads when nothing is due, so an
/// idle worker disturbs nobody; otherwise one more for each queue that gets a share.
pub async fn claim(db: &Db, op: &Op, worker: &str, room: &Room) -> Result<Vec<Claimed>> {
    if room.free() == 0 {
        return Ok(Vec::new());
    }
    let waiting = waiting(db, op).await?;
    let statement = match db.engine() {
        Engine::Sqlite => CLAIM_SQLITE,
        Engine::Postgres => CLAIM_POSTGRES,
    };
    let mut claimed = Vec::new();
    for (queue, jobs) in share(&waiting, room) {
        let most = i64::try_from(jobs).unwrap_or(i64::MAX);
        let until = op.now + LEASE;
        let values = [op.now.into(), queue.into(), most.into(), worker.to_owned().into(), until.into()];
        match sql::all(&db.single, statement, values).await {
            Ok(rows) => {
                for row in &rows {
                    claimed.push(read(row, worker)?);
                }
            }
            // Those that are taken already are run; the error comes back at the next look.
            Err(_) if !claimed.is_empty() => break,
            Err(error) => return Err(error.into()),
        }
    }
    claimed.sort_by_key(|job| job.id);
    Ok(claimed)
}

async fn waiting(db: &Db, op: &Op) -> Result<Vec<Waiting>> {
    let rows = sql::all(&db.read, WAITING, [op.now.into(), (SLOTS as i64).into()]).await?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in &rows {
        // A queue whose jobs are all running, or are for later.
        let Some(since) = row.try_get("", "since")? else { continue };
        let jobs: i64 = row.try_get("", "jobs")?;
        let jobs = usize::try_from(jobs).unwrap_or(0);
        waiting.push(Waiting { queue: row.try_get("", "queue")?, jobs, since });
    }
    Ok(waiting)
}

fn read(row: &QueryResult, worker: &str) -> Result<Claimed> {
    let attempt: i64 = row.try_get("", "attempt")?;
    let payload: Value = row.try_get("", "payload")?;
    let worn_out = row.try_get::<i64>("", "deaths")? > MOST_DEATHS;
    let job = if worn_out {
        Err("each worker that ran it ended without a word".to_owned())
    } else {
        // Tried again like any failure, because a worker of the version that knows it may be about to start.
        serde_json::from_value(payload).map_err(|error| format!("unreadable payload: {error}"))
    };
    let (id, queue) = (row.try_get("", "id")?, row.try_get("", "queue")?);
    Ok(Claimed { id, queue, job, attempt, worn_out, worker: worker.to_owned() })
}

/// Tells that the worker is alive and still at these jobs. Others that it may have taken, by a statement whose answer
/// was lost, are not among them and so become free.
pub async fn renew(db: &Db, op: &Op, worker: &str, at: &[JobId]) -> Result<()> {
    let statement = match db.engine() {
        Engine::Sqlite => RENEW_SQLITE,
        Engine::Postgres => RENEW_POSTGRES,
    };
    let ids: Value = at.iter().map(|id| id.0.simple().to_string()).collect();
    let values = [ids.to_string().into(), worker.to_owned().into(), (op.now + LEASE).into()];
    sql::execute(&db.single, statement, values).await?;
    Ok(())
}

/// Leaves jobs that were not brought to an end to others, who may take them at once. It does not count as an attempt.
pub async fn give_back(db: &Db, worker: &str, jobs: &[JobId]) -> Result<()> {
    let statement = match db.engine() {
        Engine::Sqlite => GIVE_BACK_SQLITE,
        Engine::Postgres => GIVE_BACK_POSTGRES,
    };
    let ids: Value = jobs.iter().map(|id| id.0.simple().to_string()).collect();
    sql::execute(&db.single, statement, [ids.to_string().into(), worker.to_owned().into()]).await?;
    Ok(())
}

macro_rules! unfinished {
    () => {
        "completed_at IS NULL AND failed_at IS NULL"
    };
}

// Leases are compared with the clocks of the workers, which agree to within seconds. One that lasts for another ten minutes was
// given by a worker whose clock was wrong.
macro_rules! due {
    () => {
        concat!(
            unfinished!(),
            " AND run_at <= $1 \
              AND (leased_until IS NULL OR leased_until <= $1 OR leased_until > $1 + 600000000)"
        )
    };
}

// Goes from queue to queue along the index `jobs_due`, and looks at no more than $2 jobs of each that are due. They are
// counted in order because PostgreSQL would otherwise look for them in the table, past all that were ever run.
const WAITING: &str = concat!(
    "WITH RECURSIVE queues (queue) AS (\
       SELECT queue FROM (SELECT queue FROM jobs WHERE ",
    unfinished!(),
    " ORDER BY queue LIMIT 1) AS first \
       UNION ALL SELECT (SELECT jobs.queue FROM jobs WHERE ",
    unfinished!(),
    " AND jobs.queue > queues.queue ORDER BY jobs.queue LIMIT 1) FROM queues WHERE queues.queue IS NOT NULL) \
     SELECT queue, \
       (SELECT count(*) FROM (SELECT 1 FROM jobs WHERE jobs.queue = queues.queue AND ",
    due!(),
    " ORDER BY run_at, id LIMIT $2) AS few) AS jobs, \
       (SELECT run_at FROM jobs WHERE jobs.queue = queues.queue AND ",
    due!(),
    " ORDER BY run_at, id LIMIT 1) AS since \
     FROM queues WHERE queue IS NOT NULL"
);

macro_rules! claim {
    ($among:literal, $close:literal) => {
        concat!(
            "UPDATE jobs SET leased_by = $4, leased_until = $5, \
               attempt = attempt + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END, \
               deaths = deaths + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END \
             WHERE id ",
            $among,
            "SELECT id FROM jobs WHERE queue = $2 AND ",
            due!(),
            " ORDER BY run_at, id LIMIT $3",
            $close,
            " RETURNING id, queue, payload, attempt, deaths"
        )
    };
}

const CLAIM_SQLITE: &str = claim!("IN (", ")");
// Of an array, because PostgreSQL may ask what stands behind IN anew for each row, and what skips locked rows then gives
// other ones each time: the limit would limit nothing.
const CLAIM_POSTGRES: &str = claim!("= ANY (ARRAY(", " FOR UPDATE SKIP LOCKED))");

macro_rules! of_worker {
    ($set:literal, $ids:literal) => {
        concat!(
            "UPDATE jobs SET ",
            $set,
            " WHERE leased_by = $2 AND ",
            unfinished!(),
            " AND id IN (SELECT ",
            $ids,
            ")"
        )
    };
}

const RENEW_SQLITE: &str = of_worker!("leased_until = $3", "unhex(value) FROM json_each($1)");
const RENEW_POSTGRES: &str =
    of_worker!("leased_until = $3", "value::uuid FROM jsonb_array_elements_text($1::jsonb) AS value");
const GIVE_BACK_SQLITE: &str =
    of_worker!("leased_by = NULL, leased_until = NULL", "unhex(value) FROM json_each($1)");
const GIVE_BACK_POSTGRES: &str = of_worker!(
    "leased_by = NULL, leased_until = NULL",
    "value::uuid FROM jsonb_array_elements_text($1::jsonb) AS value"
);
