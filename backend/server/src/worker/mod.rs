//! The loop that runs jobs, in a server process or in one of its own.
//!
//! Each turn books what has ended, takes what is due and has room, and waits: for a job to end, for the bell (somebody
//! has enqueued one), or for a second to pass. Jobs that end while the database is being spoken to are booked together
//! at the next turn, so the faster they come, the fewer statements each of them costs.

mod running;

use std::time::Duration;

use domain::jobs::{self, Ended, Outcome, Settled, schedules};
use edge::{
    App,
    metrics::{JobEnd, Wakeup},
};
use kernel::{Actor, Op};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use running::Running;

/// How long a job waits whose bell nobody has heard: nine to eleven tenths of it, so that workers do not march in step.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How late a schedule may be.
const PLAN_EVERY: Duration = Duration::from_secs(10);

/// How long jobs may go on after they were asked to come to an end: shorter than the process waits for all its parts.
const PATIENCE: Duration = Duration::from_secs(50);

/// Runs until `stop`; then asks the jobs that are running to come to an end, and waits for them.
pub async fn run(app: App, stop: CancellationToken) {
    run_with_patience(app, stop, PATIENCE).await;
}

/// [`run`], waiting no longer than this in the end: what is still running then is left to others.
pub async fn run_with_patience(app: App, stop: CancellationToken, patience: Duration) {
    let relay = tokio::spawn({
        let bell = app.db.bell().clone();
        async move { bell.relay().await }
    });
    let mut worker = Worker {
        name: app.random.alphanumeric(12),
        running: Running::new(&app, &stop),
        ended: Vec::new(),
        renewal: steady(jobs::RENEW_EVERY),
        planning: steady(PLAN_EVERY),
        app,
        stop,
        patience,
    };
    tracing::info!(worker = worker.name, "Job worker started");
    worker.live().await;
    relay.abort();
}

