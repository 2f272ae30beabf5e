//! A password as somebody typed it.

use kernel::{Error, Kind, Result, Secret};

/// Longer passwords are refused before any work is done for them. No human limit: only a guard of the machine.
pub const MAX_BYTES: usize = 4096;

/// Text that may be hashed: at most [`MAX_BYTES`] long. May be empty, which verifies like any other wrong password.
#[derive(Clone, Debug)]
pub struct Password(Secret<String>);

impl Password {
    /// Fails with a sentence for the person when the text is too long.
    pub fn parse(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        if text.len() > MAX_BYTES {
            return Err(Error::new(
                Kind::Invalid,
                format!("the password is too long: use at most {MAX_BYTES} bytes"),
            ));
        }
        Ok(Self(Secret::new(text)))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_is_refused_before_hashing() {
        assert!(Password::parse("x".repeat(MAX_BYTES)).is_ok());
        let error = Password::parse("x".repeat(1 << 20)).unwrap_err();
        assert_eq!(error.kind, Kind::Invalid);
        assert_eq!(error.to_string(), "the password is too long: use at most 4096 bytes");
    }

    #[test]
    fn printing_does_not_show_it() {
        assert!(!format!("{:?}", Password::parse("hunter2").unwrap()).contains("hunter2"));
    }
}
