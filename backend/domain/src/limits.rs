//! How often strangers may try something. In memory, per process.
//!
//! Not here: signing in, whose counts go by account as well ([`crate::users::Limiter`]).

mod buckets;
mod wrong_codes;

use std::net::IpAddr;

use kernel::{
    Timestamp,
    id::{ClientId, EmailAuthenticationId, RegistrationId, UserId},
};

pub use buckets::{Buckets, Hold, Quota, Throttled};
pub use wrong_codes::{Guesser, WrongCodes};

/// An address, or the IPv6 network that whoever has one address has as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place(Option<IpAddr>);

impl Place {
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| network(address, (32, 64))))
    }
}

/// The network that an address is in, by the lengths of the prefixes of IPv4 and of IPv6.
fn network(address: IpAddr, (four, six): (u32, u32)) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            IpAddr::V4((u32::from(address) & u32::MAX.checked_shl(32 - four).unwrap_or(0)).into())
        }
        IpAddr::V6(address) => {
            IpAddr::V6((u128::from(address) & u128::MAX.checked_shl(128 - six).unwrap_or(0)).into())
        }
    }
}

/// Who sends an app's request to sign somebody in: who is signed in already, or else whoever is at that place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    Stranger(Place),
    SignedIn(UserId),
}

/// What is limited beside signing in.
#[derive(Debug)]
pub struct Limits {
    /// `rate_limiting.client_registration`: clients that register themselves.
    pub client_registration: Buckets<Place>,
    /// `rate_limiting.device_authorization`: devices that ask for a code.
    pub device_authorization: Buckets<Place>,
    /// `rate_limiting.device_code_link`: codes that are typed.
    pub device_code_link: Buckets<Place>,
    pub wrong_user_codes: WrongCodes,
    /// `rate_limiting.app_request`: requests of apps to sign somebody in, which are kept until somebody answers.
    pub app_request: Buckets<Asker>,
    /// `rate_limiting.refused_refresh`: refresh tokens that were refused, by their SHA-256. A client that hammers a dead session
    /// is held up. No other token is, not even of the same line: what is refused may be made up around the line's handle.
    pub refused_refresh: Buckets<(ClientId, Place, [u8; 32])>,
    /// `rate_limiting.email_authentication`
    pub email_authentication: EmailAuthentications,
    /// `rate_limiting.registration`: people who register.
    pub registration: Buckets<Place>,
    /// Forms for registering that are sent, with mistakes or without: each costs scoring a password and a question to the homeserver.
    pub registration_form: Buckets<Place>,
    /// Registration tokens that are typed and not good.
    pub registration_token: Buckets<Place>,
    /// The same, of one registration wherever its browser is.
    pub registration_token_of: Buckets<RegistrationId>,
    /// Downloads of everything that is kept of a person.
    pub data_export: Buckets<UserId>,
}

/// Whoever wants a copy of their data needs it once, or a few times if something goes wrong: then one every ten minutes.
const DATA_EXPORT: Quota = Quota::of(5, 1.0 / 600.0);

/// Registration tokens that we make have 71 bits; operators may choose shorter ones.
const REGISTRATION_TOKEN: Quota = Quota::of(10, 1.0 / 60.0);

/// More mistakes than people make, and little beside what signing in may cost.
const REGISTRATION_FORM: Quota = Quota::of(20, 0.1);

/// Verifying addresses: what is sent to them, and what is typed.
#[derive(Debug)]
pub struct EmailAuthentications {
    pub per_ip: Buckets<Place>,
    /// SHA-256 of the normalised address.
    pub per_address: Buckets<[u8; 32]>,
    pub mails: Buckets<Prover>,
    pub attempts: Buckets<Prover>,
}

/// Whose tries of proving an address are counted. Whoever registers goes on with the same count when they change the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prover {
    Account(EmailAuthenticationId),
    Registration(RegistrationId),
}

/// The quotas of [`EmailAuthentications`].
#[derive(Clone, Copy, Debug)]
pub struct EmailQuotas {
    pub per_ip: Quota,
    pub per_address: Quota,
    pub mails: Quota,
    pub attempts: Quota,
}

impl EmailAuthentications {
    fn new(quotas: EmailQuotas) -> Self {
        Self {
            per_ip: Buckets::new(quotas.per_ip),
            per_address: Buckets::new(quotas.per_address),
            mails: Buckets::new(quotas.mails),
            attempts: Buckets::new(quotas.attempts),
        }
    }

    fn forget_idle(&self, now: Timestamp) {
        self.per_ip.forget_idle(now);
        self.per_address.forget_idle(now);
        self.mails.forget_idle(now);
        self.attempts.forget_idle(now);
    }
}

/// The quotas of [`Limits`], as configured.
#[derive(Clone, Copy, Debug)]
pub struct Quotas {
    pub client_registration: Quota,
    pub device_authorization: Quota,
    pub device_code_link: Quota,
    pub app_request: Quota,
    pub refused_refresh: Quota,
    pub email_authentication: EmailQuotas,
    pub registration: Quota,
}

impl Limits {
    pub fn new(quotas: &Quotas) -> Self {
        Self {
            client_registration: Buckets::new(quotas.client_registration),
            device_authorization: Buckets::new(quotas.device_authorization),
            device_code_link: Buckets::new(quotas.device_code_link),
            wrong_user_codes: WrongCodes::default(),
            app_request: Buckets::new(quotas.app_request),
            refused_refresh: Buckets::new(quotas.refused_refresh),
            email_authentication: EmailAuthentications::new(quotas.email_authentication),
            registration: Buckets::new(quotas.registration),
            registration_form: Buckets::new(REGISTRATION_FORM),
            registration_token: Buckets::new(REGISTRATION_TOKEN),
            registration_token_of: Buckets::new(REGISTRATION_TOKEN),
            data_export: Buckets::new(DATA_EXPORT),
        }
    }

    /// Forgets those who have not tried for long.
    pub fn forget_idle(&self, now: Timestamp) {
        self.client_registration.forget_idle(now);
        self.device_authorization.forget_idle(now);
        self.device_code_link.forget_idle(now);
        self.wrong_user_codes.forget_idle(now);
        self.app_request.forget_idle(now);
        self.refused_refresh.forget_idle(now);
        self.email_authentication.forget_idle(now);
        self.registration.forget_idle(now);
        self.registration_form.forget_idle(now);
        self.registration_token.forget_idle(now);
        self.registration_token_of.forget_idle(now);
        self.data_export.forget_idle(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_an_address_has_its_network() {
        let is = |address: &str, lengths, expected: &str| {
            assert_eq!(network(address.parse().unwrap(), lengths), expected.parse::<IpAddr>().unwrap());
        };
        is("192.0.2.77", (32, 64), "192.0.2.77");
        is("::ffff:192.0.2.77", (32, 64), "192.0.2.77");
        is("2001:db8:1:2:3:4:5:6", (32, 64), "2001:db8:1:2::");
        is("192.0.2.77", (24, 48), "192.0.2.0");
        is("2001:db8:1:2:3:4:5:6", (24, 48), "2001:db8:1::");
        is("192.0.2.77", (16, 32), "192.0.0.0");
        is("2001:db8:1:2:3:4:5:6", (16, 32), "2001:db8::");
    }
}
