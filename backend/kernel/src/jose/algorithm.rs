//! The asymmetric signature algorithms of JWS that we sign with (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2).

use std::fmt;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

/// An `alg` value, in the order in which discovery lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "RS384")]
    Rs384,
    #[serde(rename = "RS512")]
    Rs512,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "ES384")]
    Es384,
    #[serde(rename = "ES512")]
    Es512,
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "PS384")]
    Ps384,
    #[serde(rename = "PS512")]
    Ps512,
    /// Ed25519 (RFC 8037 §3.1).
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA over secp256k1.
    #[serde(rename = "ES256K")]
    Es256K,
}

impl Algorithm {
    pub const ALL: [Self; 11] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::EdDsa,
        Self::Es256K,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::EdDsa => "EdDSA",
            Self::Es256K => "ES256K",
        }
    }

    /// The algorithm of that name; case counts. `None` also for `none` and `HS*`, which we do not sign with.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }

    /// Whether `name` means this algorithm where others use it: `Ed25519` is the newer name of what we call `EdDSA`
    /// (RFC 9864 §2.2).
    pub fn is_called(self, name: &str) -> bool {
        name == self.as_str() || (self == Self::EdDsa && name == "Ed25519")
    }

    /// `at_hash` and `c_hash`: the left half of the algorithm's own hash of `value`, base64url
    /// (OpenID Connect Core §3.1.3.6, §3.3.2.11).
    pub fn left_half_hash(self, value: &str) -> String {
        let hash = digest::digest(self.digest(), value.as_bytes());
        super::base64url(&hash.as_ref()[..hash.as_ref().len() / 2])
    }

    fn digest(self) -> &'static digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Es256K => &digest::SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => &digest::SHA384,
            // Ed25519 hashes with SHA-512 inside, and relying parties take that one.
            Self::Rs512 | Self::Ps512 | Self::Es512 | Self::EdDsa => &digest::SHA512,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_serialise_as_themselves() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::from_name(algorithm.as_str()), Some(algorithm));
            assert_eq!(serde_json::to_value(algorithm).unwrap(), algorithm.as_str());
        }
        for name in ["none", "HS256", "eddsa", "rs256", ""] {
            assert_eq!(Algorithm::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn discovery_order_is_the_declared_order() {
        assert!(Algorithm::ALL.is_sorted());
    }

    #[test]
    fn hashes_of_the_specifications_example_come_out() {
        // OpenID Connect Core 1.0, appendix A.3 and A.4.
        let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(Algorithm::Rs256.left_half_hash(access_token), "77QmUPtjPfzWtF2AnpK9RQ");
        let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
        assert_eq!(Algorithm::Rs256.left_half_hash(code), "LDktKdoQak3Pk0cnXxCltA");
        assert_eq!(Algorithm::Es256K.left_half_hash(code), "LDktKdoQak3Pk0cnXxCltA");
        assert_eq!(Algorithm::Es384.left_half_hash(code).len(), 32);
        assert_eq!(Algorithm::Ps512.left_half_hash(code).len(), 43);
        assert_eq!(Algorithm::EdDsa.left_half_hash(code).len(), 43);
    }
}