fn steady(every: Duration) -> Interval {
    let mut interval = interval(every);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

struct Worker {
    app: App,
    stop: CancellationToken,
    name: String,
    running: Running,
    /// Not booked yet. Their leases are still held.
    ended: Vec<Ended>,
    renewal: Interval,
    planning: Interval,
    patience: Duration,
}

impl Worker {
    async fn live(&mut self) {
        let mut until = None;
        loop {
            self.ended.extend(self.running.ended().await);
            self.book().await;
            let stopping = self.stop.is_cancelled();
            if stopping && self.running.is_empty() && self.ended.is_empty() {
                return;
            }
            if stopping && *until.get_or_insert_with(|| Instant::now() + self.patience) <= Instant::now() {
                return self.give_back().await;
            }
            // What cannot be booked says that the database is away.
            if !stopping && self.ended.is_empty() {
                self.take().await;
            }
            self.wait(stopping).await;
        }
    }

    async fn wait(&mut self, stopping: bool) {
        let look = Instant::now() + self.jittered(LOOK_EVERY).min(self.patience);
        let reason = loop {
            tokio::select! {
                () = self.stop.cancelled(), if !stopping => return,
                () = self.running.one_ends() => break Wakeup::Task,
                () = self.app.db.bell().rung(), if !stopping => break Wakeup::Notification,
                () = tokio::time::sleep_until(look) => break Wakeup::Sleep,
                _ = self.renewal.tick() => self.renew().await,
                _ = self.planning.tick(), if !stopping => self.plan().await,
            }
        };
        self.app.metrics.jobs.woke(reason);
    }

    fn jittered(&self, time: Duration) -> Duration {
        let mut byte = [0];
        self.app.random.fill(&mut byte);
        time.mul_f64(0.9 + 0.2 * f64::from(byte[0]) / 255.0)
    }

    async fn take(&mut self) {
        let began = Instant::now();
        let claimed = jobs::claim(&self.app.db, &self.op(), &self.name, self.running.room()).await;
        self.app.metrics.jobs.looked(began.elapsed());
        match claimed {
            Ok(claimed) => claimed.into_iter().for_each(|job| self.running.start(job)),
            // The database is away; the loop goes on and will find it again.
            Err(error) => edge::telemetry::report(&error),
        }
    }

    /// The one place where it is known of each job how it ended, how long it took and what follows from that.
    async fn book(&mut self) {
        match jobs::settle(&self.app.db, &self.op(), &self.ended).await {
            Ok(settled) => {
                for (ended, settled) in std::mem::take(&mut self.ended).into_iter().zip(settled) {
                    self.running.leave(&ended.claimed);
                    self.measure(&ended, settled);
                    tell(&ended, settled);
                }
            }
            // Tried again at the next turn. If the process ends before, the leases run out and the jobs are run again.
            Err(error) => edge::telemetry::report(&error),
        }
    }

    fn measure(&self, ended: &Ended, settled: Settled) {
        let end = match settled {
            Settled::Completed => JobEnd::Success,
            // Somebody else runs it again.
            Settled::RetryIn(_) | Settled::PostponedFor(_) | Settled::Lost => JobEnd::Retry,
            Settled::Failed => JobEnd::Fail,
            Settled::Abandoned => JobEnd::Abandon,
        };
        let crashed = matches!(ended.outcome, Outcome::Crashed(_));
        self.app.metrics.jobs.ended(&ended.claimed.queue, ended.took, end, crashed);
    }

    async fn give_back(&mut self) {
        let jobs = self.running.abandon().await;
        tracing::warn!("{} job(s) did not come to an end: they are left to other workers", jobs.len());
        // If that fails, the leases run out.
        if let Err(error) = jobs::give_back(&self.app.db, &self.name, &jobs).await {
            edge::telemetry::report(&error);
        }
    }

    async fn renew(&self) {
        let unbooked = self.ended.iter().map(|ended| ended.claimed.id);
        let held: Vec<_> = self.running.ids().chain(unbooked).collect();
        if held.is_empty() {
            return;
        }
        if let Err(error) = jobs::renew(&self.app.db, &self.op(), &self.name, &held).await {
            edge::telemetry::report(&error);
        }
    }

    async fn plan(&self) {
        if let Err(error) = schedules::plan(&self.app.db, &self.op()).await {
            edge::telemetry::report(&error);
        }
    }

    fn op(&self) -> Op {
        self.app.op("worker").by(Actor::Worker)
    }
}

fn tell(ended: &Ended, settled: Settled) {
    let Ended { claimed, outcome, took } = ended;
    let (id, reason, millis) = (claimed.id, outcome.reason(), took.as_millis());
    let queue = claimed.queue.as_str();
    match settled {
        Settled::Completed => {
            tracing::info!(job.id = %id, job.queue.name = queue, "Job completed [elapsed: {millis}ms]");
        }
        Settled::RetryIn(delay) => tracing::warn!(
            job.id = %id, job.queue.name = queue, reason,
            "Job failed, will retry in {}s [elapsed: {millis}ms]", delay.as_secs()
        ),
        // The link to the homeserver has told that it does not answer; there may be very many of these.
        Settled::PostponedFor(delay) => tracing::debug!(
            job.id = %id, job.queue.name = queue, reason, "Job postponed for {}s", delay.as_secs()
        ),
        Settled::Failed => tracing::error!(
            job.id = %id, job.queue.name = queue, reason, "Job failed, not retrying [elapsed: {millis}ms]"
        ),
        Settled::Abandoned => tracing::error!(
            job.id = %id, job.queue.name = queue, reason,
            "Job failed after too many attempts, not retrying [elapsed: {millis}ms]"
        ),
        Settled::Lost => tracing::warn!(
            job.id = %id, job.queue.name = queue,
            "Job ended, but was not this worker's any more: its lease had run out [elapsed: {millis}ms]"
        ),
    }
}
