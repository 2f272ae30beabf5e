//! Access and refresh tokens: how they look, how they are told apart, what is kept of them.
//!
//! `<prefix>_<30 of [0-9A-Za-z]>_<6-character checksum>`, 41 characters. Ten of the thirty are the handle by which
//! the database finds the line of succession, twenty (119 bits) are the secret, and only the SHA-256 of the whole
//! text is kept. A wrong prefix, length or checksum is refused before the database is asked.
//!
//! Tokens that were imported from Synapse keep their text: `syt_…`, `syr_…` and macaroons have no checksum.

use std::{fmt, str::FromStr};

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::DeriveValueType;

use crate::{Random, Secret};

const HANDLE: usize = 10;
const SECRET: usize = 20;
const CHECKSUM: usize = 6;
/// Characters of a refresh token's secret that vouch for the others (see [`crate::seal::Lineage`]).
pub(crate) const TAG: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    OauthAccess,
    OauthRefresh,
    /// Of a session made by the legacy Matrix login API.
    CompatAccess,
    CompatRefresh,
    PersonalAccess,
}

impl TokenKind {
    pub const ALL: [Self; 5] = [
        Self::OauthAccess,
        Self::OauthRefresh,
        Self::CompatAccess,
        Self::CompatRefresh,
        Self::PersonalAccess,
    ];

    pub const fn prefix(self) -> &'static str {
        match self {
            Self::OauthAccess => "mat",
            Self::OauthRefresh => "mar",
            Self::CompatAccess => "mct",
            Self::CompatRefresh => "mcr",
            Self::PersonalAccess => "mpt",
        }
    }

    pub const fn is_refresh(self) -> bool {
        matches!(self, Self::OauthRefresh | Self::CompatRefresh)
    }
}

/// Names a line of succession: ten characters of `[0-9A-Za-z]` that all its tokens share. No secret, but unguessable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct Handle([u8; HANDLE]);

impl Handle {
    pub fn new(random: &dyn Random) -> Self {
        random.alphanumeric(HANDLE).parse().expect("as many characters as a handle has")
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be ASCII when made")
    }
}

/// The text is not ten characters of `[0-9A-Za-z]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHandle;

impl FromStr for Handle {
    type Err = InvalidHandle;
    fn from_str(text: &str) -> Result<Self, InvalidHandle> {
        let bytes: [u8; HANDLE] = text.as_bytes().try_into().map_err(|_| InvalidHandle)?;
        if bytes.iter().all(u8::is_ascii_alphanumeric) { Ok(Self(bytes)) } else { Err(InvalidHandle) }
    }
}

impl fmt::Display for InvalidHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a token handle: expected {HANDLE} letters and digits")
    }
}

impl std::error::Error for InvalidHandle {}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({self})")
    }
}

/// A token of ours, fresh from the mint, on its way to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(Secret<String>);

impl Token {
    /// A new token of the line: the handle, and a secret of its own.
    pub fn mint(kind: TokenKind, handle: Handle, random: &dyn Random) -> Self {
        let body = format!("{}_{handle}{}", kind.prefix(), random.alphanumeric(SECRET));
        let checksum = checksum(&body);
        Self(Secret::new(format!("{body}_{checksum}")))
    }

    /// What a client presents, if it can be a token at all.
    pub fn parse(text: &str) -> Option<Presented<'_>> {
        Presented::parse(text)
    }

    /// A new refresh token of the line: the last characters of its secret vouch for all before them.
    pub(crate) fn mint_tagged(
        kind: TokenKind,
        handle: Handle,
        random: &dyn Random,
        tag: impl FnOnce(&str) -> String,
    ) -> Self {
        let mut body = format!("{}_{handle}{}", kind.prefix(), random.alphanumeric(SECRET - TAG));
        body.push_str(&tag(&body));
        let checksum = checksum(&body);
        Self(Secret::new(format!("{body}_{checksum}")))
    }

    /// A token that was minted before and comes out of a sealed box.
    pub fn reopened(text: &str) -> Self {
        Self(Secret::new(text.to_owned()))
    }

    /// The token itself. Look twice at every call.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    pub fn hash(&self) -> [u8; 32] {
        hash(self.expose())
    }
}

/// A token that a client presents: well formed, but not yet known to be valid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presented<'a> {
    /// One that this service, or the MAS before it, minted.
    Native { kind: TokenKind, handle: Handle, text: &'a str },
    /// One that Synapse minted. There is no handle to find it by, only its hash.
    Imported { kind: Imported, text: &'a str },
}

/// What Synapse minted: both belong to legacy sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    Access,
    Refresh,
}

