//! Known answers to a known input: whoever swaps channels, strides or a model file hears of it, whichever runtime computes.

use std::path::Path;

use super::Entry;
use crate::backend::Runtime;
use crate::{Backend, Unavailable, tensor};

/// Relative to the larger of one and the expected number, as between two runtimes.
pub const TOLERANCE: f32 = 1e-3;

/// x[i] = 37 i mod 256 over the flat index of planes, rows and columns.
pub(crate) fn pattern(side: usize) -> Vec<f32> {
    (0..3 * side * side).map(|i| ((37 * i) % 256) as f32).collect()
}

/// Runs the model and compares. Returns the largest difference, relative to the larger of one and the expected number.
pub fn golden(entry: &Entry, dir: &Path, library: &Path, backend: Backend) -> Result<f32, Unavailable> {
    let bytes = super::read(entry, dir).map_err(|e| Unavailable::Model(e.to_string()))?;
    let shape = tensor::shape(entry.contract.side());
    let mut network = Runtime::load(backend, library)?.network(&bytes, shape)?;
    let found = network.run(shape, &pattern(entry.contract.side()))?;
    let mut worst = 0.0_f32;
    for known in &entry.golden {
        let missing = || Unavailable::Inference(format!("{}: no output {}", entry.id, known.output));
        let data = &found.get(&known.output).ok_or_else(missing)?.data;
        let sum: f32 = data.iter().sum();
        let pairs = data.iter().copied().zip(known.first.iter().copied()).chain([(sum, known.sum)]);
        for (value, expected) in pairs {
            let off = (value - expected).abs() / expected.abs().max(1.0);
            worst = if off.is_nan() { f32::INFINITY } else { worst.max(off) };
        }
        if data.len() < known.first.len() {
            return Err(missing());
        }
    }
    if worst <= TOLERANCE {
        return Ok(worst);
    }
    Err(Unavailable::Inference(format!("{}: off its golden numbers by {worst}", entry.id)))
}
