//! Reading a private key: PEM or DER; PKCS#8 (RFC 5958) plain or encrypted (PBES2, RFC 8018), PKCS#1, SEC1.

use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use pkcs1::RsaPrivateKeyRef;
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef, SecretDocument, pkcs5};
use sec1::EcPrivateKey;

use super::{
    curve::Curve,
    key::{Pair, SigningKey},
};
use crate::{Error, Kind, Result, Secret, Timestamp};

/// A private key as the configuration gives it.
#[derive(Clone, Debug)]
pub struct KeySource {
    /// The key's name in `kid`; its RFC 7638 thumbprint when absent.
    pub kid: Option<String>,
    /// Until then the key is published, but does not sign.
    pub use_from: Option<Timestamp>,
    /// The content of the key file, or the inline PEM.
    pub bytes: Secret<Vec<u8>>,
    pub password: Option<Secret<Vec<u8>>>,
    /// File name or path in the configuration, for error messages.
    pub origin: String,
}

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const SUPPORTED: &str = "use RSA (2048 to 8192 bits), P-256, P-384, P-521, secp256k1 or Ed25519";

/// Reads the key; the error says what is wrong with which source and how to mend it.
pub(super) fn load(source: KeySource) -> Result<SigningKey> {
    let password = source.password.as_ref().map(|password| password.expose().as_slice());
    match decode(source.bytes.expose(), password) {
        Ok(pair) => Ok(SigningKey::new(source.kid, source.use_from, pair)),
        Err(problem) => Err(Error::new(Kind::Invalid, format!("signing key {}: {problem}", source.origin))),
    }
}

type Decoded<T = Pair> = std::result::Result<T, String>;

fn decode(bytes: &[u8], password: Option<&[u8]>) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN") => from_pem(text, password),
        _ => from_der(bytes, password),
    }
}

fn from_pem(text: &str, password: Option<&[u8]>) -> Decoded {
    if text.contains("Proc-Type:") {
        return Err("this is OpenSSL's old encrypted format; convert it with `openssl pkcs8 -topk8`".into());
    }
    if text.matches("-----BEGIN").count() > 1 {
        return Err("there is more than one PEM block; keep only the private key".into());
    }
    let (label, der) = SecretDocument::from_pem(text.trim()).map_err(|cause| {
        format!("the PEM text cannot be read ({cause}); check for missing or altered lines")
    })?;
    let der = der.as_bytes();
    match label {
        "ENCRYPTED PRIVATE KEY" => from_encrypted(der, password),
        "PRIVATE KEY" => plain(password).and_then(|()| from_pkcs8(der)),
        "RSA PRIVATE KEY" => plain(password).and_then(|()| from_pkcs1(der)),
        "EC PRIVATE KEY" => plain(password).and_then(|()| from_sec1(der, None)),
        other => Err(format!("found a PEM block of `{other}` where a private key is needed")),
    }
}

fn from_der(der: &[u8], password: Option<&[u8]>) -> Decoded {
    if EncryptedPrivateKeyInfoRef::try_from(der).is_ok() {
        from_encrypted(der, password)
    } else if PrivateKeyInfoRef::try_from(der).is_ok() {
        plain(password).and_then(|()| from_pkcs8(der))
    } else if EcPrivateKey::try_from(der).is_ok() {
        plain(password).and_then(|()| from_sec1(der, None))
    } else if RsaPrivateKeyRef::try_from(der).is_ok() {
        plain(password).and_then(|()| from_pkcs1(der))
    } else {
        Err("this is neither PEM nor DER of a private key (PKCS#8, PKCS#1 or SEC1)".into())
    }
}

fn plain(password: Option<&[u8]>) -> Decoded<()> {
    match password {
        None => Ok(()),
        Some(_) => Err("a password is given but the key is not encrypted; remove the password".into()),
    }
}

fn from_encrypted(der: &[u8], password: Option<&[u8]>) -> Decoded {
    const RECODE: &str = "re-encrypt it with `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256`";
    let password =
        password.ok_or("the key is encrypted; give its password in `password` or `password_file`")?;
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(der)
        .map_err(|_| format!("the key is damaged or encrypted in an unsupported way; {RECODE}"))?;
    let wrong = || "the password does not open the key".to_owned();
    match encrypted.decrypt(password) {
        Ok(opened) => match PrivateKeyInfoRef::try_from(opened.as_bytes()) {
            Ok(_) => from_pkcs8(opened.as_bytes()),
            Err(_) => Err(wrong()),
        },
        Err(pkcs8::Error::EncryptedPrivateKey(
            pkcs5::Error::UnsupportedAlgorithm { .. } | pkcs5::Error::NoPbes1CryptSupport,
        )) => Err(format!("the key is encrypted with an unsupported algorithm; {RECODE}")),
        // A wrong password shows as bad padding or, by chance, as plain text that is no key.
        Err(_) => Err(wrong()),
    }
}

fn from_pkcs8(der: &[u8]) -> Decoded {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|cause| format!("the key is damaged ({cause})"))?;
    let inner = info.private_key.as_bytes();
    match info.algorithm.oid {
        RSA_ENCRYPTION => from_pkcs1(inner),
        EC_PUBLIC_KEY => {
            let curve = info.algorithm.parameters_oid();
            from_sec1(inner, Some(curve.map_err(|_| "the key does not name its curve")?))
        }
        RSASSA_PSS => {
            Err("the key is restricted to RSA-PSS; use a plain RSA key, which also signs PS256".into())
        }
        ED25519 => from_ed25519(der),
        other => Err(format!("keys of type {other} are not supported; {SUPPORTED}")),
    }
}

fn from_pkcs1(der: &[u8]) -> Decoded {
    let key = RsaPrivateKeyRef::try_from(der).map_err(|cause| format!("the RSA key is damaged ({cause})"))?;
    if key.other_prime_infos.is_some() {
        return Err("RSA keys with more than two primes are not supported".into());
    }
    let bits = key.modulus.as_bytes().len() * 8;
    if !(2048..=8192).contains(&bits) {
        return Err(format!("RSA keys of about {bits} bits are not supported; {SUPPORTED}"));
    }
    RsaKeyPair::from_der(der).map(Pair::Rsa).map_err(|cause| format!("the RSA key is not valid ({cause})"))
}

/// Both versions of the envelope: with the public key (RFC 5958) and, as `openssl` writes it, without (RFC 5208).
fn from_ed25519(der: &[u8]) -> Decoded {
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(der)
        .map(Pair::Ed25519)
        .map_err(|cause| format!("the Ed25519 key is not valid ({cause})"))
}

/// `outer` is the curve that a PKCS#8 envelope names; a bare SEC1 key must name it itself.
fn from_sec1(der: &[u8], outer: Option<ObjectIdentifier>) -> Decoded {
    let key = EcPrivateKey::try_from(der).map_err(|cause| format!("the EC key is damaged ({cause})"))?;
    let own = key.parameters.and_then(|parameters| parameters.named_curve());
    let oid = outer.or(own).ok_or("the key does not name its curve; convert it to PKCS#8")?;
    let curve =
        Curve::from_oid(oid).ok_or_else(|| format!("the curve {oid} is not supported; {SUPPORTED}"))?;
    EcdsaKeyPair::from_private_key_der(curve.signing(), der)
        .map(|pair| Pair::Ec(curve, pair))
        .map_err(|cause| format!("the {} key is not valid ({cause})", curve.name()))
}
