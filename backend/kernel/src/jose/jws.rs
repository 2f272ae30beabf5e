//! A JWS in compact form that somebody else made (RFC 7515 §7.1), taken apart but not yet believed.

use std::borrow::Cow;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};

use super::Algorithm;

/// A signature by a shared secret (RFC 7518 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hmac {
    Hs256,
    Hs384,
    Hs512,
}

impl Hmac {
    pub const ALL: [Self; 3] = [Self::Hs256, Self::Hs384, Self::Hs512];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hmac| hmac.as_str() == name)
    }

    /// How many bytes the hash has; the secret should not have fewer (RFC 7518 §3.2).
    pub const fn bytes(self) -> usize {
        match self {
            Self::Hs256 => 32,
            Self::Hs384 => 48,
            Self::Hs512 => 64,
        }
    }

    fn algorithm(self) -> hmac::Algorithm {
        match self {
            Self::Hs256 => hmac::HMAC_SHA256,
            Self::Hs384 => hmac::HMAC_SHA384,
            Self::Hs512 => hmac::HMAC_SHA512,
        }
    }
}

/// The algorithm that a JWS says it was signed with. `none` is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    Secret(Hmac),
    Key(Algorithm),
}

impl Claimed {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret(hmac) => hmac.as_str(),
            Self::Key(algorithm) => algorithm.as_str(),
        }
    }

    /// Whether `name` means it.
    pub fn is_called(self, name: &str) -> bool {
        match self {
            Self::Secret(hmac) => hmac.as_str() == name,
            Self::Key(algorithm) => algorithm.is_called(name),
        }
    }
}

/// Why a text is no JWS that could be checked. Prints as a sentence without its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    NotCompact,
    /// The header asks for something that every reader must understand, and this one does not (RFC 7515 §4.1.11).
    Critical,
    Algorithm(String),
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotCompact => f.write_str("is not a signed JWT in compact form"),
            Self::Critical => f.write_str("has critical header parameters, none of which is supported"),
            Self::Algorithm(name) => write!(f, "is signed with alg `{name}`, which is not supported"),
        }
    }
}

/// A JWS, its signature not yet checked.
#[derive(Clone, Debug)]
pub struct Jws<'a> {
    pub claimed: Claimed,
    pub kid: Option<String>,
    message: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

impl<'a> Jws<'a> {
    pub fn parse(compact: &'a str) -> Result<Self, Malformed> {
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Malformed::NotCompact);
        let (message, signature) = compact.rsplit_once('.').ok_or(Malformed::NotCompact)?;
        let (header, payload) = message.split_once('.').ok_or(Malformed::NotCompact)?;
        let header = decode(header)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| Malformed::NotCompact)?;
        if header.crit.is_some() {
            return Err(Malformed::Critical);
        }
        let claimed = Hmac::from_name(&header.alg)
            .map(Claimed::Secret)
            .or_else(|| Algorithm::ALL.into_iter().find(|key| key.is_called(&header.alg)).map(Claimed::Key))
            .ok_or_else(|| Malformed::Algorithm(header.alg.chars().take(20).collect()))?;
        let (payload, signature) = (decode(payload)?, decode(signature)?);
        Ok(Self { claimed, kid: header.kid, message, payload, signature })
    }

    /// What it says, true or not; `None` if that is not of the shape that is asked for.
    pub fn claims<C: DeserializeOwned>(&self) -> Option<C> {
        serde_json::from_slice(&self.payload).ok()
    }

    /// Whether the holder of this secret made it.
    pub fn is_by_secret(&self, secret: &[u8]) -> bool {
        let Claimed::Secret(hmac) = self.claimed else { return false };
        let key = hmac::Key::new(hmac.algorithm(), secret);
        hmac::verify(&key, self.message.as_bytes(), &self.signature).is_ok()
    }

    pub(super) fn message(&self) -> &[u8] {
        self.message.as_bytes()
    }

    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7515 appendix A.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const SECRET: &str =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    #[test]
    fn the_example_of_the_rfc_verifies_and_nothing_near_it_does() {
        let secret = URL_SAFE_NO_PAD.decode(SECRET).unwrap();
        let jws = Jws::parse(EXAMPLE).unwrap();
        assert_eq!((jws.claimed, jws.kid.as_deref()), (Claimed::Secret(Hmac::Hs256), None));
        assert!(jws.is_by_secret(&secret));
        assert!(!jws.is_by_secret(&secret[1..]));
        assert!(!jws.is_by_secret(b""));
        assert_eq!(jws.claims::<serde_json::Value>().unwrap()["iss"], "joe");
        for at in 0..EXAMPLE.len() {
            let good = |text: &str| Jws::parse(text).is_ok_and(|jws| jws.is_by_secret(&secret));
            assert!(!good(&EXAMPLE[..at]), "prefix of {at}");
            assert!(!good(&EXAMPLE[at + 1..]), "suffix from {at}");
        }
    }

    #[test]
    fn what_cannot_be_checked_is_refused_with_its_reason() {
        let with = |header: &str| format!("{}.e30.AA", super::super::base64url(header));
        for (header, reason) in [
            (r#"{"alg":"none"}"#, "`none`, which is not supported"),
            (r#"{"alg":"HS1"}"#, "`HS1`, which is not supported"),
            (r#"{"alg":"ES256","crit":["b64"]}"#, "critical header"),
            (r#"{"alg":"ES256","alg":"HS256"}"#, "compact form"),
            (r#"{"kid":"a"}"#, "compact form"),
            ("[]", "compact form"),
        ] {
            let malformed = Jws::parse(&with(header)).unwrap_err().to_string();
            assert!(malformed.contains(reason), "{header}: {malformed}");
        }
        for text in ["", ".", "..", "a.b", "e30.e30.e30.e30", "é.é.é"] {
            assert!(Jws::parse(text).is_err(), "{text}");
        }
    }
}
