//! Typed ids. Every entity has a ULID: 48 bits of milliseconds, 80 random bits; 26 characters of Crockford
//! base32 on the wire, 16 bytes in the database. Lists are ordered by id, hence by creation.

use std::fmt;

/// What all ids have in common, for code that is generic over them.
pub trait Id: Copy + fmt::Display + std::str::FromStr<Err = InvalidId> + Into<sea_orm::Value> {
    fn from_ulid(ulid: ulid::Ulid) -> Self;
    fn ulid(self) -> ulid::Ulid;

    /// The creation time that the id carries, to the millisecond.
    fn created_at(self) -> crate::Timestamp {
        crate::Timestamp::from_millis(i64::try_from(self.ulid().timestamp_ms()).unwrap_or(i64::MAX))
    }
}

/// The text is not a ULID (26 characters of Crockford base32, first at most `7`; `I`, `L`, `O`, `U` are not used).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a ULID: expected 26 characters of 0-9 and A-Z without I, L, O and U")
    }
}

impl std::error::Error for InvalidId {}

/// Reads a ULID, in either case, strictly.
pub fn parse_ulid(text: &str) -> Result<ulid::Ulid, InvalidId> {
    let strict = text.len() == 26
        && text.as_bytes()[0] <= b'7'
        && text.bytes().all(|c| {
            c.is_ascii_alphanumeric() && !matches!(c.to_ascii_uppercase(), b'I' | b'L' | b'O' | b'U')
        });
    if !strict {
        return Err(InvalidId);
    }
    ulid::Ulid::from_string(&text.to_ascii_uppercase()).map_err(|_| InvalidId)
}

/// The smallest ULID of a millisecond since 1970: what was made before it has a smaller one.
pub const fn first_ulid(millis: u64) -> ulid::Ulid {
    ulid::Ulid::from_parts(millis, 0)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sea_orm::DeriveValueType)]
        pub struct $name(pub uuid::Uuid);

        impl Id for $name {
            fn from_ulid(ulid: ulid::Ulid) -> Self {
                Self(uuid::Uuid::from_u128(ulid.0))
            }
            fn ulid(self) -> ulid::Ulid {
                ulid::Ulid(self.0.as_u128())
            }
        }

        /// Keys are never made by the database.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.ulid().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.ulid())
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_ulid(text).map(Self::from_ulid)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    UserId
    EmailId
    /// The verification of an address, pending or settled.
    EmailAuthenticationId
    EmailCodeId
    /// A way to sign in: a password today, passkeys, TOTP seeds and recovery codes later.
    AuthenticatorId
    BrowserSessionId
    /// A sign-in in progress.
    SignInId
    /// An OAuth 2.0 client; its text form is the `client_id`.
    ClientId
    /// An authorization code grant, pending or settled.
    GrantId
    /// A device grant (RFC 8628), pending or settled.
    DeviceGrantId
    /// A legacy sign-in through the browser, pending or settled.
    CompatSsoLoginId
    /// An OAuth 2.0, legacy or personal session.
    SessionId
    /// A line of succession of tokens.
    TokenLineId
    /// One token of a line: the `jti` of introspection.
    TokenId
    JobId
    AuditEventId
    UpstreamProviderId
    /// An account at an upstream provider.
    UpstreamLinkId
    /// What somebody has told so far who registers.
    RegistrationId
    RegistrationTokenId
    RecoveryTicketId
    PolicyDataId
    /// What is asked for of many at once.
    BulkOperationId
    /// Whatever it is done to: an account or a session.
    BulkTargetId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_is_read_in_either_case_and_printed_in_upper_case() {
        let id: UserId = "01k2c31v80v37e3s3e28jt97kb".parse().unwrap();
        assert_eq!(id.to_string(), "01K2C31V80V37E3S3E28JT97KB");
        assert_eq!(UserId::from_ulid(id.ulid()), id);
    }

    #[test]
    fn ambiguous_letters_overflow_and_lengths_are_refused() {
        for text in [
            "",
            "01K2C31V80V37E3S3E28JT97K",
            "01K2C31V80V37E3S3E28JT97KI",
            "81K2C31V80V37E3S3E28JT97KB",
            "01K2C31V80V37E3S3E28JT97K€",
        ] {
            assert_eq!(text.parse::<UserId>(), Err(InvalidId), "{text}");
        }
    }
}
