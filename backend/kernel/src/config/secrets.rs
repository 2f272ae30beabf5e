//! `secrets`: the encryption secret and the signing keys.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Section, Source, values::redacted};
use crate::{Secret, Timestamp};

/// The encryption secret and the signing keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretsConfig {
    /// 32 bytes as 64 hexadecimal digits, from which the keys for cookies and for secrets in the database are
    /// derived. Changing it signs everybody out and makes stored client secrets unreadable.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    #[schemars(regex(pattern = "^[0-9a-fA-F]{64}$"))]
    pub encryption: Option<Secret<String>>,

    /// A file with the encryption secret; a newline at its end is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_file: Option<PathBuf>,

    /// Earlier values of `encryption`: what they sealed still opens, and nothing new is sealed under them. To rotate, move
    /// the old value here (ours, not in MAS; docs/configuration.md tells the steps, and when one can go).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_encryption: Vec<FormerEncryptionConfig>,

    /// The keys that sign tokens. An RSA key is needed for RS256, which every client may ask for.
    #[serde(default)]
    pub keys: Vec<KeyConfig>,

    /// A folder of unencrypted signing keys, used before those of `keys`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys_dir: Option<PathBuf>,
}

impl SecretsConfig {
    pub fn encryption(&self) -> Option<Source<'_>> {
        Source::of(&self.encryption, &self.encryption_file)
    }
}

impl Section for SecretsConfig {
    const NAME: &'static str = "secrets";

    fn absent() -> Option<Self> {
        None
    }

    fn validate(&self, problems: &mut Problems) {
        problems.exactly_one(("encryption", &self.encryption), ("encryption_file", &self.encryption_file));
        if let Some(secret) = &self.encryption {
            validate_encryption(secret, problems);
        }
        problems.each("former_encryption", &self.former_encryption, FormerEncryptionConfig::validate);
        problems.each("keys", &self.keys, KeyConfig::validate);
    }
}

/// An earlier value of `secrets.encryption`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FormerEncryptionConfig {
    /// The value, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    #[schemars(regex(pattern = "^[0-9a-fA-F]{64}$"))]
    pub encryption: Option<Secret<String>>,

    /// A file with the value; a newline at its end is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_file: Option<PathBuf>,
}

impl FormerEncryptionConfig {
    pub fn encryption(&self) -> Option<Source<'_>> {
        Source::of(&self.encryption, &self.encryption_file)
    }

    fn validate(&self, problems: &mut Problems) {
        problems.exactly_one(("encryption", &self.encryption), ("encryption_file", &self.encryption_file));
        if let Some(secret) = &self.encryption {
            validate_encryption(secret, problems);
        }
    }
}

fn validate_encryption(secret: &Secret<String>, problems: &mut Problems) {
    let digits = secret.expose();
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        problems.error_at("encryption", "must be exactly 64 hexadecimal digits (32 bytes)");
    }
}

/// A signing key: RSA, elliptic curve P-256, P-384, P-521 or secp256k1, or Ed25519.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KeyConfig {
    /// The key's name in tokens; by default its RFC 7638 thumbprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,

    /// The private key in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub key: Option<Secret<String>>,

    /// A file with the private key in PEM or DER.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,

    /// The password of an encrypted key.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub password: Option<Secret<String>>,

    /// A file with the password of an encrypted key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,

    /// When the key begins to sign, for example `2026-12-01T00:00:00Z`; it is published from the start. Give a new key
    /// a time by which every replica has been restarted with it, and ten minutes more (ours, not in MAS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub use_from: Option<String>,
}

impl KeyConfig {
    pub fn key(&self) -> Option<Source<'_>> {
        Source::of(&self.key, &self.key_file)
    }

    pub fn password(&self) -> Option<Source<'_>> {
        Source::of(&self.password, &self.password_file)
    }

    /// Validation has made sure that it can be read.
    pub fn use_from(&self) -> Option<Timestamp> {
        self.use_from.as_deref().and_then(Timestamp::parse_rfc3339)
    }

    fn validate(&self, problems: &mut Problems) {
        if self.use_from.is_some() && self.use_from().is_none() {
            problems.error_at("use_from", "is no time: write it as in 2026-12-01T00:00:00Z");
        }
        problems.exactly_one(("key", &self.key), ("key_file", &self.key_file));
        problems.at_most_one(("password", &self.password), ("password_file", &self.password_file));
    }
}
