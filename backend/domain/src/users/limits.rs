//! The sign-in limiter: token buckets per address and per account, in memory.
//!
//! The account's bucket goes by the normalised text that was typed before anything is looked up, and by the account
//! once it is known, so that name, e-mail address and letter case share one count.

use std::{net::IpAddr, sync::Arc};

use kernel::{Clock, id::UserId};

use crate::limits::{Buckets, Place};
pub use crate::limits::{Quota, Throttled};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Account {
    /// SHA-256 of what was typed: a key is never longer than this, and a password typed into the wrong field is not kept.
    Typed([u8; 32]),
    Known(UserId),
}

#[derive(Debug)]
pub struct Limiter {
    clock: Arc<dyn Clock>,
    per_address: Buckets<Place>,
    per_account: Buckets<Account>,
}

impl Limiter {
    pub fn new(per_address: Quota, per_account: Quota, clock: Arc<dyn Clock>) -> Self {
        Self { clock, per_address: Buckets::new(per_address), per_account: Buckets::new(per_account) }
    }

    /// Charges an attempt before anything is looked up: the address first, then what was typed.
    pub fn charge(&self, address: Option<IpAddr>, typed: &str) -> Result<(), Throttled> {
        let now = self.clock.now();
        self.per_address.charge(now, Place::of(address))?;
        let typed = kernel::token::hash(&kernel::name::normalise(typed));
        self.per_account.charge(now, Account::Typed(typed))
    }

    /// Charges the account itself, once it is known.
    pub fn charge_account(&self, user: UserId) -> Result<(), Throttled> {
        self.per_account.charge(self.clock.now(), Account::Known(user))
    }

    /// Forgets those who have not tried for long.
    pub fn forget_idle(&self) {
        let now = self.clock.now();
        self.per_address.forget_idle(now);
        self.per_account.forget_idle(now);
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

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
