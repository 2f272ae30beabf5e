//! How a registration is refused (RFC 7591 §3.2.2).

use std::fmt;

use crate::policy::Violation;

/// A description longer than this is cut: parts of it come from the request.
const LONGEST_DESCRIPTION: usize = 1000;

/// The `error` member of the refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The body is not JSON at all.
    InvalidRequest,
    InvalidRedirectUri,
    InvalidClientMetadata,
}

impl Code {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
        }
    }
}

/// A refused registration. `description` names the member and value at fault and how to mend it, in printable
/// ASCII as RFC 7591 §3.2.2 wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationError {
    pub code: Code,
    pub description: String,
}

impl RegistrationError {
    pub(super) fn new(code: Code, description: impl AsRef<str>) -> Self {
        let printable = |c: char| if matches!(c, ' '..='~') { c } else { '?' };
        let description = description.as_ref().chars().take(LONGEST_DESCRIPTION).map(printable).collect();
        Self { code, description }
    }

    pub(super) fn metadata(description: impl AsRef<str>) -> Self {
        Self::new(Code::InvalidClientMetadata, description)
    }

    pub(super) fn redirect_uri(description: impl AsRef<str>) -> Self {
        Self::new(Code::InvalidRedirectUri, description)
    }

    /// What the policy's answer means for the client; `None` if there is nothing to complain about.
    ///
    /// A violation is about redirect URIs if it names one or its message says `redirect_uri`: custom policies
    /// written for MAS rely on the latter.
    pub fn from_violations(violations: &[Violation]) -> Option<Self> {
        if violations.is_empty() {
            return None;
        }
        let about_redirects = |v: &Violation| v.redirect_uri.is_some() || v.msg.contains("redirect_uri");
        let code = match violations.iter().any(about_redirects) {
            true => Code::InvalidRedirectUri,
            false => Code::InvalidClientMetadata,
        };
        let messages: Vec<_> = violations.iter().map(|v| v.msg.as_str()).collect();
        Some(Self::new(code, messages.join("; ")))
    }
}

impl fmt::Display for RegistrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.description)
    }
}

impl std::error::Error for RegistrationError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_become_one_refusal() {
        let violation = |msg: &str| Violation::new(msg);
        assert_eq!(RegistrationError::from_violations(&[]), None);
        assert_eq!(
            RegistrationError::from_violations(&[violation("client_uri is missing"), violation("more")])
                .unwrap()
                .to_string(),
            "invalid_client_metadata: client_uri is missing; more",
        );
        let about_redirects = [violation("client_uri is missing"), violation("invalid redirect_uri")];
        assert_eq!(
            RegistrationError::from_violations(&about_redirects).unwrap().code,
            Code::InvalidRedirectUri
        );
    }

    #[test]
    fn descriptions_are_short_printable_ascii() {
        let error = RegistrationError::metadata(format!("é\n{}", "x".repeat(5000)));
        assert!(error.description.starts_with("??xx"));
        assert_eq!(error.description.len(), LONGEST_DESCRIPTION);
    }
}
