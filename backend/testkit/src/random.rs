//! The same numbers in every run, so that snapshots hold whole bodies.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use kernel::Random;

/// `SplitMix64` (Steele, Lea, Flood 2014) from a fixed seed: no secret, and not meant to be one.
#[derive(Debug, Default)]
pub struct SeededRandom {
    state: AtomicU64,
    breaks: AtomicBool,
}

impl SeededRandom {
    pub const fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed), breaks: AtomicBool::new(false) }
    }

    /// Whoever asks for a number next panics.
    pub fn break_once(&self) {
        self.breaks.store(true, Relaxed);
    }

    fn next(&self) -> u64 {
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.state.fetch_add(GOLDEN, Relaxed).wrapping_add(GOLDEN);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        assert!(!self.breaks.swap(false, Relaxed), "a test wants this to panic");
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}
