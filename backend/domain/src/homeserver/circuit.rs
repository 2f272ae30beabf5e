//! Stops asking a homeserver that does not answer, so that nobody waits for it and it can recover.
//!
//! After [`MOST_FAILURES`] failures in a row the circuit is open: calls fail at once. When its pause is over, one call
//! whose outcome tells something is let through as a probe. If that succeeds the circuit closes; if it fails, the pause is doubled.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::{Clock, Timestamp};

const MOST_FAILURES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Circuit {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Timestamp, opened: Opened },
    Probing { opened: Opened },
}

/// Why the circuit is open, and for how long from when it opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub pause: Duration,
    pub cause: String,
}

/// As the metrics tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Closed = 0,
    /// A probe is under way.
    HalfOpen = 1,
    Open = 2,
}

/// Leave to make one call. What is dropped without a verdict counts neither for nor against the homeserver.
#[derive(Debug)]
pub struct Permit<'a> {
    circuit: &'a Circuit,
    /// For the probe: what is to be restored if there is no verdict.
    probe: Option<Opened>,
}

impl Circuit {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    /// Leave to call, or why there is none and when to try again. Only what `may_probe` is let through while the circuit is
    /// open: a probe that takes minutes would keep everybody waiting, and one that gives no verdict would close nothing.
    pub fn admit(&self, may_probe: bool) -> Result<Permit<'_>, Opened> {
        let mut state = self.state();
        let probe = match &*state {
            State::Closed { .. } => None,
            State::Open { until, opened } => {
                // More than the whole pause is left only if the clock was set back.
                let left = Some(until.since(self.clock.now())).filter(|left| *left <= opened.pause);
                let left = left.unwrap_or_default();
                if !left.is_zero() || !may_probe {
                    return Err(Opened { pause: left, ..opened.clone() });
                }
                Some(opened.clone())
            }
            State::Probing { opened } => {
                return Err(Opened { pause: Duration::ZERO, ..opened.clone() });
            }
        };
        if let Some(opened) = probe.clone() {
            *state = State::Probing { opened };
        }
        Ok(Permit { circuit: self, probe })
    }

    /// Whether it is open, and its pause over: a probe would be let through.
    pub fn awaits_probe(&self) -> bool {
        match &*self.state() {
            State::Open { until, opened } => {
                let left = until.since(self.clock.now());
                left.is_zero() || left > opened.pause
            }
            State::Closed { .. } | State::Probing { .. } => false,
        }
    }

    pub fn phase(&self) -> Phase {
        match *self.state() {
            State::Closed { .. } => Phase::Closed,
            State::Open { .. } => Phase::Open,
            State::Probing { .. } => Phase::HalfOpen,
        }
    }

    fn open(&self, state: &mut State, pause: Duration, cause: &str) -> Opened {
        let opened = Opened { pause, cause: cause.to_owned() };
        *state = State::Open { until: self.clock.now() + pause, opened: opened.clone() };
        opened
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every state is written whole, so one that a panic left behind is good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// The homeserver has answered. `true` if that closed the circuit.
    pub fn succeeded(mut self) -> bool {
        let mut state = self.circuit.state();
        let was_probe = self.probe.take().is_some();
        // Others' calls that began before the circuit opened say nothing about now.
        if was_probe || matches!(*state, State::Closed { .. }) {
            *state = State::Closed { failures: 0 };
        }
        was_probe
    }

    /// The homeserver has not answered. The answer is there if that opened the circuit, or kept it open.
    pub fn failed(mut self, cause: &str) -> Option<Opened> {
        let mut state = self.circuit.state();
        if let Some(opened) = self.probe.take() {
            let pause = (opened.pause * 2).min(LONGEST_PAUSE);
            return Some(self.circuit.open(&mut state, pause, cause));
        }
        match &mut *state {
            State::Closed { failures } => {
                *failures += 1;
                let too_many = *failures >= MOST_FAILURES;
                too_many.then(|| self.circuit.open(&mut state, FIRST_PAUSE, cause))
            }
            State::Open { .. } | State::Probing { .. } => None,
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(opened) = self.probe.take() {
            // The next one may be the probe.
            *self.circuit.state() = State::Open { until: self.circuit.clock.now(), opened };
        }
    }
}

#[cfg(test)]
mod tests;
