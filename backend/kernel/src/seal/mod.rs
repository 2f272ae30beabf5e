//! What keeps secrets at rest that must come back: ChaCha20-Poly1305 (RFC 8439) under keys from HKDF-SHA256
//! (RFC 5869).
//!
//! [`Vault`] holds the service's encryption secret: boxes for client secrets and the like, and the key of short
//! codes' HMACs. [`Lineage`] ties refresh tokens together: it seals under a token that the service itself does not keep.
//!
//! Not here: secrets that never come back, which are hashed (`token::hash`), and passwords.
//! Invariant: every use has a key of its own; only the form that MAS wrote uses the encryption secret as it is.

mod lineage;
mod vault;

pub use lineage::Lineage;
pub use vault::Vault;

use aws_lc_rs::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};

use crate::Random;

type Key = [u8; 32];

/// A key for one purpose. Different `info` gives unrelated keys.
fn derive(from: &[u8], info: &[&[u8]]) -> Key {
    let mut key = Key::default();
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(from)
        .expand(info, hkdf::HKDF_SHA256)
        .and_then(|expanded| expanded.fill(&mut key))
        .expect("32 bytes are one block of SHA-256");
    key
}

/// Nonce, then cipher text, then tag.
fn seal(key: &Key, bound_to: &[u8], plain: &[u8], random: &dyn Random) -> Vec<u8> {
    let nonce = random.bytes::<NONCE_LEN>();
    let mut text = plain.to_vec();
    cipher(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to), &mut text)
        .expect("far below the 256 GiB that ChaCha20 can take");
    [nonce.as_slice(), &text].concat()
}

fn open(key: &Key, bound_to: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut text = text.to_vec();
    let plain = cipher(key)
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(bound_to), &mut text)
        .ok()?
        .len();
    text.truncate(plain);
    Some(text)
}

fn cipher(key: &Key) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).expect("the key is 32 bytes long"))
}

#[cfg(test)]
mod tests {
    /// The nonce of the known answers, which were made with another library.
    #[derive(Debug)]
    pub struct Fixed;

    impl crate::Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.iter_mut().zip(100..).for_each(|(byte, value)| *byte = value);
        }
    }
}
