//! What a rule says when it fires.

/// What is wrong, for texts in the person's language. Everything without a code is a general denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    UsernameTooShort,
    UsernameTooLong,
    UsernameInvalidChars,
    UsernameAllNumeric,
    UsernameBanned,
    UsernameNotAllowed,
    EmailDomainNotAllowed,
    EmailDomainBanned,
    EmailNotAllowed,
    EmailBanned,
    /// The user has to end this many sessions first.
    TooManySessions {
        need_to_remove: u32,
    },
}

impl Code {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UsernameTooShort => "username-too-short",
            Self::UsernameTooLong => "username-too-long",
            Self::UsernameInvalidChars => "username-invalid-chars",
            Self::UsernameAllNumeric => "username-all-numeric",
            Self::UsernameBanned => "username-banned",
            Self::UsernameNotAllowed => "username-not-allowed",
            Self::EmailDomainNotAllowed => "email-domain-not-allowed",
            Self::EmailDomainBanned => "email-domain-banned",
            Self::EmailNotAllowed => "email-not-allowed",
            Self::EmailBanned => "email-banned",
            Self::TooManySessions { .. } => "too-many-sessions",
        }
    }
}

/// The form field to show a violation at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Username,
    Email,
    /// No built-in rule: a custom policy may use it.
    Password,
}

/// One reason to refuse. A stranger may read all of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub code: Option<Code>,
    /// Plain English.
    pub msg: String,
    pub field: Option<Field>,
    /// The URI at fault, in client registrations.
    pub redirect_uri: Option<String>,
}

impl Violation {
    pub fn new(msg: impl Into<String>) -> Self {
        Self { code: None, msg: msg.into(), field: None, redirect_uri: None }
    }

    pub(super) fn coded(code: Code, msg: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::new(msg) }
    }

    pub(super) fn at(self, field: Field) -> Self {
        Self { field: Some(field), ..self }
    }
}

/// Violations are a set: by code, then message, each once.
pub(super) fn sorted(mut violations: Vec<Violation>) -> Vec<Violation> {
    violations.sort();
    violations.dedup();
    violations
}
