//! A clock that stands still until it is told otherwise.

use std::{
    sync::atomic::{AtomicI64, Ordering::SeqCst},
    time::Duration,
};

use kernel::{Clock, Timestamp};

#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).expect("tests do not last for ages");
        self.0.fetch_add(micros, SeqCst);
    }

    /// As somebody does who finds that it was wrong.
    pub fn set_back(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).expect("tests do not last for ages");
        self.0.fetch_sub(micros, SeqCst);
    }
}

impl Default for ManualClock {
    /// 2026-08-01T12:00:00Z.
    fn default() -> Self {
        Self(AtomicI64::new(Timestamp::from_secs(1_785_585_600).0))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(SeqCst))
    }
}
