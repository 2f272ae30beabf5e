//! The document with which a client introduces itself (`POST /oauth2/registration`): reading it, judging its
//! structure, and the answer. Pure functions; creating the row, the secret's value and the operator's policy
//! ([`crate::policy`]) are elsewhere.
//!
//! In order: [`parse`], [`ClientMetadata::digest`], [`ClientMetadata::without_device_grant`] where that grant is
//! off, [`ClientMetadata::validate`], the policy ([`RegistrationError::from_violations`]), then the row and
//! [`ClientMetadata::response`]. The metadata serialises to its canonical JSON and back, so that the client's row
//! keeps it whole; unknown members are dropped on the way in.
//!
//! Sources: RFC 7591, OpenID Connect Dynamic Client Registration 1.0 §2, OpenID Connect RP-Initiated Logout 1.0
//! §3.1, RFC 9126 §6, RFC 9701 §6, the Public Suffix List.

mod error;
mod members;
mod metadata;
mod response;
mod rules;
mod validate;

pub use error::{Code, RegistrationError};
pub use members::{AuthMethod, GrantType, Jwks, Localized, ResponseType};
pub use metadata::{ClientMetadata, parse};
pub use response::Registration;
pub use rules::{Rules, check_algorithms};
