//! Face comparison over the package `face`.

use crate::config::FaceSection;
use face::{Engine, FaceConfig, NotEnrolled, Template, Unavailable, Verification};
use pass_core::ports::FaceMatcher;

/// The face engine of this process. Models load at first use.
pub struct Faces {
    engine: Engine,
}

impl Faces {
    /// `allow_evaluation` is for the demo alone (architecture 7.13).
    pub fn new(section: &FaceSection, allow_evaluation: bool) -> Self {
        let config = FaceConfig {
            library: section.library.clone().unwrap_or_default(),
            models_dir: section.models.clone().unwrap_or_default(),
            allow_evaluation,
        };
        Self { engine: Engine::open(&config) }
    }
}

impl FaceMatcher for Faces {
    fn unavailable(&self) -> Option<Unavailable> {
        self.engine.unavailable()
    }

    fn enrol(&self, frames: &[&[u8]]) -> Result<Template, NotEnrolled> {
        self.engine.enrol(frames)
    }

    fn verify(&self, template: &Template, frames: &[&[u8]]) -> Verification {
        self.engine.verify(template, frames)
    }
}
