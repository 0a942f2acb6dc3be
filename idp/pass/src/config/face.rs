//! `[face]`: library and models of the face match.

use serde::Deserialize;
use std::path::PathBuf;

/// Where the face match finds its parts. Without them faces are "unavailable" and everything else works.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaceSection {
    /// The ONNX Runtime library.
    pub library: Option<PathBuf>,
    /// Folder of models, filled by `pass models install`.
    pub models: Option<PathBuf>,
}
