//! The sign-in limiter: token buckets per address and per account, in memory.
//!
//! The account's bucket goes by the normalised text that was typed before anything is looked up, and by the account
//! once it is known, so that name, e-mail address and letter case share one count.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    Quota as Cells, RateLimiter,
    clock::{Clock as GovernorClock, Reference},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::keyed::DefaultKeyedStateStore,
};
use kernel::{Clock, Timestamp, id::UserId};

/// At most `burst` at once, refilled at `per_second`.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    pub burst: NonZeroU32,
    pub per_second: f64,
}

impl Quota {
    fn cells(self) -> Cells {
        let period = Duration::from_secs_f64((1.0 / self.per_second).clamp(1e-9, 1e9));
        Cells::with_period(period).expect("not zero").allow_burst(self.burst)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Address(Option<IpAddr>),
    /// SHA-256 of what was typed: a key is never longer than this, and a password typed into the wrong field is not kept.
    Typed([u8; 32]),
    User(UserId),
}

type Buckets = RateLimiter<Key, DefaultKeyedStateStore<Key>, InjectedClock, NoOpMiddleware<Instant>>;

#[derive(Debug)]
pub struct Limiter {
    per_address: Buckets,
    per_account: Buckets,
}

/// Too many attempts: how long until the next one may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled(pub Duration);

impl Limiter {
    pub fn new(per_address: Quota, per_account: Quota, clock: Arc<dyn Clock>) -> Self {
        let buckets = |quota: Quota| {
            RateLimiter::new(
                quota.cells(),
                DefaultKeyedStateStore::default(),
                InjectedClock(Arc::clone(&clock)),
            )
        };
        Self { per_address: buckets(per_address), per_account: buckets(per_account) }
    }

    /// Charges an attempt before anything is looked up: the address first, then what was typed.
    pub fn charge(&self, address: Option<IpAddr>, typed: &str) -> Result<(), Throttled> {
        check(&self.per_address, Key::Address(address.map(network)))?;
        check(&self.per_account, Key::Typed(kernel::token::hash(&kernel::name::normalise(typed))))
    }

    /// Charges the account itself, once it is known.
    pub fn charge_account(&self, user: UserId) -> Result<(), Throttled> {
        check(&self.per_account, Key::User(user))
    }

    /// Forgets those who have not tried for long.
    pub fn forget_idle(&self) {
        self.per_address.retain_recent();
        self.per_account.retain_recent();
    }
}

fn check(buckets: &Buckets, key: Key) -> Result<(), Throttled> {
    buckets.check_key(&key).map_err(|until| Throttled(until.wait_time_from(buckets.clock().now())))
}

/// Whoever has one IPv6 address has its whole /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((u128::from(six) & !u128::from(u64::MAX)).into()),
        },
    }
}

/// The service's clock, as the limiter wants it.
#[derive(Clone, Debug)]
struct InjectedClock(Arc<dyn Clock>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Instant(Timestamp);

impl GovernorClock for InjectedClock {
    type Instant = Instant;
    fn now(&self) -> Instant {
        Instant(self.0.now())
    }
}

impl Reference for Instant {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.since(earlier.0).into()
    }
    fn saturating_sub(&self, by: Nanos) -> Self {
        Self(self.0 - by.into())
    }
}

impl std::ops::Add<Nanos> for Instant {
    type Output = Self;
    fn add(self, by: Nanos) -> Self {
        Self(self.0 + by.into())
    }
}

#[cfg(test)]
mod tests {
    use kernel::SystemClock;

    use super::*;

    fn limiter() -> Limiter {
        let quota = |burst| Quota { burst: NonZeroU32::new(burst).unwrap(), per_second: 1e-6 };
        Limiter::new(quota(3), quota(1), Arc::new(SystemClock))
    }

    #[test]
    fn letter_case_does_not_give_another_count() {
        let limiter = limiter();
        let address = |last| Some(IpAddr::from([192, 0, 2, last]));
        assert_eq!(limiter.charge(address(1), "Alice"), Ok(()));
        assert!(limiter.charge(address(2), "aLICE").is_err());
        assert_eq!(limiter.charge(address(2), "bob"), Ok(()));
    }

    #[test]
    fn addresses_of_one_ipv6_network_share_a_count() {
        let limiter = limiter();
        for (name, last) in [("a", 1), ("b", 2), ("c", 3)] {
            assert_eq!(limiter.charge(Some(format!("2001:db8::{last}").parse().unwrap()), name), Ok(()));
        }
        assert!(limiter.charge(Some("2001:db8::4".parse().unwrap()), "d").is_err());
        assert_eq!(limiter.charge(Some("2001:db8:0:1::4".parse().unwrap()), "d"), Ok(()));
    }
}
