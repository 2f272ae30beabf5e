//! Wrong user codes of devices, from wherever they are typed (RFC 8628 §5.1).
//!
//! Codes are short, so all guesses together are held to a rate. Whoever used that up would keep everybody else from
//! typing a code; so ever wider networks are held to a part of it, and people who are signed in have an allowance that
//! strangers cannot touch.

use std::net::IpAddr;

use kernel::{Timestamp, id::UserId};

use super::{Buckets, Quota, Throttled, network};

/// Two a second in a space of 148 million, by strangers and by people who are signed in: twenty minutes, a code's whole
/// life, give them together a chance of one in 29,000 to hit a given code.
const ALL: Quota = Quota::of(120, 2.0);
/// What an organisation has, or a neighbourhood behind one address.
const SITE: (u32, u32) = (24, 48);
const PER_SITE: Quota = Quota::of(30, 0.2);
/// What a provider has: it takes four of them to use up what there is.
const PROVIDER: (u32, u32) = (16, 32);
const PER_PROVIDER: Quota = Quota::of(60, 0.5);
const PER_ACCOUNT: Quota = Quota::of(10, 1.0 / 60.0);

/// Who types a code.
#[derive(Clone, Copy, Debug)]
pub enum Guesser {
    Stranger(Option<IpAddr>),
    SignedIn(UserId),
}

#[derive(Debug)]
pub struct WrongCodes {
    sites: Buckets<Option<IpAddr>>,
    providers: Buckets<Option<IpAddr>>,
    accounts: Buckets<UserId>,
    strangers: Buckets<()>,
    signed_in: Buckets<()>,
}

impl Default for WrongCodes {
    fn default() -> Self {
        Self {
            sites: Buckets::new(PER_SITE),
            providers: Buckets::new(PER_PROVIDER),
            accounts: Buckets::new(PER_ACCOUNT),
            strangers: Buckets::new(ALL),
            signed_in: Buckets::new(ALL),
        }
    }
}

impl WrongCodes {
    /// Whether a try is free, should it be wrong.
    pub fn check(&self, now: Timestamp, who: Guesser) -> Result<(), Throttled> {
        match who {
            Guesser::Stranger(address) => {
                self.sites.check(now, address.map(|address| network(address, SITE)))?;
                self.providers.check(now, address.map(|address| network(address, PROVIDER)))?;
                self.strangers.check(now, ())
            }
            Guesser::SignedIn(user) => {
                self.accounts.check(now, user)?;
                self.signed_in.check(now, ())
            }
        }
    }

    /// It was wrong. Where others have made the last free try meanwhile, it counts for no more.
    pub fn charge(&self, now: Timestamp, who: Guesser) {
        let _ = match who {
            Guesser::Stranger(address) => [
                self.sites.charge(now, address.map(|address| network(address, SITE))),
                self.providers.charge(now, address.map(|address| network(address, PROVIDER))),
                self.strangers.charge(now, ()),
            ],
            Guesser::SignedIn(user) => {
                [self.accounts.charge(now, user), self.signed_in.charge(now, ()), Ok(())]
            }
        };
    }

    pub fn forget_idle(&self, now: Timestamp) {
        self.sites.forget_idle(now);
        self.providers.forget_idle(now);
        self.accounts.forget_idle(now);
        self.strangers.forget_idle(now);
        self.signed_in.forget_idle(now);
    }
}
