//! The answers of the engine.

use crate::{Liveness, Rejection};

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same person, at the threshold of the set in use.
    Match,
    /// Another person.
    NoMatch,
    /// No comparison took place; the person may try again.
    Rejected(Rejection),
    /// The machine cannot answer; another way must be offered.
    Unavailable(Unavailable),
}

/// An outcome with what the audit records beside it. No score: it would help to climb towards a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The answer.
    pub outcome: Outcome,
    /// What presentation attack detection said; recorded only.
    pub liveness: Liveness,
    /// The threshold set that decided, empty where nothing was compared.
    pub threshold_set: String,
}

/// Why there is no template after an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotEnrolled {
    /// The frames were not good enough.
    Rejected(Rejection),
    /// The machine cannot answer.
    Unavailable(Unavailable),
}

/// Why face is not on offer. The text is for operators: health page, doctor, log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The ONNX Runtime library does not load, or is not configured.
    #[error("ONNX Runtime: {0}")]
    Library(String),
    /// A model file is missing, altered or not a model.
    #[error("model: {0}")]
    Model(String),
    /// The model has no calibrated threshold set, and this is not the demo.
    #[error("uncalibrated: {0} has no threshold set with evidence behind it")]
    Uncalibrated(String),
    /// The template was made by another model: the person enrols again.
    #[error("the template belongs to model {0}")]
    OtherModel(String),
    /// Inference failed or gave numbers that are none.
    #[error("inference: {0}")]
    Inference(String),
    /// Every worker computes and the queue is full: the same person may come again in some seconds.
    #[error("busy: all workers compute and the queue is full")]
    Busy,
}

impl Unavailable {
    /// The stable name of this reason.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Library(_) => "face.unavailable.library",
            Self::Model(_) => "face.unavailable.model",
            Self::Uncalibrated(_) => "face.unavailable.uncalibrated",
            Self::OtherModel(_) => "face.unavailable.other-model",
            Self::Inference(_) => "face.unavailable.inference",
            Self::Busy => "face.unavailable.busy",
        }
    }
}

impl From<Rejection> for Outcome {
    fn from(reason: Rejection) -> Self {
        Self::Rejected(reason)
    }
}

impl From<Unavailable> for Outcome {
    fn from(reason: Unavailable) -> Self {
        Self::Unavailable(reason)
    }
}

impl From<Rejection> for NotEnrolled {
    fn from(reason: Rejection) -> Self {
        Self::Rejected(reason)
    }
}

impl From<Unavailable> for NotEnrolled {
    fn from(reason: Unavailable) -> Self {
        Self::Unavailable(reason)
    }
}

impl From<NotEnrolled> for Outcome {
    fn from(reason: NotEnrolled) -> Self {
        match reason {
            NotEnrolled::Rejected(r) => Self::Rejected(r),
            NotEnrolled::Unavailable(u) => Self::Unavailable(u),
        }
    }
}
