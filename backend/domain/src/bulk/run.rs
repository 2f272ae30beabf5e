//! The job: a few hundred accounts or sessions, and then a job for the next ones, so that others get their turn.
//!
//! A job that is run a second time, because its worker died before it could say that it was done, finds that the operation
//! has come to a later step, and does nothing. Of two workers that run the same job, because the lease of one has run out, each
//! target is dealt with by one; the other one stops there, and its job comes back later.

use kernel::{Error, Kind, Op, Result, Timestamp, error::chain, id::*};
use store::{DbErr, Tx, Window, listing::End, sql};

use super::{
    MOST_FAILURES, Plan, Which,
    bind::{self, Bound},
    carry_out::{self, Effect, Refused},
};
use crate::{
    audit,
    jobs::{self, Job, Outcome, Parts, When},
};

/// Looked at by one job.
const SLICE: usize = 500;
/// Looked for at once.
const PAGE: usize = 100;

/// Goes on with a bulk operation that stands at this step.
pub async fn run(parts: Parts<'_>, op: &Op, id: BulkOperationId, step: i64) -> Result<Outcome> {
    let Some(work) = Work::load(parts, id, step).await? else { return over(parts, id).await };
    if work.plan.is_bound_first() && !work.is_bound {
        return begin(parts, op, &work).await;
    }
    go_on(parts, op, work).await
}

/// Settles whom it is for. What is done to them is for jobs of their own.
async fn begin(parts: Parts<'_>, op: &Op, work: &Work) -> Result<Outcome> {
    match work.bind(parts, op).await {
        Ok(Bound::All | Bound::Some) => {
            work.hand_over(parts, op).await?;
            Ok(Outcome::Done)
        }
        Ok(Bound::Unexpected) => over(parts, work.id).await,
        Err(Stumble::NotOurs) => look_again(parts, work).await,
        Err(Stumble::Failed(error)) => Err(error),
    }
}

async fn go_on(parts: Parts<'_>, op: &Op, mut work: Work) -> Result<Outcome> {
    let acting = work.acting(op);
    let mut looked_at = 0;
    loop {
        let targets = work.next(parts).await?;
        if targets.is_empty() {
            work.finish(parts, op).await?;
            return Ok(Outcome::Done);
        }
        for target in targets {
            // The first one always, so that it comes to an end however often it is stopped.
            if looked_at > 0 && (looked_at == SLICE || parts.stop.is_cancelled()) {
                work.hand_over(parts, op).await?;
                return Ok(Outcome::Done);
            }
            if !work.one(parts, &acting, target).await? {
                return look_again(parts, &work).await;
            }
            looked_at += 1;
        }
    }
}

/// It was not this worker's to go on with. If it still stands at this step, then another worker was at it, whose lease had run out:
/// that one may have died since, or it would have come to its end or to another step. This job comes back to see.
async fn look_again(parts: Parts<'_>, work: &Work) -> Result<Outcome> {
    match Work::load(parts, work.id, work.step).await? {
        Some(_) => Ok(Outcome::Retry("another worker is at it".into())),
        None => over(parts, work.id).await,
    }
}

/// There is nothing more for this job to do: another one goes on, or nobody does.
async fn over(parts: Parts<'_>, id: BulkOperationId) -> Result<Outcome> {
    bind::forget(parts.db, id).await?;
    Ok(Outcome::Done)
}

/// Where a bulk operation stands.
pub(super) struct Work {
    pub id: BulkOperationId,
    pub step: i64,
    pub plan: Plan,
    pub by_session: SessionId,
    actor: String,
    pub asked_at: Timestamp,
    pub reached: Option<BulkTargetId>,
    /// It is written down whom it is for, if it has to be.
    is_bound: bool,
}

/// Why a target was not dealt with.
pub(super) enum Stumble {
    /// Somebody has cancelled it, or another worker goes on with it.
    NotOurs,
    Failed(Error),
}

