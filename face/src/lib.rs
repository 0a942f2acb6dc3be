//! Face match: is the person before the camera the one who enrolled? Detection, quality, alignment, liveness, template,
//! 1:1 score, 1:N search.
//!
//! A caller needs [`Engine`] and the words it answers with: [`Template`], [`Verification`], [`Probe`] and
//! [`Gallery`], [`Rejection`], [`Unavailable`]. A score never leaves this crate except through `evaluation`, which exists for measuring only.
//!
//! Rules kept here: as many comparisons per verification as the threshold was calibrated for, so that it keeps its false
//! match rate (NIST SP 800-63B-4, biometrics: at most one in ten thousand); no picture kept; templates of two models never compared.
//! Left out: enforced liveness (ISO/IEC 30107-3).

mod align;
mod backend;
pub mod calibrate;
mod capture;
mod challenge;
mod detect;
#[cfg(feature = "drawn")]
pub mod drawn;
mod embed;
mod engine;
#[cfg(feature = "evaluation")]
pub mod evaluation;
mod liveness;
mod loaded;
#[cfg(test)]
mod measured;
pub mod model;
mod outcome;
mod picture;
mod plan;
mod pool;
mod quality;
mod rejection;
mod rotation;
mod score;
mod search;
mod shrink;
mod template;
mod tensor;

pub use backend::Backend;
pub use challenge::{Challenge, Turn};
pub use engine::{Engine, FaceConfig, Ready};
pub use liveness::Liveness;
pub use outcome::{NotEnrolled, Outcome, Unavailable, Verification};
pub use pool::Pool;
pub use rejection::Rejection;
pub use rotation::Rotation;
pub use search::{Gallery, Identified, Probe};
pub use template::{Template, TemplateError};
