//! A few operating-system threads that do nothing but hash, at low priority, fed from a bounded queue.
//!
//! Threads start when there is work and end when there has been none for a while, which gives their memory back.
//! Their low priority leaves the processor to everybody else's requests while people sign in in crowds.

use std::{
    any::Any,
    collections::VecDeque,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use kernel::{Error, Kind, Result};
use tokio::sync::oneshot;

use super::argon2id::Memory;

/// How much hashing may go on at once, and how much may wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub threads: NonZeroUsize,
    /// Jobs that may wait for a thread; more are refused.
    pub queue: usize,
    /// How long a thread without work stays.
    pub idle: Duration,
}

impl Default for Limits {
    /// A thread per core, and a queue that is worked off in a few seconds.
    fn default() -> Self {
        let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { threads, queue: 64 * threads.get(), idle: Duration::from_secs(10) }
    }
}

pub(super) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    limits: Limits,
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

impl Pool {
    pub fn new(limits: Limits) -> Self {
        let shared = Shared { limits, state: Mutex::default(), work: Condvar::new() };
        Self { shared: Arc::new(shared) }
    }

    /// Does `work` on a thread of the pool. Fails at once when too many are waiting. Whoever stops waiting for the
    /// answer takes the work back, unless it has begun.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        self.submit(Box::new(move |memory| {
            if answer.is_closed() {
                return;
            }
            let done = catch_unwind(AssertUnwindSafe(|| work(memory)));
            // Nobody may be listening any more.
            let _ = answer.send(done);
        }))?;
        match answered.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(panic)) => Err(Error::internal(format!("hashing panicked: {}", message(&*panic)))),
            Err(_) => Err(Error::internal("the hashing threads have ended")),
        }
    }

    fn submit(&self, job: Job) -> Result<()> {
        let mut state = self.shared.lock();
        if state.queue.len() >= self.shared.limits.queue {
            return Err(Error::new(
                Kind::Unavailable,
                "too many people are signing in right now, please try again in a moment",
            ));
        }
        state.queue.push_back(job);
        if state.queue.len() <= state.idle {
            self.shared.work.notify_one();
        } else if state.threads < self.shared.limits.threads.get() {
            let shared = self.shared.clone();
            match thread::Builder::new().name("hashing".into()).spawn(move || shared.serve()) {
                Ok(_) => state.threads += 1,
                // The threads that are there will get to it.
                Err(_) if state.threads > 0 => {}
                Err(cause) => {
                    state.queue.pop_back();
                    return Err(Error::unavailable(cause));
                }
            }
        }
        Ok(())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.work.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that holds the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a thread does from its start to its end.
    fn serve(&self) {
        lower_priority();
        let mut memory = Memory::default();
        while let Some(job) = self.next() {
            job(&mut memory);
        }
    }

    /// The next job; `None` tells the thread to end.
    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        if state.queue.is_empty() && !state.closed {
            state.idle += 1;
            let nothing = |state: &mut State| state.queue.is_empty() && !state.closed;
            let waited = self.work.wait_timeout_while(state, self.limits.idle, nothing);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.idle -= 1;
        }
        let job = state.queue.pop_front();
        if job.is_none() {
            state.threads -= 1;
        }
        job
    }
}

/// Nice 19: a normal thread that wakes up takes the core at once; all of it is theirs when nobody else wants it.
/// (The class for idle time was tried: requests waited longer beside it, and any other program could starve sign-ins.)
#[cfg(target_os = "linux")]
fn lower_priority() {
    // Process 0 is the calling thread on Linux. If it is refused, hashing merely competes as equals.
    let _ = rustix::process::setpriority_process(None, 19);
}

/// Elsewhere the call would slow down the whole process.
#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests;