impl From<DbErr> for Stumble {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Error> for Stumble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Work {
    async fn load(parts: Parts<'_>, id: BulkOperationId, step: i64) -> Result<Option<Self>> {
        const FIND: &str = "SELECT plan, by_session, actor, created_at, reached, bound_at IS NOT NULL AS is_bound \
          FROM bulk_operations WHERE id = $1 AND step = $2 AND finished_at IS NULL AND cancelled_at IS NULL";
        let Some(row) = sql::one(&parts.db.read, FIND, [id.into(), step.into()]).await? else {
            return Ok(None);
        };
        let plan: serde_json::Value = row.try_get("", "plan")?;
        Ok(Some(Self {
            id,
            step,
            plan: serde_json::from_value(plan).map_err(Error::internal)?,
            by_session: row.try_get("", "by_session")?,
            actor: row.try_get("", "actor")?,
            asked_at: row.try_get("", "created_at")?,
            reached: row.try_get("", "reached")?,
            is_bound: row.try_get("", "is_bound")?,
        }))
    }

    /// On behalf of whoever has asked. All that is written down names the bulk operation.
    fn acting(&self, op: &Op) -> Op {
        let mut acting = op.clone().by(audit::read_actor(&self.actor));
        acting.request_id = format!("bulk-{}", self.id).into();
        acting.in_bulk = true;
        acting
    }

