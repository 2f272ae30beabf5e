//! One signing key: what it can do, how it presents itself, how it signs.

use aws_lc_rs::{
    digest, rand,
    signature::{
        ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
        RSA_PKCS1_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
        RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair, RsaParameters,
        UnparsedPublicKey, VerificationAlgorithm,
    },
};
use serde_json::{Value, json};

use super::{Algorithm, base64url, curve::Curve};
use crate::Timestamp;

pub(super) enum Pair {
    Rsa(RsaKeyPair),
    Ec(Curve, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

pub(super) struct SigningKey {
    pub kid: String,
    /// Until then the key is published, but does not sign.
    pub use_from: Option<Timestamp>,
    pair: Pair,
}

impl SigningKey {
    /// `kid` defaults to the key's thumbprint.
    pub fn new(kid: Option<String>, use_from: Option<Timestamp>, pair: Pair) -> Self {
        Self { kid: kid.unwrap_or_else(|| pair.thumbprint()), use_from, pair }
    }

    pub fn signs(&self, algorithm: Algorithm) -> bool {
        self.algorithms().contains(&algorithm)
    }

    pub fn algorithms(&self) -> &'static [Algorithm] {
        use Algorithm::*;
        match &self.pair {
            Pair::Rsa(_) => &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512],
            Pair::Ec(Curve::P256, _) => &[Es256],
            Pair::Ec(Curve::P384, _) => &[Es384],
            Pair::Ec(Curve::P521, _) => &[Es512],
            Pair::Ec(Curve::Secp256k1, _) => &[Es256K],
            Pair::Ed25519(_) => &[EdDsa],
        }
    }

    /// The public half as a JWK. No `alg`: an RSA key serves six.
    pub fn jwk(&self) -> Value {
        let mut jwk = self.pair.public_members();
        jwk["use"] = "sig".into();
        jwk["kid"] = self.kid.as_str().into();
        jwk
    }

    /// The signature of `message` in the form of RFC 7518 §3; `None` if the key cannot do `algorithm`.
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Option<Vec<u8>> {
        let random = rand::SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(rsa(algorithm)?.0, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            Pair::Ec(curve, pair) if curve.algorithm() == algorithm => {
                Some(pair.sign(&random, message).ok()?.as_ref().to_vec())
            }
            Pair::Ed25519(pair) if algorithm == Algorithm::EdDsa => {
                Some(pair.sign(message).as_ref().to_vec())
            }
            Pair::Ec(..) | Pair::Ed25519(_) => None,
        }
    }

    /// Whether the key made this signature with this algorithm.
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let (how, public): (&'static dyn VerificationAlgorithm, &[u8]) = match &self.pair {
            Pair::Rsa(pair) => match rsa(algorithm) {
                Some((_, how)) => (how, pair.public_key().as_ref()),
                None => return false,
            },
            Pair::Ec(curve, pair) if curve.algorithm() == algorithm => {
                (curve.verification(), pair.public_key().as_ref())
            }
            Pair::Ed25519(pair) if algorithm == Algorithm::EdDsa => (&ED25519, pair.public_key().as_ref()),
            Pair::Ec(..) | Pair::Ed25519(_) => return false,
        };
        UnparsedPublicKey::new(how, public).verify(message, signature).is_ok()
    }
}

impl Pair {
    /// The members of a JWK that make up the public key, and only those (RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2).
    fn public_members(&self) -> Value {
        match self {
            Self::Rsa(pair) => {
                let public = pair.public_key();
                json!({
                    "kty": "RSA",
                    "n": base64url(public.modulus().big_endian_without_leading_zero()),
                    "e": base64url(public.exponent().big_endian_without_leading_zero()),
                })
            }
            Self::Ec(curve, pair) => {
                // An uncompressed point: 4, then both coordinates in full length (SEC 1 §2.3.3).
                let (x, y) = pair.public_key().as_ref()[1..].split_at(pair.public_key().as_ref().len() / 2);
                json!({ "kty": "EC", "crv": curve.name(), "x": base64url(x), "y": base64url(y) })
            }
            // RFC 8037 §2.
            Self::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key().as_ref()) })
            }
        }
    }

    /// SHA-256 of the required members, sorted, without white space (RFC 7638 §3).
    fn thumbprint(&self) -> String {
        let Value::Object(members) = self.public_members() else { unreachable!("a JWK is an object") };
        let sorted: std::collections::BTreeMap<_, _> = members.into_iter().collect();
        base64url(digest::digest(&digest::SHA256, json!(sorted).to_string().as_bytes()))
    }
}

/// How to sign and how to verify with an RSA key; `None` for the algorithms of other keys.
pub(super) fn rsa(algorithm: Algorithm) -> Option<(&'static dyn RsaEncoding, &'static RsaParameters)> {
    Some(match algorithm {
        Algorithm::Rs256 => (&RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => (&RSA_PKCS1_SHA384, &RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => (&RSA_PKCS1_SHA512, &RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => (&RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => (&RSA_PSS_SHA384, &RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => (&RSA_PSS_SHA512, &RSA_PSS_2048_8192_SHA512),
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 | Algorithm::Es256K | Algorithm::EdDsa => {
            return None;
        }
    })
}
