//! The door of the crate.

use std::path::PathBuf;

use crate::{Liveness, NotEnrolled, Template, Unavailable, Verification};

/// Where the operator put things.
#[derive(Clone, Debug, Default)]
pub struct FaceConfig {
    /// The ONNX Runtime library file.
    pub library: PathBuf,
    /// The folder of the model files.
    pub models_dir: PathBuf,
    /// Whether models and thresholds that are good for evaluation only may run. The demo alone says yes.
    pub allow_evaluation: bool,
}

/// Loads library and models at first use, so that a server without face visitors pays nothing.
pub struct Engine {
    config: FaceConfig,
}

impl Engine {
    /// Costs nothing: no file is touched before the first call.
    pub fn open(config: &FaceConfig) -> Self {
        Self {
            config: config.clone(),
        }
    }

    /// Makes a template out of up to five frames (JPEG or PNG) of one person.
    pub fn enrol(&self, _frames: &[&[u8]]) -> Result<Template, NotEnrolled> {
        Err(Unavailable::Library(self.config.library.display().to_string()).into())
    }

    /// Compares the best of up to five frames with a template, once.
    pub fn verify(&self, _template: &Template, _frames: &[&[u8]]) -> Verification {
        let outcome = Unavailable::Library(self.config.library.display().to_string()).into();
        Verification {
            outcome,
            liveness: Liveness::Unknown,
            threshold_set: String::new(),
        }
    }
}
