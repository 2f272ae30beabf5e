//! Signing keys and what is signed with them: JWS (RFC 7515), JWK sets (RFC 7517), thumbprints (RFC 7638).
//!
//! Also what other parties signed ([`Jws`], [`PublicKeys`]). Not here: what a token claims, which belongs to the
//! surface that issues or reads it.
//! Invariant: a private key enters once, at start-up, and leaves only as a signature or as its public half.

mod algorithm;
mod curve;
mod generate;
mod jws;
mod key;
mod keystore;
mod load;
mod public;

pub use algorithm::Algorithm;
pub use generate::{KeyKind, generate_pem};
pub use jws::{Claimed, Hmac, Jws, Malformed};
pub use keystore::{Keystore, Published, Retired};
pub use load::KeySource;
pub use public::{MOST_KEYS, PublicKeys, Verdict};

/// base64url without padding (RFC 7515 §2): the text form of everything in JOSE.
fn base64url(bytes: impl AsRef<[u8]>) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
