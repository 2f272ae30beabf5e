//! PBKDF2 with HMAC-SHA256 (RFC 8018 §5.2) as PHC strings.

use std::num::NonZeroU32;

use argon2::password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use aws_lc_rs::pbkdf2::{PBKDF2_HMAC_SHA256, derive};
use kernel::{Error, Result, Secret};

const IDENT: &str = "pbkdf2-sha256";
const ITERATIONS: u32 = 600_000;
const OUTPUT_BYTES: u32 = 32;

pub(super) fn hash(password: &[u8], salt: [u8; 16]) -> Result<String> {
    let mut params = ParamsString::new();
    params.add_decimal("i", ITERATIONS).map_err(Error::internal)?;
    params.add_decimal("l", OUTPUT_BYTES).map_err(Error::internal)?;
    let output = run(password, &salt, ITERATIONS, OUTPUT_BYTES as usize)?;
    let phc = PasswordHash {
        algorithm: Ident::new_unwrap(IDENT),
        version: None,
        params,
        salt: Some(Salt::new(&salt).map_err(Error::internal)?),
        hash: Some(Output::new(output.expose()).map_err(Error::internal)?),
    };
    Ok(phc.to_string())
}

/// Verifies with the iterations that the stored hash names.
pub(super) fn verify(stored: &str, password: &[u8]) -> Result<bool> {
    let phc = PasswordHash::new(stored).map_err(Error::internal)?;
    if phc.algorithm.as_str() != IDENT {
        return Err(Error::internal("the stored hash is not of PBKDF2 with SHA-256"));
    }
    let iterations = phc.params.get_decimal("i");
    let (Some(iterations), Some(salt), Some(expected)) = (iterations, &phc.salt, &phc.hash) else {
        return Err(Error::internal("the stored hash lacks iterations, salt or output"));
    };
    Ok(run(password, salt, iterations, expected.len())?.matches(expected))
}

fn run(password: &[u8], salt: &[u8], iterations: u32, length: usize) -> Result<Secret<Vec<u8>>> {
    let iterations = NonZeroU32::new(iterations).ok_or_else(|| Error::internal("zero iterations"))?;
    let mut output = vec![0; length];
    derive(PBKDF2_HMAC_SHA256, iterations, salt, password, &mut output);
    Ok(Secret::new(output))
}
