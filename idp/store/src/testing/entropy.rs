//! Randomness that repeats itself from run to run.

use pass_core::Entropy;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The same bytes for the same seed (SplitMix64). Not for keys of any worth.
pub struct Seeded(AtomicU64);

impl Seeded {
    /// Begins a sequence.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}
