//! Passwords: hashing and verifying under versioned schemes, on threads of their own, and judging new ones.
//!
//! Not here: whose password it is, and how often one may guess.
//! Sources: RFC 9106 (Argon2), RFC 8018 (PBKDF2), Provos and Mazières 1999 (bcrypt), the PHC string format.
//! Invariant: nothing hashes or scores outside of [`Hasher`]'s threads, and what does not verify is never an `Ok` that a
//! caller could mistake for success: [`Outcome`] has to be matched.

mod argon2id;
mod bcrypt;
mod complexity;
mod hasher;
mod password;
mod pbkdf2;
mod pool;
mod scheme;

pub use complexity::{Complexity, Verdict};
pub use hasher::{Hasher, Limits};
pub use password::{MAX_BYTES, Password};
pub use scheme::{Algorithm, Hashed, Outcome, Scheme, Schemes};
