//! Proof Key for Code Exchange (RFC 7636): whoever exchanges a code must be whoever asked for it.

use std::fmt;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::Secret;

/// How a challenge follows from its verifier (§4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Method {
    #[serde(rename = "plain")]
    Plain,
    S256,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::S256 => "S256",
        }
    }

    /// The method of that name; case counts.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Plain, Self::S256].into_iter().find(|method| method.as_str() == name)
    }
}

/// What an authorization request commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    pub method: Method,
    /// 43 to 128 characters; exactly 43 for `S256`. With `plain` it is the verifier itself.
    value: Secret<String>,
}

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method`; a missing method means `plain` (§4.3).
    pub fn parse(value: &str, method: Option<&str>) -> Result<Self, InvalidPkce> {
        let method = match method {
            None => Method::Plain,
            Some(name) => Method::from_name(name).ok_or(InvalidPkce::UnknownMethod)?,
        };
        if !is_proof(value) || (method == Method::S256 && value.len() != 43) {
            return Err(InvalidPkce::MalformedChallenge);
        }
        Ok(Self { method, value: Secret::new(value.to_owned()) })
    }

    /// The challenge as the client sent it, to be kept with the grant.
    pub fn expose(&self) -> &str {
        self.value.expose()
    }

    /// Whether the verifier is the one that the challenge was made from (§4.6), in constant time.
    pub fn is_met_by(&self, verifier: &Verifier) -> bool {
        match self.method {
            Method::Plain => self.value.matches(verifier.0.expose()),
            Method::S256 => self.value.matches(verifier.s256()),
        }
    }
}

/// What a token request proves with: 43 to 128 unreserved characters (§4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier(Secret<String>);

impl Verifier {
    pub fn parse(text: &str) -> Result<Self, InvalidPkce> {
        if is_proof(text) {
            Ok(Self(Secret::new(text.to_owned())))
        } else {
            Err(InvalidPkce::MalformedVerifier)
        }
    }

    /// `BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))`
    fn s256(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.0.expose().as_bytes()))
    }
}

fn is_proof(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidPkce {
    UnknownMethod,
    MalformedChallenge,
    MalformedVerifier,
}

impl fmt::Display for InvalidPkce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownMethod => "code_challenge_method is not supported: use S256 or plain",
            Self::MalformedChallenge => {
                "code_challenge is malformed: S256 needs 43 characters, plain 43 to 128, of A-Z a-z 0-9 - . _ ~"
            }
            Self::MalformedVerifier => {
                "code_verifier is malformed: it needs 43 to 128 characters of A-Z a-z 0-9 - . _ ~"
            }
        })
    }
}

impl std::error::Error for InvalidPkce {}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn verifier(text: &str) -> Verifier {
        Verifier::parse(text).unwrap()
    }

    #[test]
    fn the_example_of_the_rfc_holds() {
        let challenge = Challenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.is_met_by(&verifier(VERIFIER)));
        assert!(!challenge.is_met_by(&verifier(CHALLENGE)), "the challenge itself is public");
        assert!(!challenge.is_met_by(&verifier(&VERIFIER.replace('k', "K"))));
    }

    #[test]
    fn a_missing_method_means_plain() {
        let challenge = Challenge::parse(VERIFIER, None).unwrap();
        assert_eq!(challenge, Challenge::parse(VERIFIER, Some("plain")).unwrap());
        assert!(challenge.is_met_by(&verifier(VERIFIER)));
        assert!(!challenge.is_met_by(&verifier(CHALLENGE)));
        assert!(!challenge.is_met_by(&verifier(&format!("{VERIFIER}x"))));
    }

    #[test]
    fn unknown_methods_are_refused() {
        for method in ["", "s256", "PLAIN", "S512", "none", "S256 "] {
            assert_eq!(
                Challenge::parse(CHALLENGE, Some(method)),
                Err(InvalidPkce::UnknownMethod),
                "{method:?}"
            );
        }
    }

    #[test]
    fn lengths_and_characters_are_those_of_the_rfc() {
        for good in ["a".repeat(43), "~".repeat(128), "-._~".repeat(20)] {
            assert!(Verifier::parse(&good).is_ok(), "{good}");
            assert!(Challenge::parse(&good, None).is_ok(), "{good}");
        }
        for bad in ["".into(), "a".repeat(42), "a".repeat(129), "a".repeat(42) + "+", "a".repeat(42) + "é"] {
            assert_eq!(Verifier::parse(&bad), Err(InvalidPkce::MalformedVerifier), "{bad}");
            assert_eq!(Challenge::parse(&bad, None), Err(InvalidPkce::MalformedChallenge), "{bad}");
        }
        assert_eq!(
            Challenge::parse(&"a".repeat(44), Some("S256")),
            Err(InvalidPkce::MalformedChallenge),
            "SHA-256 has 43 characters"
        );
    }
}
