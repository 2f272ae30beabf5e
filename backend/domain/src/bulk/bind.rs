//! Writing down whom an operation is for, before anything is done that cannot be taken back: who comes to match its filter while
//! the work goes on is left alone. This is done a slice at a time, by jobs of their own, which can begin again where they were.

use kernel::{Op, Result, id::*};
use store::{Db, DbErr, Engine, Tx, Window, listing::End, sql};

use super::run::{Stumble, Work};
use crate::jobs::Parts;

/// Of one transaction.
const SLICE: u32 = 500;
/// Transactions of one job.
const SLICES: usize = 20;

/// How far the writing down has come.
pub(super) enum Bound {
    /// It is settled whom it is for.
    All,
    Some,
    /// There are not as many as whoever asked has expected. The operation is cancelled.
    Unexpected,
}

impl Work {
    /// Goes on with it.
    pub(super) async fn bind(&self, parts: Parts<'_>, op: &Op) -> Result<Bound, Stumble> {
        for at in 0..SLICES {
            if at > 0 && parts.stop.is_cancelled() {
                break;
            }
            match self.bind_slice(parts.db, op).await? {
                Bound::Some => {}
                bound => return Ok(bound),
            }
        }
        Ok(Bound::Some)
    }

    async fn bind_slice(&self, db: &Db, op: &Op) -> Result<Bound, Stumble> {
        const LAST: &str =
            "SELECT target_id FROM bulk_targets WHERE operation_id = $1 ORDER BY target_id DESC LIMIT 1";
        let last = sql::one(&db.read, LAST, [self.id.into()]).await?;
        let last = last.map(|row| row.try_get::<BulkTargetId>("", "target_id")).transpose()?;
        let after = last.or(self.reached).map(|id| id.0);
        let window = Window { after, before: None, from: End::First, size: SLICE };
        let page = self.plan.targets(self.asked_at).page(&db.read, window).await?;
        let found: Vec<BulkTargetId> =
            page.rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, DbErr>>()?;
        db.write(async |tx| {
            self.write_down(tx, db.engine(), &found).await?;
            if page.has_more { self.hold(tx).await.map(|()| Bound::Some) } else { self.settle(tx, op).await }
        })
        .await
    }

    async fn write_down(&self, tx: &Tx, engine: Engine, found: &[BulkTargetId]) -> Result<(), DbErr> {
        const SQLITE: &str = "INSERT INTO bulk_targets (operation_id, target_id) \
          SELECT $1, unhex(value) FROM json_each($2) WHERE TRUE ON CONFLICT DO NOTHING";
        const POSTGRES: &str = "INSERT INTO bulk_targets (operation_id, target_id) \
          SELECT $1, value::uuid FROM jsonb_array_elements_text($2::jsonb) AS value ON CONFLICT DO NOTHING";
        let ids: serde_json::Value = found.iter().map(|id| id.0.simple().to_string()).collect();
        let statement = if engine == Engine::Sqlite { SQLITE } else { POSTGRES };
        sql::execute(tx, statement, [self.id.into(), ids.to_string().into()]).await.map(drop)
    }

    /// Has what was written undone if the operation does not go on here.
    async fn hold(&self, tx: &Tx) -> Result<(), Stumble> {
        const HOLD: &str = "UPDATE bulk_operations SET step = step WHERE id = $1 AND step = $2 \
          AND bound_at IS NULL AND finished_at IS NULL AND cancelled_at IS NULL";
        let held = sql::execute(tx, HOLD, [self.id.into(), self.step.into()]).await?;
        if held == 0 { Err(Stumble::NotOurs) } else { Ok(()) }
    }

    /// All are written down. If they are not as many as they should be, that is the end.
    async fn settle(&self, tx: &Tx, op: &Op) -> Result<Bound, Stumble> {
        const SETTLE: &str = "UPDATE bulk_operations SET bound_at = $3, \
            total = (SELECT COUNT(*) FROM bulk_targets WHERE operation_id = $1) \
          WHERE id = $1 AND step = $2 AND bound_at IS NULL AND finished_at IS NULL AND cancelled_at IS NULL \
          RETURNING total";
        const CANCEL: &str = "UPDATE bulk_operations SET cancelled_at = $2 WHERE id = $1";
        let row = sql::one(tx, SETTLE, [self.id.into(), self.step.into(), op.now.into()]).await?;
        let total = row.ok_or(Stumble::NotOurs)?.try_get::<i64>("", "total")?.unsigned_abs();
        if self.plan.expected.is_none_or(|expected| expected == total) {
            return Ok(Bound::All);
        }
        sql::execute(tx, CANCEL, [self.id.into(), op.now.into()]).await?;
        Ok(Bound::Unexpected)
    }
}

/// Forgets whom it was for, a slice at a time. It has come to its end, or nothing is done.
pub(super) async fn forget(db: &Db, id: BulkOperationId) -> Result<()> {
    const FORGET: &str = "DELETE FROM bulk_targets WHERE operation_id = $1 AND target_id IN (\
        SELECT target_id FROM bulk_targets WHERE operation_id = $1 ORDER BY target_id LIMIT $2) \
      AND EXISTS (SELECT 1 FROM bulk_operations b \
        WHERE b.id = $1 AND (b.finished_at IS NOT NULL OR b.cancelled_at IS NOT NULL))";
    let values = || [id.into(), i64::from(SLICE).into()];
    while sql::execute(&db.single, FORGET, values()).await? == u64::from(SLICE) {}
    Ok(())
}