impl<'a> Presented<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if text.starts_with("syt_") || is_macaroon(text) {
            return Some(Self::Imported { kind: Imported::Access, text });
        }
        if text.starts_with("syr_") {
            return Some(Self::Imported { kind: Imported::Refresh, text });
        }
        let (body, checksum_given) = text.rsplit_once('_')?;
        let (prefix, random) = body.split_once('_')?;
        let kind = TokenKind::ALL.into_iter().find(|kind| kind.prefix() == prefix)?;
        let well_formed =
            random.len() == HANDLE + SECRET && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !well_formed || checksum(body) != checksum_given {
            return None;
        }
        Some(Self::Native { kind, handle: random[..HANDLE].parse().ok()?, text })
    }

    pub fn is_refresh(&self) -> bool {
        match self {
            Self::Native { kind, .. } => kind.is_refresh(),
            Self::Imported { kind, .. } => *kind == Imported::Refresh,
        }
    }

    /// The token itself, to derive a key from. Look twice at every call.
    pub fn expose(&self) -> &'a str {
        match self {
            Self::Native { text, .. } | Self::Imported { text, .. } => text,
        }
    }

    pub fn hash(&self) -> [u8; 32] {
        hash(self.expose())
    }

    /// What a tag vouches for, and the tag, if this is a refresh token of ours.
    pub(crate) fn tagged(&self) -> Option<(&'a str, &'a str)> {
        match self {
            Self::Native { kind, text, .. } if kind.is_refresh() => {
                let (body, _) = text.rsplit_once('_')?;
                body.split_at_checked(body.len() - TAG)
            }
            _ => None,
        }
    }
}

/// Leaves the token out.
impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native { kind, handle, .. } => write!(f, "{kind:?}({handle})"),
            Self::Imported { kind, .. } => write!(f, "Imported({kind:?})"),
        }
    }
}

