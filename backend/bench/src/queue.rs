//! The job queue: how many jobs that do nothing a server gets through, and what it costs to wait for some.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::jobs::{self, Job};
use kernel::{Clock, Op, SystemClock, SystemRandom};
use store::{Db, sql};

use crate::{
    Result,
    report::{self, Aim, Bound},
    seed,
    server::Running,
};

const JOBS: u32 = 10_000;
/// Of a transaction.
const SLICE: u32 = 500;
/// Time to enqueue them all before the first one is due.
const AHEAD: Duration = Duration::from_secs(5);

pub async fn measure(running: &Running<'_>, idle: Duration) -> Result<()> {
    let db = seed::open(running.database()).await?;
    let due = SystemClock.now() + AHEAD;
    for _ in 0..JOBS / SLICE {
        let op = Op::new(SystemClock.now(), Arc::new(SystemRandom), "bench");
        let delay = due.since(op.now);
        // It looks at its setting, finds nothing to do, and is done.
        let enqueued = db.write(async |tx| {
            for _ in 0..SLICE {
                jobs::enqueue_after(tx, &op, &Job::ExpireInactive, delay).await?;
            }
            Ok::<_, kernel::Error>(())
        });
        enqueued.await.map_err(|error| error.to_string())?;
    }
    let ahead = due.since(SystemClock.now());
    if ahead.is_zero() {
        return Err("enqueuing took too long".into());
    }
    tokio::time::sleep(ahead).await;
    let (cpu, began) = (running.process().cpu()?, Instant::now());
    while is_busy(&db).await? {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (elapsed, cpu) = (began.elapsed(), running.process().cpu()?.saturating_sub(cpu));
    let what = "jobs per second that do nothing, in one process";
    let is = f64::from(JOBS) / elapsed.as_secs_f64();
    report::aim(&Aim { what, is, bound: Bound::AtLeast(500.0), unit: "" });
    let is = cpu.as_secs_f64() / f64::from(JOBS) * 1000.0;
    println!("  the server's CPU seconds per 1,000 of them: {is:.3}");
    db.close();

    let cpu = running.process().cpu()?;
    tokio::time::sleep(idle).await;
    let cpu = running.process().cpu()?.saturating_sub(cpu);
    let what = format!("of a core for an idle server and worker, over {} seconds", idle.as_secs());
    let is = cpu.as_secs_f64() / idle.as_secs_f64() * 100.0;
    report::aim(&Aim { what: &what, is, bound: Bound::AtMost(1.0), unit: "%" });
    Ok(())
}

async fn is_busy(db: &Db) -> Result<bool> {
    // In the order of an index, which PostgreSQL would not use otherwise.
    const LEFT: &str = "SELECT 1 AS found FROM jobs WHERE completed_at IS NULL AND failed_at IS NULL \
                        ORDER BY queue, run_at, id LIMIT 1";
    Ok(sql::one(&db.read, LEFT, []).await?.is_some())
}
