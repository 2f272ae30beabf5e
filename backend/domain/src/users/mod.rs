//! People: their accounts, how they sign in, and their browser sessions.
//!
//! Invariant: a name is looked up and compared in its normalised form only ([`kernel::name::normalise`]); the answer
//! to a failed sign-in does not tell whether the account exists, neither in words nor in time.

mod admins;
pub mod browser;
pub mod change_password;
mod deactivate;
pub mod display_name;
pub mod email_authentications;
pub mod emails;
mod end_sessions;
pub(crate) mod erase;
mod find;
mod limits;
mod lock;
pub mod login;
pub mod password;
mod provision;
pub mod reactivate;
pub mod reauthenticate;
pub mod recovery_tickets;
pub mod register;
pub mod registration_tokens;
pub mod registrations;
pub mod state;
pub mod welcome;

pub use admins::{admins, may_have, set_admin};
pub use deactivate::deactivate;
pub use end_sessions::{Counts, count_sessions, end_sessions, end_slice};
pub(crate) use find::primary_email;
pub use find::{by_id, by_ids, by_username, has_email, hold};
pub use limits::{Limiter, Quota, Throttled};
pub use lock::{lock, unlock};
pub use provision::provision_next;
pub use reactivate::reactivate;
pub use state::Settled;