/// What the database keeps of a token (also of an imported one): SHA-256 of the whole text.
pub fn hash(text: &str) -> [u8; 32] {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// CRC-32 (ISO-HDLC) in base 62, least significant digit first, yet padded with `0` on the left. Odd, and kept:
/// tokens that MAS minted must stay valid.
fn checksum(body: &str) -> String {
    let digits = digits(u64::from(crc32fast::hash(body.as_bytes())), CHECKSUM);
    format!("{:0>CHECKSUM$}", digits.trim_end_matches('0'))
}

/// The lowest `length` digits of a number in base 62, least significant first.
pub(crate) fn digits(mut number: u64, length: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = String::with_capacity(length);
    for _ in 0..length {
        digits.push(char::from(DIGITS[(number % 62) as usize]));
        number /= 62;
    }
    digits
}

/// Synapse's older tokens: base64url of a packet that begins with its length in four hex digits and `location `.
fn is_macaroon(text: &str) -> bool {
    let packet = |text| URL_SAFE_NO_PAD.decode(text).ok();
    text.starts_with("MD") && packet(text).is_some_and(|packet| packet.get(4..13) == Some(b"location "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    fn mint(kind: TokenKind) -> Token {
        Token::mint(kind, Handle::new(&SystemRandom), &SystemRandom)
    }

    #[test]
    fn tokens_that_mas_minted_are_read() {
        for (text, kind, handle) in [
            ("mat_abcdefghijklmnopqrstuvwxyz0123_ObV8J1", TokenKind::OauthAccess, "abcdefghij"),
            ("mar_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123_DHcLn1", TokenKind::OauthRefresh, "ABCDEFGHIJ"),
            ("mct_000000000000000000000000000000_yh9234", TokenKind::CompatAccess, "0000000000"),
            ("mat_kGoaXmI63JozGw82KwD6rQJM9UayY2_0IYvqi", TokenKind::OauthAccess, "kGoaXmI63J"),
        ] {
            let handle = handle.parse().unwrap();
            assert_eq!(Token::parse(text), Some(Presented::Native { kind, handle, text }));
        }
    }

    #[test]
    fn checksums_follow_both_quirks() {
        assert_eq!(crc32fast::hash(b"mat_abcdefghijklmnopqrstuvwxyz0123"), 0x4775_ef5a);
        assert_eq!(crc32fast::hash(b"mat_kGoaXmI63JozGw82KwD6rQJM9UayY2"), 662_773_074);
        assert_eq!(checksum("mat_kGoaXmI63JozGw82KwD6rQJM9UayY2"), "0IYvqi");
        assert_eq!(checksum(""), "000000");
    }

    #[test]
    fn a_minted_token_reads_back_with_kind_and_handle() {
        for kind in TokenKind::ALL {
            let handle = Handle::new(&SystemRandom);
            let (one, two) =
                (Token::mint(kind, handle, &SystemRandom), Token::mint(kind, handle, &SystemRandom));
            assert_ne!(one, two);
            assert_eq!(one.expose().len(), 41);
            let read = Token::parse(one.expose()).unwrap();
            assert_eq!(read, Presented::Native { kind, handle, text: one.expose() });
            assert_eq!(read.hash(), one.hash());
            assert_eq!(read.is_refresh(), kind.prefix().ends_with('r'));
        }
    }

    #[test]
    fn every_prefix_suffix_and_bit_flip_is_refused() {
        for kind in TokenKind::ALL {
            let token = mint(kind);
            let text = token.expose();
            for at in 0..text.len() {
                assert_eq!(Token::parse(&text[..at]), None, "prefix of {at}");
                assert_eq!(Token::parse(&text[at + 1..]), None, "suffix from {at}");
                for bit in 0..8 {
                    let mut flipped = text.as_bytes().to_vec();
                    flipped[at] ^= 1 << bit;
                    let flipped = String::from_utf8_lossy(&flipped);
                    assert_eq!(Token::parse(&flipped), None, "bit {bit} of {at}: {flipped}");
                }
            }
            for longer in [format!("{text} "), format!(" {text}"), format!("{text}\n"), format!("{text}_")] {
                assert_eq!(Token::parse(&longer), None, "{longer:?}");
            }
        }
    }

    #[test]
    fn a_matching_checksum_does_not_excuse_a_wrong_shape() {
        for body in [
            "mat_abcdefghijklmnopqrstuvwxyz012",
            "mat_abcdefghijklmnopqrstuvwxyz01234",
            "mat_abcdefghi_klmnopqrstuvwxyz0123",
            "mat_abcdefghi jklmnopqrstuvwxyz012",
            "mat_abcdefghiéklmnopqrstuvwxyz012",
            "mxt_abcdefghijklmnopqrstuvwxyz0123",
            "MAT_abcdefghijklmnopqrstuvwxyz0123",
        ] {
            assert_eq!(Token::parse(&format!("{body}_{}", checksum(body))), None, "{body}");
        }
    }

    #[test]
    fn tokens_of_synapse_are_recognised() {
        let access = |text| Some(Presented::Imported { kind: Imported::Access, text });
        let refresh = |text| Some(Presented::Imported { kind: Imported::Refresh, text });
        for text in ["syt_YWxpY2U_PuIgXXWnrHkWkKpGNsEq_2ouPJr", "syt_", "syt_a_é"] {
            assert_eq!(Token::parse(text), access(text));
        }
        assert!(Token::parse("syr_YWxpY2U_PuIgXXWnrHkWkKpGNsEq_2ouPJr").unwrap().is_refresh());
        assert_eq!(Token::parse("syr_x"), refresh("syr_x"));

        let macaroon = URL_SAFE_NO_PAD.encode("001flocation matrix.example.com\n0013identifier key\n");
        assert_eq!(Token::parse(&macaroon), access(&macaroon));
        for no_macaroon in ["", "MDAxZg", "MDAxZmxvY2F0aW9u", "MDAxZmxvY2F0aW9uIA==", "MDAxZmlkZW50aWZpZXIg"]
        {
            assert_eq!(Token::parse(no_macaroon), None, "{no_macaroon}");
        }
    }

    #[test]
    fn printing_shows_no_secret() {
        let token = mint(TokenKind::OauthAccess);
        let secret = &token.expose()[14..34];
        let read = Token::parse(token.expose()).unwrap();
        for shown in [format!("{token:?}"), format!("{read:?}")] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn handles_are_exactly_ten_letters_and_digits() {
        for text in ["", "abcdefghi", "abcdefghijk", "abcdefghi_", "abcdefghé"] {
            assert_eq!(text.parse::<Handle>(), Err(InvalidHandle), "{text}");
        }
        assert_eq!("abcDEF0129".parse::<Handle>().unwrap().to_string(), "abcDEF0129");
    }
}
