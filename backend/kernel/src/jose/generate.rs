//! Fresh signing keys for `config generate`, in the traditional encodings that operators know.

use aws_lc_rs::{
    encoding::AsDer,
    rsa,
    signature::{EcdsaKeyPair, Ed25519KeyPair},
};
use pkcs8::{
    PrivateKeyInfoRef,
    der::pem::{LineEnding, encode_string},
};

use super::curve::Curve;
use crate::{Error, Result, Secret};

/// A kind of key that can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Rsa2048,
    P256,
    P384,
    P521,
    Secp256k1,
    Ed25519,
}

/// A new private key as PEM: RSA as `RSA PRIVATE KEY` (PKCS#1), EC as `EC PRIVATE KEY` (SEC1, RFC 5915),
/// Ed25519 as `PRIVATE KEY` (PKCS#8, RFC 8410).
///
/// The randomness is the operating system's, in tests too: a key from a seeded stream has no use that is safe.
pub fn generate_pem(kind: KeyKind) -> Result<Secret<String>> {
    match kind {
        KeyKind::Rsa2048 => rsa_pem(rsa::KeySize::Rsa2048),
        KeyKind::P256 => ec_pem(Curve::P256),
        KeyKind::P384 => ec_pem(Curve::P384),
        KeyKind::P521 => ec_pem(Curve::P521),
        KeyKind::Secp256k1 => ec_pem(Curve::Secp256k1),
        KeyKind::Ed25519 => ed25519_pem(),
    }
}

fn rsa_pem(size: rsa::KeySize) -> Result<Secret<String>> {
    let pkcs8 = rsa::KeyPair::generate(size).and_then(|key| key.as_der()).map_err(Error::internal)?;
    // PKCS#8 wraps the PKCS#1 structure (RFC 8017 appendix A.1.2).
    let inner = PrivateKeyInfoRef::try_from(pkcs8.as_ref()).map_err(Error::internal)?;
    pem("RSA PRIVATE KEY", inner.private_key.as_bytes())
}

fn ec_pem(curve: Curve) -> Result<Secret<String>> {
    let key = EcdsaKeyPair::generate(curve.signing()).map_err(Error::internal)?;
    let sec1 = key.private_key().as_der().map_err(Error::internal)?;
    pem("EC PRIVATE KEY", sec1.as_ref())
}

fn ed25519_pem() -> Result<Secret<String>> {
    let key = Ed25519KeyPair::generate().and_then(|key| key.to_pkcs8v1()).map_err(Error::internal)?;
    pem("PRIVATE KEY", key.as_ref())
}

fn pem(label: &'static str, der: &[u8]) -> Result<Secret<String>> {
    encode_string(label, LineEnding::LF, der).map(Secret::new).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_the_traditional_encodings_and_never_twice() {
        for (kind, label) in [
            (KeyKind::Rsa2048, "RSA PRIVATE KEY"),
            (KeyKind::P256, "EC PRIVATE KEY"),
            (KeyKind::P384, "EC PRIVATE KEY"),
            (KeyKind::P521, "EC PRIVATE KEY"),
            (KeyKind::Secp256k1, "EC PRIVATE KEY"),
            (KeyKind::Ed25519, "PRIVATE KEY"),
        ] {
            let pem = generate_pem(kind).unwrap();
            assert!(pem.expose().starts_with(&format!("-----BEGIN {label}-----\n")), "{kind:?}");
            assert!(pem.expose().ends_with(&format!("-----END {label}-----\n")), "{kind:?}");
            assert_ne!(pem, generate_pem(kind).unwrap(), "{kind:?}");
        }
    }
}
