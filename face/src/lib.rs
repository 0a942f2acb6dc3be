//! Face match: is the person before the camera the one who enrolled? Detection, quality, alignment, liveness, template,
//! 1:1 score.
//!
//! A caller needs [`Engine`] and the words it answers with: [`Template`], [`Rejection`], [`Unavailable`], [`Outcome`].
//! A score never leaves this crate except through `evaluation`, which exists for measuring only.
//!
//! Rules kept here: FMR of one in ten thousand at the shipped threshold (NIST SP 800-63B-4, biometrics), one comparison
//! per verification so that the threshold keeps its meaning, no picture kept, templates of two models never compared.
//! Left out: 1:N search, rotation of templates per facility (ISO/IEC 24745), enforced liveness (ISO/IEC 30107-3).

mod engine;
mod liveness;
mod outcome;
mod rejection;
mod template;

pub use engine::{Engine, FaceConfig};
pub use liveness::Liveness;
pub use outcome::{NotEnrolled, Outcome, Unavailable, Verification};
pub use rejection::Rejection;
pub use template::{Template, TemplateError};
