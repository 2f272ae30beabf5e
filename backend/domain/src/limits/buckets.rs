//! Token buckets, in memory.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::Timestamp;

/// At most `burst` at once, refilled at `per_second`.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    pub burst: NonZeroU32,
    pub per_second: f64,
}

impl Quota {
    /// For the limits that nobody configures; `burst` is not zero.
    pub(super) const fn of(burst: u32, per_second: f64) -> Self {
        Self { burst: NonZeroU32::new(burst).expect("not zero"), per_second }
    }
}

/// Too many tries: how long until the next one may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled(pub Duration);

/// More are forgotten, the ones closest to being free first.
const MOST_KEYS: usize = 50_000;

/// Token buckets, one per key: `burst` at once, then `per_second`.
///
/// One number per key does it (the generic cell rate algorithm): the instant at which the bucket will be full again. Who
/// asks whether a try is free does not pay for it by that, so that only failures need to cost anything.
pub struct Buckets<K> {
    /// What one try costs, and how far the bucket may run ahead.
    period: Duration,
    depth: Duration,
    full_at: Mutex<HashMap<K, Timestamp>>,
}

impl<K: Eq + Hash + Copy> Buckets<K> {
    pub fn new(quota: Quota) -> Self {
        let period = Duration::from_secs_f64((1.0 / quota.per_second).clamp(1e-6, 1e9));
        Self { period, depth: period * quota.burst.get(), full_at: Mutex::default() }
    }

    /// Whether a try is free; it is not charged.
    pub fn check(&self, now: Timestamp, key: K) -> Result<(), Throttled> {
        self.with(|full_at| self.free(now, self.noted(full_at, now, key)))
    }

    /// Charges a try, if one is free.
    pub fn charge(&self, now: Timestamp, key: K) -> Result<(), Throttled> {
        self.with(|full_at| {
            let was = self.noted(full_at, now, key);
            self.free(now, was)?;
            if was.is_none() && full_at.len() >= MOST_KEYS {
                make_room(full_at, now);
            }
            full_at.insert(key, was.unwrap_or(now).max(now) + self.period);
            Ok(())
        })
    }

    /// Charges a try, if one is free, for as long as it is held: whoever is gone, or finds no time, before it is kept has not tried.
    pub fn hold(&self, now: Timestamp, key: K) -> Result<Hold<'_, K>, Throttled> {
        self.charge(now, key).map(|()| Hold { buckets: self, key, is_kept: false })
    }

    /// Gives a try back that was charged.
    pub fn give_back(&self, key: K) {
        self.with(|full_at| {
            if let Some(at) = full_at.get_mut(&key) {
                *at = *at - self.period;
            }
        });
    }

    /// Forgets those whose bucket is full again.
    pub fn forget_idle(&self, now: Timestamp) {
        self.with(|full_at| full_at.retain(|_, at| *at > now));
    }

    fn free(&self, now: Timestamp, full_at: Option<Timestamp>) -> Result<(), Throttled> {
        let Some(full_at) = full_at else { return Ok(()) };
        let over = (full_at + self.period).since(now + self.depth);
        if over.is_zero() { Ok(()) } else { Err(Throttled(over)) }
    }

    /// What is known of the key. An empty bucket is full after `depth`; what says later is of before the clock was set back.
    fn noted(&self, full_at: &mut HashMap<K, Timestamp>, now: Timestamp, key: K) -> Option<Timestamp> {
        full_at.get_mut(&key).map(|at| {
            *at = (*at).min(now + self.depth);
            *at
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<K, Timestamp>) -> T) -> T {
        work(&mut self.full_at.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A try that is given back unless it is kept.
pub struct Hold<'b, K: Eq + Hash + Copy> {
    buckets: &'b Buckets<K>,
    key: K,
    is_kept: bool,
}

impl<K: Eq + Hash + Copy> Hold<'_, K> {
    pub fn keep(mut self) {
        self.is_kept = true;
    }
}

impl<K: Eq + Hash + Copy> Drop for Hold<'_, K> {
    fn drop(&mut self) {
        if !self.is_kept {
            self.buckets.give_back(self.key);
        }
    }
}

/// A crowd of keys must not fill the memory: first the idle ones go, then the half that will be idle soonest.
fn make_room<K: Eq + Hash + Copy>(full_at: &mut HashMap<K, Timestamp>, now: Timestamp) {
    full_at.retain(|_, at| *at > now);
    if full_at.len() < MOST_KEYS {
        return;
    }
    let mut all: Vec<Timestamp> = full_at.values().copied().collect();
    let middle = all.len() / 2;
    let (_, median, _) = all.select_nth_unstable(middle);
    let median = *median;
    full_at.retain(|_, at| *at > median);
}

impl<K> fmt::Debug for Buckets<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets")
            .field("period", &self.period)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(burst: u32, per_second: f64) -> Buckets<u32> {
        Buckets::new(Quota { burst: NonZeroU32::new(burst).unwrap(), per_second })
    }

    #[test]
    fn a_burst_is_free_and_then_it_trickles() {
        let (buckets, start) = (buckets(3, 0.1), Timestamp::from_secs(1000));
        for _ in 0..3 {
            assert_eq!(buckets.charge(start, 1), Ok(()));
        }
        assert_eq!(buckets.charge(start, 1), Err(Throttled(Duration::from_secs(10))));
        assert_eq!(buckets.charge(start, 2), Ok(()), "another key has its own");
        let later = start + Duration::from_secs(10);
        assert_eq!(buckets.charge(later, 1), Ok(()));
        assert!(buckets.charge(later, 1).is_err());
    }

    #[test]
    fn asking_costs_nothing() {
        let (buckets, now) = (buckets(1, 0.1), Timestamp::from_secs(1000));
        for _ in 0..10 {
            assert_eq!(buckets.check(now, 1), Ok(()));
        }
        assert_eq!(buckets.charge(now, 1), Ok(()));
        assert_eq!(buckets.check(now, 1), Err(Throttled(Duration::from_secs(10))));
    }

    #[test]
    fn what_is_given_back_is_free_again() {
        let (buckets, now) = (buckets(2, 0.1), Timestamp::from_secs(1000));
        for _ in 0..10 {
            buckets.charge(now, 1).unwrap();
            buckets.give_back(1);
        }
        buckets.give_back(2);
        for _ in 0..2 {
            buckets.charge(now, 1).unwrap();
        }
        assert!(buckets.charge(now, 1).is_err());
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody_up_for_long() {
        let (buckets, ahead) = (buckets(2, 0.1), Timestamp::from_secs(1_000_000));
        let now = Timestamp::from_secs(1000);
        buckets.charge(ahead, 1).unwrap();
        assert_eq!(buckets.charge(now, 1), Err(Throttled(Duration::from_secs(10))));
        assert_eq!(buckets.charge(now + Duration::from_secs(10), 1), Ok(()));
    }

    #[test]
    fn crowds_are_bounded_and_the_worst_are_remembered() {
        let (buckets, now) = (buckets(2, 0.001), Timestamp::from_secs(1000));
        buckets.charge(now, u32::MAX).unwrap();
        buckets.charge(now, u32::MAX).unwrap();
        for key in 0..2 * u32::try_from(MOST_KEYS).unwrap() {
            buckets.charge(now, key).unwrap();
        }
        assert!(buckets.with(|full_at| full_at.len()) <= MOST_KEYS);
        assert!(buckets.check(now, u32::MAX).is_err());
        buckets.forget_idle(now + Duration::from_secs(10_000));
        assert_eq!(buckets.with(|full_at| full_at.len()), 0);
    }
}
