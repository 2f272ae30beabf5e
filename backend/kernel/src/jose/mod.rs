//! Signing keys and what is signed with them: JWS (RFC 7515), JWK sets (RFC 7517), thumbprints (RFC 7638).
//!
//! Not here: what a token claims, which belongs to the surface that issues it, and keys of other parties.
//! Invariant: a private key enters once, at start-up, and leaves only as a signature or as its public half.

mod generate;

pub use generate::{KeyKind, generate_pem};
