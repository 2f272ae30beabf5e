//! Versioned schemes: the highest version hashes new passwords, the others only verify.

use std::borrow::Cow;

use kernel::{Error, Kind, Result, Secret};
use unicode_normalization::{UnicodeNormalization, is_nfkc};

use super::{
    Password,
    argon2id::{self, Memory},
    bcrypt, pbkdf2,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Argon2id,
    /// `cost` (4 to 31) is the binary logarithm of the rounds.
    Bcrypt {
        cost: u32,
    },
    Pbkdf2,
}

#[derive(Clone, Debug)]
pub struct Scheme {
    /// Stored with each hash.
    pub version: u16,
    pub algorithm: Algorithm,
    /// The pepper: a secret that is not in the database.
    pub secret: Option<Secret<Vec<u8>>>,
    /// NFKC before hashing, as Synapse does.
    pub unicode_normalization: bool,
}

/// A hash to be stored, and the version of the scheme that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    pub version: u16,
    pub text: Secret<String>,
}

/// What came of verifying a password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a password that was not looked at has not been verified"]
pub enum Outcome {
    Match,
    /// It matches a hash of an older version: store this one instead.
    MatchAndUpgrade(Hashed),
    Mismatch,
}

/// All configured schemes; at least one.
#[derive(Clone, Debug)]
pub struct Schemes {
    current: Scheme,
    older: Vec<Scheme>,
}

impl Schemes {
    /// Fails when there is none, when two share a version, or when a bcrypt cost is out of range.
    pub fn new(mut schemes: Vec<Scheme>) -> Result<Self> {
        let invalid =
            |problem: String| Err(Error::new(Kind::Invalid, format!("passwords.schemes: {problem}")));
        schemes.sort_by_key(|scheme| scheme.version);
        for pair in schemes.windows(2) {
            if pair[0].version == pair[1].version {
                return invalid(format!(
                    "version {} is given twice; versions must be unique",
                    pair[0].version
                ));
            }
        }
        for scheme in &schemes {
            if let Algorithm::Bcrypt { cost } = scheme.algorithm
                && !(4..=31).contains(&cost)
            {
                return invalid(format!("the bcrypt cost must be between 4 and 31, not {cost}"));
            }
        }
        match schemes.pop() {
            Some(current) => Ok(Self { current, older: schemes }),
            None => invalid("at least one scheme is needed while passwords are enabled".into()),
        }
    }

    pub(super) fn hash(&self, password: &Password, salt: [u8; 16], memory: &mut Memory) -> Result<Hashed> {
        self.current.hash(password, salt, memory)
    }

    /// Fails when `version` is not configured or `stored` is not a hash of its algorithm.
    pub(super) fn verify(
        &self,
        version: u16,
        stored: &Secret<String>,
        password: &Password,
        salt: [u8; 16],
        memory: &mut Memory,
    ) -> Result<Outcome> {
        if version == self.current.version {
            let matches = self.current.verify(stored, password, memory)?;
            return Ok(if matches { Outcome::Match } else { Outcome::Mismatch });
        }
        let scheme = self.older.iter().find(|scheme| scheme.version == version).ok_or_else(|| {
            Error::internal(format!("a stored password has version {version}, which passwords.schemes lacks"))
        })?;
        if scheme.verify(stored, password, memory)? {
            Ok(Outcome::MatchAndUpgrade(self.hash(password, salt, memory)?))
        } else {
            Ok(Outcome::Mismatch)
        }
    }
}

impl Scheme {
    fn hash(&self, password: &Password, salt: [u8; 16], memory: &mut Memory) -> Result<Hashed> {
        let text = self.prepared(password);
        let text = match self.algorithm {
            Algorithm::Argon2id => argon2id::hash(text.as_bytes(), self.pepper(), salt, memory),
            Algorithm::Bcrypt { cost } => bcrypt::hash(self.peppered(&text).expose(), salt, cost),
            Algorithm::Pbkdf2 => pbkdf2::hash(self.peppered(&text).expose(), salt),
        }?;
        Ok(Hashed { version: self.version, text: text.into() })
    }

    fn verify(&self, stored: &Secret<String>, password: &Password, memory: &mut Memory) -> Result<bool> {
        let (stored, text) = (stored.expose(), self.prepared(password));
        match self.algorithm {
            Algorithm::Argon2id => argon2id::verify(stored, text.as_bytes(), self.pepper(), memory),
            Algorithm::Bcrypt { .. } => bcrypt::verify(stored, self.peppered(&text).expose()),
            Algorithm::Pbkdf2 => pbkdf2::verify(stored, self.peppered(&text).expose()),
        }
    }

    fn prepared<'a>(&self, password: &'a Password) -> Cow<'a, str> {
        let text = password.expose();
        if self.unicode_normalization && !is_nfkc(text) { text.nfkc().collect() } else { text.into() }
    }

    /// Password, then pepper, for algorithms that have no input of their own for it.
    fn peppered(&self, text: &str) -> Secret<Vec<u8>> {
        Secret::new([text.as_bytes(), self.pepper()].concat())
    }

    fn pepper(&self) -> &[u8] {
        self.secret.as_ref().map_or(&[], |secret| secret.expose())
    }
}

#[cfg(test)]
mod tests;