    /// Those that come next; an empty answer is the end.
    async fn next(&self, parts: Parts<'_>) -> Result<Vec<BulkTargetId>> {
        if let Which::Ids(ids) = &self.plan.which {
            let from = ids.partition_point(|id| self.reached.is_some_and(|reached| *id <= reached));
            return Ok(ids[from..].iter().copied().take(PAGE).collect());
        }
        let after = self.reached.map(|reached| reached.0);
        let window = Window { after, before: None, from: End::First, size: PAGE as u32 };
        let mut list = self.plan.targets(self.asked_at);
        if self.plan.is_bound_first() {
            const WRITTEN_DOWN: &str =
                "(SELECT 1 FROM bulk_targets t WHERE t.operation_id = ? AND t.target_id = {id}) IS NOT NULL";
            list.only(&WRITTEN_DOWN.replace("{id}", list.id()), [self.id.into()]);
        }
        let page = list.page(&parts.db.read, window).await?;
        Ok(page.rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
    }

    /// Deals with one. False if the operation does not go on here. What is wrong with one does not keep the others; what is
    /// wrong with the database ends the job, which is then tried again.
    async fn one(&mut self, parts: Parts<'_>, op: &Op, target: BulkTargetId) -> Result<bool> {
        let mut tried_before = false;
        let stumble = loop {
            match carry_out::carry_out(parts, op, self, target).await {
                Ok(()) => break None,
                // Of two that want the same rows at once, the database may send one away.
                Err(Stumble::Failed(error)) if error.kind == Kind::Internal && !tried_before => {
                    tried_before = true;
                }
                Err(stumble) => break Some(stumble),
            }
        };
        match stumble {
            None => {}
            Some(Stumble::NotOurs) => return Ok(false),
            Some(Stumble::Failed(error)) if error.kind == Kind::Unavailable => return Err(error),
            Some(Stumble::Failed(error)) => {
                tracing::warn!(
                    bulk.operation = %self.id, target = %target, reason = chain(&error),
                    "a bulk operation could not do its work on one"
                );
                let refused = Refused { code: "internal", reason: error.public.into_owned() };
                let noted =
                    parts.db.write(async |tx| self.count(tx, target, &Effect::Refused(refused)).await);
                match noted.await {
                    Ok(()) => {}
                    Err(Stumble::NotOurs) => return Ok(false),
                    Err(Stumble::Failed(error)) => return Err(error),
                }
            }
        }
        self.reached = Some(target);
        Ok(true)
    }

    /// Counts it, in the transaction in which it was done; or has that undone, because the operation does not go on here.
    pub(super) async fn count(&self, tx: &Tx, target: BulkTargetId, effect: &Effect) -> Result<(), Stumble> {
        // What is underway counts as changed already, whatever its last transaction still found to do.
        const COUNT: &str = "UPDATE bulk_operations SET reached = $3, \
            changed = changed + CASE WHEN underway = $3 THEN 0 - CAST($6 AS bigint) ELSE CAST($4 AS bigint) END, \
            unchanged = unchanged + CASE WHEN underway = $3 THEN 0 ELSE CAST($5 AS bigint) END, \
            failed = failed + $6 \
          WHERE id = $1 AND step = $2 AND finished_at IS NULL AND cancelled_at IS NULL \
            AND (reached IS NULL OR reached < $3) RETURNING failed";
        const FAILED: &str =
            "INSERT INTO bulk_failures (operation_id, target_id, code, reason) VALUES ($1, $2, $3, $4)";
        let (changed, unchanged, failed) = match effect {
            Effect::Changed(_) => (1_i64, 0_i64, 0_i64),
            Effect::Unchanged => (0, 1, 0),
            Effect::Refused(_) => (0, 0, 1),
        };
        let values = [
            self.id.into(),
            self.step.into(),
            target.into(),
            changed.into(),
            unchanged.into(),
            failed.into(),
        ];
        let row = sql::one(tx, COUNT, values).await?.ok_or(Stumble::NotOurs)?;
        if let Effect::Refused(Refused { code, reason }) = effect
            && row.try_get::<i64>("", "failed")? <= i64::from(MOST_FAILURES)
        {
            let values = [self.id.into(), target.into(), (*code).into(), reason.clone().into()];
            sql::execute(tx, FAILED, values).await?;
        }
        Ok(())
    }

    /// Likewise what takes several transactions, in each but the last: it counts as changed with the first, so that whoever stops
    /// here, or goes on, tells the truth.
    pub(super) async fn count_begun(&self, tx: &Tx, target: BulkTargetId) -> Result<(), Stumble> {
        const BEGUN: &str = "UPDATE bulk_operations SET underway = $3, \
            changed = changed + CASE WHEN underway = $3 THEN 0 ELSE 1 END \
          WHERE id = $1 AND step = $2 AND finished_at IS NULL AND cancelled_at IS NULL \
            AND (reached IS NULL OR reached < $3)";
        let begun = sql::execute(tx, BEGUN, [self.id.into(), self.step.into(), target.into()]).await?;
        if begun == 0 { Err(Stumble::NotOurs) } else { Ok(()) }
    }

    async fn finish(&self, parts: Parts<'_>, op: &Op) -> Result<()> {
        const FINISH: &str = "UPDATE bulk_operations SET finished_at = $3 \
          WHERE id = $1 AND step = $2 AND finished_at IS NULL AND cancelled_at IS NULL";
        let values = [self.id.into(), self.step.into(), op.now.into()];
        sql::execute(&parts.db.single, FINISH, values).await?;
        bind::forget(parts.db, self.id).await?;
        tracing::info!(bulk.operation = %self.id, "Bulk operation completed");
        Ok(())
    }

    /// Leaves the rest to a job of its own.
    async fn hand_over(&self, parts: Parts<'_>, op: &Op) -> Result<()> {
        const HAND_OVER: &str = "UPDATE bulk_operations SET step = $3, job_id = $4 \
          WHERE id = $1 AND step = $2 AND finished_at IS NULL AND cancelled_at IS NULL";
        let next = self.step + 1;
        let handed = parts.db.write(async |tx| {
            let job = Job::BulkOperation { operation: self.id, step: next };
            let job = jobs::insert(tx, op, &job, When::default()).await?;
            let values = [self.id.into(), self.step.into(), next.into(), job.into()];
            if sql::execute(tx, HAND_OVER, values).await? == 0 { Err(Stumble::NotOurs) } else { Ok(()) }
        });
        match handed.await {
            Ok(()) | Err(Stumble::NotOurs) => Ok(()),
            Err(Stumble::Failed(error)) => Err(error),
        }
    }
}
