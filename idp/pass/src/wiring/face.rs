//! Face comparison over the package `face`.

use crate::config::FaceSection;
use face::{Engine, FaceConfig, NotEnrolled, Probe, Template, Unavailable, Verification};
use pass_core::ports::FaceMatcher;

/// The face engine of this process. Models load at first use.
pub struct Faces {
    engine: Engine,
    configured: bool,
}

impl Faces {
    /// `allow_evaluation` is for the demo alone (architecture 7.13).
    pub fn new(section: &FaceSection, allow_evaluation: bool) -> Self {
        let config = FaceConfig {
            library: section.library.clone().unwrap_or_default(),
            models_dir: section.models.clone().unwrap_or_default(),
            allow_evaluation,
        };
        let configured = section.library.is_some() || section.models.is_some();
        Self { engine: Engine::open(&config), configured }
    }
}

impl FaceMatcher for Faces {
    /// A look at a folder that nobody named would find what is not there; the threshold is then no question.
    fn unavailable(&self) -> Option<Unavailable> {
        if !self.configured {
            return Some(Unavailable::Library("no [face] in the configuration".into()));
        }
        self.engine.unavailable()
    }

    fn enrol(&self, frames: &[&[u8]]) -> Result<Template, NotEnrolled> {
        self.engine.enrol(frames)
    }

    fn verify(&self, template: &Template, frames: &[&[u8]]) -> Verification {
        self.engine.verify(template, frames)
    }

    fn probe(&self, frames: &[&[u8]]) -> Result<Probe, NotEnrolled> {
        self.engine.probe(frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_face_section_no_threshold_is_spoken_of() {
        let section = |models: Option<&str>| FaceSection { models: models.map(Into::into), ..FaceSection::default() };
        let why = |section: &FaceSection| Faces::new(section, false).unavailable().map(|why| why.key());
        assert_eq!(why(&section(None)), Some("face.unavailable.library"));
        assert_ne!(why(&section(Some("/nowhere"))), None);
    }
}
