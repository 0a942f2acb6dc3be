//! The models: which they are, where they come from, how they are called, and whether a file is the one that was pinned.
//!
//! Weights are never in the repository. A manifest pins each file by sha256; a file that differs does not load.

mod golden;
mod install;
mod manifest;
mod threshold;

#[cfg(all(test, feature = "face-tract"))]
pub(crate) use golden::pattern;
pub use golden::{TOLERANCE, golden};
pub(crate) use install::read;
pub use install::{InstallError, Placed, State, install, place, verify};
pub use manifest::{Channels, Contract, Entry, Golden, Manifest, ManifestError, Metric, Usage};
pub use threshold::{FPIR, FmrPoint, ThresholdSet};
