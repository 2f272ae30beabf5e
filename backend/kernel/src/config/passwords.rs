//! `passwords`: how passwords are hashed, and how good they must be.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, Section, Source, problem::repeated, values::redacted, values::yes};
use crate::Secret;

/// How passwords are hashed, and how good they must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PasswordsConfig {
    /// Whether people may sign in with a password. When off, the rest of this section is not looked at.
    #[serde(default = "yes")]
    pub enabled: bool,

    /// The ways in which stored passwords are hashed. The one with the highest version hashes new passwords; a
    /// password of an older one is hashed anew at the next sign-in.
    #[serde(default = "schemes")]
    pub schemes: Vec<PasswordScheme>,

    /// The least zxcvbn score of a new password, from 0 (anything) to 4 (very hard to guess).
    #[serde(default = "minimum_complexity")]
    #[schemars(range(max = 4))]
    pub minimum_complexity: u8,
}

impl Section for PasswordsConfig {
    const NAME: &'static str = "passwords";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        if !self.enabled {
            return;
        }
        if self.schemes.is_empty() {
            problems.error_at("schemes", "is empty: name at least one scheme, or set `enabled: false`");
        }
        if self.minimum_complexity > 4 {
            problems.error_at("minimum_complexity", "must lie between 0 and 4: no password scores higher");
        }
        problems.each("schemes", &self.schemes, PasswordScheme::validate);
        let versions: Vec<u16> = self.schemes.iter().map(|scheme| scheme.version).collect();
        for (first, again) in repeated(&versions) {
            problems.at(format!("schemes.{again}.version"), |problems| {
                problems.error(format!(
                    "is the version of passwords.schemes.{first} (lists of several files are concatenated): \
                     versions tell schemes apart"
                ));
            });
        }
    }
}

impl Default for PasswordsConfig {
    fn default() -> Self {
        Self { enabled: true, schemes: schemes(), minimum_complexity: minimum_complexity() }
    }
}

/// A way to hash passwords.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PasswordScheme {
    /// Tells the schemes apart in the database: never change it for a scheme in use.
    pub version: u16,

    /// The hash function.
    pub algorithm: PasswordAlgorithm,

    /// Whether passwords are brought to Unicode's NFKC form before hashing.
    #[serde(default)]
    pub unicode_normalization: bool,

    /// The cost of bcrypt; 12 unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 4, max = 31))]
    pub cost: Option<u32>,

    /// A secret that goes into every hash (pepper).
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub secret: Option<Secret<String>>,

    /// A file with the secret that goes into every hash. All its bytes count, a newline at the end, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<PathBuf>,
}

impl PasswordScheme {
    pub fn secret(&self) -> Option<Source<'_>> {
        Source::of(&self.secret, &self.secret_file)
    }

    fn validate(&self, problems: &mut Problems) {
        problems.at_most_one(("secret", &self.secret), ("secret_file", &self.secret_file));
        let bcrypt = self.algorithm == PasswordAlgorithm::Bcrypt;
        if bcrypt && self.cost.is_some_and(|cost| !(4..=31).contains(&cost)) {
            problems.error_at("cost", "must lie between 4 and 31");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PasswordAlgorithm {
    Argon2id,
    Bcrypt,
    Pbkdf2,
}

fn schemes() -> Vec<PasswordScheme> {
    vec![PasswordScheme {
        version: 1,
        algorithm: PasswordAlgorithm::Argon2id,
        unicode_normalization: false,
        cost: None,
        secret: None,
        secret_file: None,
    }]
}

const fn minimum_complexity() -> u8 {
    3
}
