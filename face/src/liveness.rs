//! What presentation attack detection said.

/// Recorded in the audit, never enforced: no APCER may be claimed for these networks (ISO/IEC 30107-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveness {
    /// Both networks together lean to a person before the camera.
    Live,
    /// They lean to a photograph or a screen.
    NotLive,
    /// Not asked: no liveness model is installed, or no frame came so far.
    Unknown,
}

impl Liveness {
    /// The word for the audit.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::NotLive => "not-live",
            Self::Unknown => "unknown",
        }
    }
}
