//! bcrypt, for passwords that come from Synapse.
//!
//! It reads 72 bytes and ignores the rest, also here, since Synapse's hashes were made so: a long password pushes
//! the pepper, which is appended, out. Let a newer scheme hash new passwords.

use kernel::{Error, Result};

/// `$2b$…`
pub(super) fn hash(password: &[u8], salt: [u8; 16], cost: u32) -> Result<String> {
    let parts = ::bcrypt::hash_with_salt(password, cost, salt);
    Ok(parts.map_err(Error::internal)?.to_string())
}

/// The cost is the stored hash's own; `$2a$`, `$2b$`, `$2x$` and `$2y$` are computed alike.
pub(super) fn verify(stored: &str, password: &[u8]) -> Result<bool> {
    ::bcrypt::verify(password, stored).map_err(Error::internal)
}
