//! What ties the tokens of a line together: a tag by which a refresh token is known to have been minted here, and
//! the box that lets a refresh be repeated when its answer was lost.
//!
//! The tag tells a superseded refresh token from one that was made up around a handle (every token of the line shows
//! it), so that only the former can end a session. The box holds the new pair, sealed under a key from two halves:
//! the token that was presented, of which the database has the hash only, and a key of the service, which is not in
//! the database at all. Neither a stolen database nor an old token opens it, nor both together.

use aws_lc_rs::hmac;

use super::{Key, Vault, derive};
use crate::{
    Handle, Presented, Random, Secret, Token, TokenKind,
    token::{TAG, digits},
};

/// The keys of the current encryption secret first, then of those that it replaced.
pub struct Lineage(Vec<Keys>);

struct Keys {
    tag: hmac::Key,
    seal: Secret<Key>,
}

impl Lineage {
    pub fn new(vault: &Vault) -> Self {
        let tags = vault.macs("refresh token tag", b"");
        let seals = vault.macs("successor box", b"");
        let keys = |(tag, seal): (Key, Key)| Keys {
            tag: hmac::Key::new(hmac::HMAC_SHA256, &tag),
            seal: Secret::new(seal),
        };
        Self(tags.into_iter().zip(seals).map(keys).collect())
    }

    /// A new refresh token of the line.
    pub fn mint(&self, kind: TokenKind, handle: Handle, random: &dyn Random) -> Token {
        Token::mint_tagged(kind, handle, random, |body| self.0[0].tag(body))
    }

    /// Whether the token was minted here, whatever has become of it. False for tokens that were brought in.
    pub fn vouches_for(&self, token: &Presented<'_>) -> bool {
        let Some((body, tag)) = token.tagged() else { return false };
        self.0.iter().any(|keys| Secret::new(keys.tag(body)).matches(tag))
    }

    /// Seals `pair` for whoever presents `token` again on the line with this handle.
    pub fn seal(&self, token: &str, handle: Handle, pair: &[u8], random: &dyn Random) -> Vec<u8> {
        super::seal(&self.0[0].key(token), handle.as_str().as_bytes(), pair, random)
    }

    /// What was sealed; `None` if the token or the line is another one, or the box was altered.
    pub fn open(&self, token: &str, handle: Handle, sealed: &[u8]) -> Option<Secret<Vec<u8>>> {
        let handle = handle.as_str().as_bytes();
        self.0.iter().find_map(|keys| super::open(&keys.key(token), handle, sealed)).map(Secret::new)
    }
}

impl Keys {
    fn tag(&self, body: &str) -> String {
        let mac = hmac::sign(&self.tag, body.as_bytes());
        let (head, _) = mac.as_ref().split_first_chunk().expect("HMAC-SHA256 has 32 bytes");
        digits(u64::from_be_bytes(*head), TAG)
    }

    fn key(&self, token: &str) -> Key {
        let halves = [token.as_bytes(), self.seal.expose()].concat();
        derive(&halves, &[b"latchkey successor v1"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SystemRandom, seal::tests::Fixed};

    const TOKEN: &str = "mar_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123_DHcLn1";

    fn lineage(secret: u8, old: &[u8]) -> Lineage {
        let old = old.iter().map(|byte| Secret::new([*byte; 32])).collect();
        Lineage::new(&Vault::new(Secret::new([secret; 32]), old))
    }

    fn handle(text: &str) -> Handle {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_same_token_on_the_same_line_opens_an_unaltered_box() {
        let (ours, line) = (lineage(1, &[]), handle("ABCDEFGHIJ"));
        let sealed = ours.seal(TOKEN, line, b"next", &SystemRandom);
        assert_eq!(ours.open(TOKEN, line, &sealed).unwrap().expose(), b"next");
        assert_eq!(ours.open("mar_another", line, &sealed), None);
        assert_eq!(ours.open(TOKEN, handle("other0line"), &sealed), None);
        assert_eq!(lineage(2, &[]).open(TOKEN, line, &sealed), None);
        assert_eq!(lineage(2, &[1]).open(TOKEN, line, &sealed).unwrap().expose(), b"next");
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(ours.open(TOKEN, line, &altered), None, "byte {at}");
            assert_eq!(ours.open(TOKEN, line, &sealed[..at]), None, "prefix of {at}");
        }
    }

    #[test]
    fn made_up_tokens_around_a_known_handle_are_not_vouched_for() {
        let (ours, line) = (lineage(1, &[]), handle("ABCDEFGHIJ"));
        let minted = ours.mint(TokenKind::OauthRefresh, line, &SystemRandom);
        let forged = Token::mint(TokenKind::OauthRefresh, line, &SystemRandom);
        let vouches =
            |lineage: &Lineage, token: &Token| lineage.vouches_for(&Token::parse(token.expose()).unwrap());
        assert!(vouches(&ours, &minted));
        assert!(vouches(&lineage(2, &[1]), &minted));
        assert!(!vouches(&lineage(2, &[]), &minted));
        assert!(!vouches(&ours, &forged));
        assert_eq!(minted.expose().len(), 41);
        assert!(!ours.vouches_for(&Token::parse("syr_x").unwrap()));
    }

    #[test]
    fn the_forms_stay_what_they_were() {
        let ours = lineage(1, &[]);
        let sealed = ours.seal(TOKEN, handle("ABCDEFGHIJ"), b"next", &Fixed);
        let sealed: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sealed, "6465666768696a6b6c6d6e6f858344aa8f980292c7569500be575ab6b831c04f");
        assert_eq!(ours.0[0].tag("mar_ABCDEFGHIJKLMNOPQRSTUVWXY"), "Pj3mR");
    }
}
