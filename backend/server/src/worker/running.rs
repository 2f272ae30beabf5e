//! The jobs that a worker has under way.

use std::{collections::HashMap, time::Duration};

use domain::jobs::{self, Claimed, Ended, Outcome, Room, Stop, terms::Terms};
use edge::App;
use kernel::{Actor, id::JobId};
use tokio::{
    task::{Id, JoinError, JoinSet},
    time::Instant,
};
use tracing::Instrument;

pub struct Running {
    app: App,
    stop: Stop,
    tasks: JoinSet<Outcome>,
    claimed: HashMap<Id, (Claimed, Instant)>,
    /// One that has been waited for.
    ended: Vec<Ended>,
    room: Room,
}

impl Running {
    pub fn new(app: &App, stop: &Stop) -> Self {
        Self {
            app: app.clone(),
            stop: stop.clone(),
            tasks: JoinSet::new(),
            claimed: HashMap::new(),
            ended: Vec::new(),
            room: Room::default(),
        }
    }

    /// Slots are taken until [`Self::leave`].
    pub const fn room(&self) -> &Room {
        &self.room
    }

    pub fn is_empty(&self) -> bool {
        self.claimed.is_empty() && self.ended.is_empty()
    }

    pub fn ids(&self) -> impl Iterator<Item = JobId> {
        self.claimed
            .values()
            .map(|(claimed, _)| claimed.id)
            .chain(self.ended.iter().map(|ended| ended.claimed.id))
    }

    pub fn start(&mut self, job: Claimed) {
        self.room.enter(&job.queue);
        self.app.metrics.jobs.began(&job.queue);
        let limit = Terms::of(&job.queue).limit;
        let context = format!("job-{}", job.queue);
        let span = tracing::info_span!("job", context);
        let (app, claimed, stop) = (self.app.clone(), job.clone(), self.stop.child_token());
        let handle = self.tasks.spawn(one(app, claimed, stop, limit).instrument(span));
        self.claimed.insert(handle.id(), (job, Instant::now()));
    }

    pub fn leave(&mut self, job: &Claimed) {
        self.room.leave(&job.queue);
    }

    /// Returns when a job has ended; never, if none is running.
    pub async fn one_ends(&mut self) {
        match self.tasks.join_next_with_id().await {
            None => std::future::pending().await,
            Some(done) => self.note(done),
        }
    }

    /// All that have ended.
    pub async fn ended(&mut self) -> Vec<Ended> {
        // Those that were started together end together: a moment's patience books them together.
        tokio::task::yield_now().await;
        while let Some(done) = self.tasks.try_join_next_with_id() {
            self.note(done);
        }
        std::mem::take(&mut self.ended)
    }

    /// Drops what is still running; the answer is which jobs that was.
    pub async fn abandon(&mut self) -> Vec<JobId> {
        self.tasks.shutdown().await;
        self.claimed.drain().map(|(_, (claimed, _))| claimed.id).collect()
    }

    fn note(&mut self, done: Result<(Id, Outcome), JoinError>) {
        let (task, outcome) = match done {
            Ok(done) => done,
            Err(panic) => (panic.id(), Outcome::Crashed(format!("crashed: {panic}"))),
        };
        if let Some((claimed, since)) = self.claimed.remove(&task) {
            self.ended.push(Ended { claimed, outcome, took: since.elapsed() });
        }
    }
}

async fn one(app: App, claimed: Claimed, stop: Stop, limit: Option<Duration>) -> Outcome {
    let (id, queue, attempt) = (claimed.id, claimed.queue.as_str(), claimed.attempt);
    let timeout = limit.map(|limit| limit.as_secs());
    tracing::info!(
        job.id = %id, job.queue.name = queue, job.attempt = attempt, job.timeout = timeout, "Running job"
    );
    let op = app.op("worker").by(Actor::Worker);
    let run = jobs::run_claimed(app.job_parts(&stop), &op, &claimed);
    let Some(limit) = limit else { return run.await };
    let mut run = std::pin::pin!(run);
    tokio::select! {
        outcome = &mut run => return outcome,
        () = tokio::time::sleep(limit) => {}
    }
    tracing::warn!(job.id = %id, job.queue.name = queue, "Job takes too long: asked to stop");
    stop.cancel();
    run.await
}
