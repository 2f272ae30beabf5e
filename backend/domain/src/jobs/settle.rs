//! Booking what became of jobs: done, to be tried again, or given up.

use std::time::Duration;

use kernel::{Op, Result, id::JobId};
use serde_json::json;
use store::{Db, Engine, sql};

use super::{
    Claimed, Outcome,
    terms::{Patience, Terms},
};

/// Of reasons, which may quote what somebody else has answered.
const LONGEST_REASON: usize = 2000;

const SHORTEST_POSTPONEMENT: Duration = Duration::from_secs(1);
const LONGEST_POSTPONEMENT: Duration = Duration::from_secs(300);

/// A claimed job that was run, and for how long.
#[derive(Clone, Debug)]
pub struct Ended {
    pub claimed: Claimed,
    pub outcome: Outcome,
    pub took: Duration,
}

/// What became of a claimed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    Completed,
    RetryIn(Duration),
    /// As [`Settled::RetryIn`], but nothing has been tried.
    PostponedFor(Duration),
    /// Another attempt would not help.
    Failed,
    /// There were enough attempts.
    Abandoned,
    /// It was not this worker's any more: its lease had run out and another one has taken it, or somebody has removed
    /// it.
    Lost,
}

/// Books jobs of one worker, all in one statement. If it fails it may be repeated.
pub async fn settle(db: &Db, op: &Op, ended: &[Ended]) -> Result<Vec<Settled>> {
    let Some(first) = ended.first() else { return Ok(Vec::new()) };
    let mut settled: Vec<Settled> = ended.iter().map(|ended| decide(op, ended)).collect();
    let entries: Vec<_> =
        ended.iter().zip(&settled).map(|(ended, settled)| entry(op, ended, *settled)).collect();
    let statement = match db.engine() {
        Engine::Sqlite => SETTLE_SQLITE,
        Engine::Postgres => SETTLE_POSTGRES,
    };
    let entries = serde_json::Value::from(entries).to_string();
    let rows = sql::all(&db.single, statement, [entries.into(), first.claimed.worker.clone().into()]).await?;
    let booked: Vec<JobId> = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
    for (ended, settled) in ended.iter().zip(&mut settled) {
        if !booked.contains(&ended.claimed.id) {
            *settled = Settled::Lost;
        }
    }
    Ok(settled)
}

fn decide(op: &Op, ended: &Ended) -> Settled {
    let Claimed { attempt, worn_out, .. } = ended.claimed;
    let patience = Terms::of(&ended.claimed.queue).patience;
    match ended.outcome {
        Outcome::Done => Settled::Completed,
        Outcome::Postponed(_, wait) => Settled::PostponedFor(postponement(op, ended.claimed.id, wait)),
        Outcome::Retry(_) | Outcome::Crashed(_) if attempt < patience.retries && !worn_out => {
            Settled::RetryIn(delay(op, patience, attempt))
        }
        Outcome::Retry(_) | Outcome::Crashed(_) => Settled::Abandoned,
        Outcome::GiveUp(_) => Settled::Failed,
    }
}

/// A line for the statement: id, attempt, next attempt, when that is, completed, failed, reason.
fn entry(op: &Op, ended: &Ended, settled: Settled) -> serde_json::Value {
    let (id, attempt) = (ended.claimed.id.0.simple().to_string(), ended.claimed.attempt);
    let reason = match &ended.outcome {
        Outcome::Done => None,
        // PostgreSQL's JSON has no NUL.
        Outcome::Retry(reason)
        | Outcome::Postponed(reason, _)
        | Outcome::Crashed(reason)
        | Outcome::GiveUp(reason) => {
            Some(reason.chars().filter(|c| *c != '\0').take(LONGEST_REASON).collect::<String>())
        }
    };
    match settled {
        Settled::Completed | Settled::Lost => json!([id, attempt, attempt, null, op.now, null, reason]),
        Settled::RetryIn(delay) => json!([id, attempt, attempt + 1, op.now + delay, null, null, reason]),
        Settled::PostponedFor(delay) => json!([id, attempt, attempt, op.now + delay, null, null, reason]),
        Settled::Failed | Settled::Abandoned => json!([id, attempt, attempt, null, null, op.now, reason]),
    }
}

/// The pause until the next attempt.
fn delay(op: &Op, patience: Patience, attempt: i64) -> Duration {
    about(op, patience.pause(attempt))
}

/// The longer a job has waited already, the more of them there may be: each looks again after an eighth of that time.
fn postponement(op: &Op, job: JobId, wait: Duration) -> Duration {
    let age = op.now.since(kernel::id::Id::created_at(job));
    about(op, (age / 8).clamp(SHORTEST_POSTPONEMENT, LONGEST_POSTPONEMENT).max(wait))
}

/// Give or take a tenth, so that what failed together does not come back together.
fn about(op: &Op, pause: Duration) -> Duration {
    let [byte] = op.random().bytes::<1>();
    pause.mul_f64(0.9 + 0.2 * f64::from(byte) / 255.0)
}

// The attempt is compared, too: a worker that slept through its lease may have taken the same job a second time.
macro_rules! settle {
    ($entries:expr) => {
        concat!(
            "UPDATE jobs SET attempt = entry.next, run_at = COALESCE(entry.at, jobs.run_at), \
               completed_at = entry.completed, failed_at = entry.failed, \
               reason = COALESCE(entry.reason, jobs.reason), leased_by = NULL, leased_until = NULL \
             FROM (SELECT ",
            $entries,
            ") AS entry \
             WHERE jobs.id = entry.job AND jobs.leased_by = $2 AND jobs.attempt = entry.was \
               AND jobs.completed_at IS NULL AND jobs.failed_at IS NULL RETURNING id"
        )
    };
}

const SETTLE_SQLITE: &str = settle!(
    "unhex(value ->> 0) AS job, value ->> 1 AS was, value ->> 2 AS next, value ->> 3 AS at, \
     value ->> 4 AS completed, value ->> 5 AS failed, value ->> 6 AS reason FROM json_each($1)"
);

const SETTLE_POSTGRES: &str = settle!(
    "(row ->> 0)::uuid AS job, (row ->> 1)::bigint AS was, (row ->> 2)::bigint AS next, \
     (row ->> 3)::bigint AS at, (row ->> 4)::bigint AS completed, (row ->> 5)::bigint AS failed, \
     row ->> 6 AS reason FROM jsonb_array_elements($1::jsonb) AS row"
);
