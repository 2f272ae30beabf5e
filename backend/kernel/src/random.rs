//! Where randomness comes from: the operating system, or a seeded stream in tests.

use std::fmt;

/// A cryptographically secure source of bytes (except in tests, where it is a seeded stream).
pub trait Random: Send + Sync + fmt::Debug {
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Random + '_ {
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// `length` characters of `[0-9A-Za-z]`, each carrying log2(62) = 5.95 bits.
    pub fn alphanumeric(&self, length: usize) -> String {
        const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut text = String::with_capacity(length);
        let mut pool = [0u8; 64];
        while text.len() < length {
            self.fill(&mut pool);
            // 248 is the largest multiple of 62 in a byte: rejecting the rest keeps every character equally likely.
            let usable = pool.iter().filter(|byte| **byte < 248).take(length - text.len());
            text.extend(usable.map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
        }
        text
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("the operating system provides randomness");
    }
}
