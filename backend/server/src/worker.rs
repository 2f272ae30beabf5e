//! The loop that runs jobs, in a server process or in one of its own.

use std::{sync::Arc, time::Duration};

use domain::jobs::{self, Claimed, Outcome, schedules};
use edge::{
    App,
    metrics::{JobEnd, Wakeup},
};
use kernel::{Actor, Op};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// Jobs of this process that run at the same time.
const MOST_AT_ONCE: u32 = 10;
/// Other processes enqueue, too: how long a job of theirs may wait before somebody looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How late a schedule may be.
const PLAN_EVERY: Duration = Duration::from_secs(10);

/// Runs until `stop`; then waits for the jobs that are running.
pub async fn run(app: App, stop: CancellationToken) {
    let name = app.random.alphanumeric(12);
    let slots = Arc::new(Semaphore::new(MOST_AT_ONCE as usize));
    let mut running = JoinSet::new();
    tracing::info!(worker = name, "Job worker started");
    let mut renewal = tokio::time::interval(jobs::RENEW_EVERY);
    let mut planning = tokio::time::interval(PLAN_EVERY);
    while !stop.is_cancelled() {
        while running.try_join_next().is_some() {}
        let free = u32::try_from(slots.available_permits()).unwrap_or(0);
        let claimed = if free == 0 { Vec::new() } else { claim(&app, &name, free).await };
        let more_may_wait = claimed.len() == free as usize;
        for job in claimed {
            let slot = Arc::clone(&slots).acquire_owned().await;
            let app = app.clone();
            let context = format!("job-{}", job.job.queue());
            let span = tracing::info_span!("job", context);
            let work = async move {
                run_one(&app, job).await;
                drop(slot);
            };
            running.spawn(work.instrument(span));
        }
        if more_may_wait && slots.available_permits() > 0 {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.jobs.notified() => app.metrics.jobs.woke(Wakeup::Notification),
            Some(_) = running.join_next() => app.metrics.jobs.woke(Wakeup::Task),
            _ = renewal.tick() => renew(&app, &name, !running.is_empty()).await,
            _ = planning.tick() => plan(&app).await,
            () = tokio::time::sleep(LOOK_EVERY) => app.metrics.jobs.woke(Wakeup::Sleep),
        }
    }
    while !running.is_empty() {
        tokio::select! {
            _ = running.join_next() => {}
            _ = renewal.tick() => renew(&app, &name, true).await,
        }
    }
}

async fn renew(app: &App, worker: &str, is_busy: bool) {
    if is_busy && let Err(error) = jobs::renew(&app.db, &op(app), worker).await {
        edge::telemetry::report(&error);
    }
}

async fn plan(app: &App) {
    if let Err(error) = schedules::plan(&app.db, &op(app)).await {
        edge::telemetry::report(&error);
    }
}

async fn claim(app: &App, worker: &str, most: u32) -> Vec<Claimed> {
    let began = tokio::time::Instant::now();
    let claimed = jobs::claim(&app.db, &op(app), worker, most).await;
    app.metrics.jobs.looked(began.elapsed());
    match claimed {
        Ok(claimed) => claimed,
        Err(error) => {
            // The database is away; the loop goes on and will find it again.
            edge::telemetry::report(&error);
            Vec::new()
        }
    }
}

/// Runs a claimed job and books what came of it.
pub async fn run_one(app: &App, job: Claimed) {
    tracing::info!(job.id = %job.id, job.queue.name = job.job.queue(), job.attempt = job.attempt, "Running job");
    let running = app.metrics.jobs.begin(job.job.queue());
    let task = {
        let (app, job) = (app.clone(), job.job.clone());
        tokio::spawn(async move { jobs::run(app.job_parts(), &op(&app), &job).await }.in_current_span())
    };
    let ended = task.await;
    let crashed = ended.is_err();
    let outcome = ended.unwrap_or_else(|panic| Outcome::Retry(format!("crashed: {panic}")));
    let settled = jobs::finish(&app.db, &op(app), &job, &outcome).await;
    if let Ok(settled) = &settled {
        running.ended(end_of(settled), crashed);
    }
    let reason = match &outcome {
        Outcome::Done => String::new(),
        Outcome::Retry(reason) | Outcome::GiveUp(reason) => reason.clone(),
    };
    match settled {
        Ok(jobs::Settled::Completed) => tracing::info!(job.id = %job.id, "Job completed"),
        Ok(jobs::Settled::RetryIn(delay)) => {
            tracing::warn!(job.id = %job.id, reason, "Job failed, will retry in {}s", delay.as_secs());
        }
        Ok(jobs::Settled::Failed) => tracing::error!(job.id = %job.id, reason, "Job failed, not retrying"),
        Ok(jobs::Settled::Abandoned) => {
            tracing::error!(job.id = %job.id, reason, "Job failed after too many attempts, not retrying");
        }
        // Its lease runs out, and it is run again.
        Err(error) => edge::telemetry::report(&error),
    }
}

const fn end_of(settled: &jobs::Settled) -> JobEnd {
    match settled {
        jobs::Settled::Completed => JobEnd::Success,
        jobs::Settled::RetryIn(_) => JobEnd::Retry,
        jobs::Settled::Failed => JobEnd::Fail,
        jobs::Settled::Abandoned => JobEnd::Abandon,
    }
}

fn op(app: &App) -> Op {
    app.op("worker").by(Actor::Worker)
}
