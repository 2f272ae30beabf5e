//! Values that must never reach a log, an error page or a debugger's print-out.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// Wraps a secret so that printing it is impossible by accident; [`Secret::expose`] is the only way in.
///
/// It does not implement `Serialize`: writing a secret out is always a decision of the caller.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The secret itself. Look twice at every call.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T: AsRef<[u8]>> Secret<T> {
    /// Compares in constant time (the length is not hidden).
    pub fn matches(&self, other: impl AsRef<[u8]>) -> bool {
        use subtle::ConstantTimeEq;
        self.0.as_ref().ct_eq(other.as_ref()).into()
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The error of `T` quotes what it found.
        let quiet = |_| serde::de::Error::custom("is no text: put it in quotes if it is a number");
        T::deserialize(deserializer).map(Self).map_err(quiet)
    }
}
