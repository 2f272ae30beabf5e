//! The queue's statements: enqueue, claim under a lease, settle.

use std::time::Duration;

use kernel::{Error, Op, Result, id::JobId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, QueryResult};
use store::{Db, Engine, Tx, sql, tables::jobs};

use super::{Job, Outcome};

/// A worker that has not renewed its leases by then is taken for dead, and others take its jobs.
const LEASE: Duration = Duration::from_secs(60);
/// Often enough that a slow database does not look like a dead worker.
pub const RENEW_EVERY: Duration = Duration::from_secs(15);
/// 11 runs in all, as operators know it: the last delay is 43 minutes, the sum about 85.
const MOST_ATTEMPTS: i64 = 10;
const FIRST_DELAY: Duration = Duration::from_secs(5);

/// A job that this worker has, and how many times it was tried before.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: JobId,
    pub job: Job,
    pub attempt: i64,
    worker: String,
}

/// Adds a job to the transaction: it runs once that has been committed, and not at all if it never is.
pub async fn enqueue(tx: &Tx, op: &Op, job: &Job) -> Result<()> {
    insert(tx, op, job, When::default()).await
}

/// [`enqueue`], to run `delay` from now.
pub async fn enqueue_after(tx: &Tx, op: &Op, job: &Job, delay: Duration) -> Result<()> {
    insert(tx, op, job, When { delay, schedule: None }).await
}

/// When a job is to run, and which schedule it comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct When {
    pub delay: Duration,
    pub schedule: Option<&'static str>,
}

pub(super) async fn insert(tx: &Tx, op: &Op, job: &Job, when: When) -> Result<()> {
    jobs::ActiveModel {
        id: Set(op.id()),
        queue: Set(job.queue().to_owned()),
        payload: Set(serde_json::to_value(job).map_err(Error::internal)?),
        attempt: Set(0),
        created_at: Set(op.now),
        run_at: Set(op.now + when.delay),
        schedule: Set(when.schedule.map(str::to_owned)),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// Takes up to `most` jobs that are due, oldest first, those of dead workers included. Asks before it writes, so that
/// an idle worker disturbs nobody.
pub async fn claim(db: &Db, op: &Op, worker: &str, most: u32) -> Result<Vec<Claimed>> {
    if sql::one(&db.read, ANY_DUE, [op.now.into()]).await?.is_none() {
        return Ok(Vec::new());
    }
    let statement = match db.engine() {
        Engine::Sqlite => CLAIM_SQLITE,
        Engine::Postgres => CLAIM_POSTGRES,
    };
    let values = [op.now.into(), i64::from(most).into(), worker.to_owned().into(), (op.now + LEASE).into()];
    let rows = sql::all(&db.single, statement, values).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in &rows {
        match read(row, worker) {
            Ok(job) => claimed.push(job),
            Err(error) => {
                let id: JobId = row.try_get("", "id")?;
                give_up(db, op, id, worker, &format!("unreadable payload: {error}")).await?;
            }
        }
    }
    claimed.sort_by_key(|job| job.id);
    Ok(claimed)
}

fn read(row: &QueryResult, worker: &str) -> Result<Claimed> {
    let payload: serde_json::Value = row.try_get("", "payload")?;
    Ok(Claimed {
        id: row.try_get("", "id")?,
        job: serde_json::from_value(payload).map_err(Error::internal)?,
        attempt: row.try_get("", "attempt")?,
        worker: worker.to_owned(),
    })
}

/// Tells that the worker is alive and still at the jobs that it has.
pub async fn renew(db: &Db, op: &Op, worker: &str) -> Result<()> {
    const RENEW: &str = "UPDATE jobs SET leased_until = $2 \
                         WHERE leased_by = $1 AND completed_at IS NULL AND failed_at IS NULL";
    sql::execute(&db.single, RENEW, [worker.to_owned().into(), (op.now + LEASE).into()]).await?;
    Ok(())
}

/// What became of a claimed job, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    Completed,
    RetryIn(Duration),
    Failed,
    Abandoned,
}

/// Books the outcome of a claimed job, unless another worker has taken it over meanwhile.
pub async fn finish(db: &Db, op: &Op, claimed: &Claimed, outcome: &Outcome) -> Result<Settled> {
    const COMPLETE: &str = "UPDATE jobs SET completed_at = $2, leased_by = NULL, leased_until = NULL \
         WHERE id = $1 AND leased_by = $3";
    const RETRY: &str = "UPDATE jobs SET attempt = attempt + 1, run_at = $2, reason = $3, \
                         leased_by = NULL, leased_until = NULL WHERE id = $1 AND leased_by = $4";
    let worker = sea_orm::Value::from(claimed.worker.clone());
    match outcome {
        Outcome::Done => {
            sql::execute(&db.single, COMPLETE, [claimed.id.into(), op.now.into(), worker]).await?;
            Ok(Settled::Completed)
        }
        Outcome::Retry(reason) if claimed.attempt < MOST_ATTEMPTS => {
            let delay = delay(op, claimed.attempt);
            let values = [claimed.id.into(), (op.now + delay).into(), reason.clone().into(), worker];
            sql::execute(&db.single, RETRY, values).await?;
            Ok(Settled::RetryIn(delay))
        }
        Outcome::Retry(reason) => {
            give_up(db, op, claimed.id, &claimed.worker, reason).await?;
            Ok(Settled::Abandoned)
        }
        Outcome::GiveUp(reason) => {
            give_up(db, op, claimed.id, &claimed.worker, reason).await?;
            Ok(Settled::Failed)
        }
    }
}

async fn give_up(db: &Db, op: &Op, job: JobId, worker: &str, reason: &str) -> Result<()> {
    const FAIL: &str = "UPDATE jobs SET failed_at = $2, reason = $3, leased_by = NULL, leased_until = NULL \
                        WHERE id = $1 AND leased_by = $4";
    let values = [job.into(), op.now.into(), reason.to_owned().into(), worker.to_owned().into()];
    sql::execute(&db.single, FAIL, values).await?;
    Ok(())
}

/// Doubles each time, give or take a tenth, so that what failed together does not come back together.
fn delay(op: &Op, attempt: i64) -> Duration {
    let doubled = FIRST_DELAY * 2u32.saturating_pow(u32::try_from(attempt).unwrap_or(0));
    let [byte] = op.random().bytes::<1>();
    doubled.mul_f64(0.9 + 0.2 * f64::from(byte) / 255.0)
}

macro_rules! due {
    () => {
        "completed_at IS NULL AND failed_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)"
    };
}

const ANY_DUE: &str = concat!("SELECT 1 AS found FROM jobs WHERE ", due!(), " LIMIT 1");

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET leased_by = $3, leased_until = $4, \
               attempt = attempt + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END \
             WHERE id IN (SELECT id FROM jobs WHERE ",
            due!(),
            " ORDER BY run_at, id LIMIT $2",
            $lock,
            ") RETURNING id, payload, attempt"
        )
    };
}

const CLAIM_SQLITE: &str = claim!("");
const CLAIM_POSTGRES: &str = claim!(" FOR UPDATE SKIP LOCKED");
