//! People: their accounts, how they sign in, and their browser sessions.
//!
//! Invariant: a name is looked up and compared in its normalised form only ([`kernel::name::normalise`]); the answer
//! to a failed sign-in does not tell whether the account exists, neither in words nor in time.

pub mod browser;
mod device_name;
mod find;
mod limits;
pub mod login;
pub mod password;
pub mod reauthenticate;
pub mod register;

pub use device_name::device_name;
pub(crate) use find::primary_email;
pub use find::{by_id, by_username, has_email};
pub use limits::{Limiter, Quota, Throttled};
