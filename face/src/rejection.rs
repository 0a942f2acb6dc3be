//! Why a picture was refused before anything was compared. A failed capture is not a non-match (ISO/IEC 19795-1: FTA and
//! FNMR are counted apart).

/// A reason the person before the camera can do something about.
///
/// The order is how far a frame came before it failed: of several refused frames the furthest one is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rejection {
    /// No frame, or one without any bytes.
    Empty,
    /// Not a JPEG or PNG, or one that breaks off.
    Unreadable,
    /// More bytes or pixels than the server decodes.
    TooBig,
    /// No face was found.
    NoFace,
    /// More than one face of comparable size.
    SeveralFaces,
    /// The face fills too little of the picture.
    TooSmall,
    /// The face leaves the picture.
    CutOff,
    /// The head is turned or tilted too far.
    Turned,
    /// Too dark, or lit from behind.
    TooDark,
    /// Out of focus or moving.
    Blurred,
    /// A mask, a hand or dark glasses in front of it.
    Covered,
    /// The head did not turn as it was asked to.
    Unmoved,
    /// The frames of one enrolment do not show one person.
    Different,
}

impl Rejection {
    /// Every reason, for tables of texts.
    pub const ALL: [Self; 13] = [
        Self::Empty,
        Self::Unreadable,
        Self::TooBig,
        Self::NoFace,
        Self::SeveralFaces,
        Self::TooSmall,
        Self::CutOff,
        Self::Turned,
        Self::TooDark,
        Self::Blurred,
        Self::Covered,
        Self::Unmoved,
        Self::Different,
    ];

    /// The stable name under which texts for people and audit rows know this reason.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "face.empty",
            Self::Unreadable => "face.unreadable",
            Self::TooBig => "face.too-big",
            Self::NoFace => "face.none",
            Self::SeveralFaces => "face.several",
            Self::TooSmall => "face.small",
            Self::CutOff => "face.edge",
            Self::Turned => "face.turned",
            Self::TooDark => "face.light",
            Self::Blurred => "face.blurred",
            Self::Covered => "face.covered",
            Self::Unmoved => "face.unmoved",
            Self::Different => "face.different",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rejection;
    use std::collections::HashSet;

    #[test]
    fn every_reason_has_its_own_key() {
        let keys: HashSet<_> = Rejection::ALL.iter().map(|r| r.key()).collect();
        assert_eq!(keys.len(), Rejection::ALL.len());
        assert!(keys.iter().all(|k| k.starts_with("face.")));
    }

    #[test]
    fn reasons_are_listed_in_the_order_of_progress() {
        assert!(Rejection::ALL.windows(2).all(|w| w[0] < w[1]));
    }
}
