//! One frame on its way from bytes to something that may be compared, and the best of several.

use zeroize::Zeroizing;

use crate::detect::Face;
use crate::loaded::Loaded;
use crate::picture::Picture;
use crate::{Liveness, NotEnrolled, Rejection, Unavailable, align, quality};

/// More frames than this are not looked at.
const MAX_FRAMES: usize = 5;

/// A frame that passed every check.
pub(crate) struct Capture {
    picture: Picture,
    face: Face,
    crop: Picture,
    sharpness: f32,
}

/// The good frames of a sitting: the sharpest, and the others. Where none is good, the reason of the one that came furthest.
pub(crate) fn captures(loaded: &mut Loaded, frames: &[&[u8]]) -> Result<(Capture, Vec<Capture>), NotEnrolled> {
    let (mut good, mut reason) = (Vec::new(), Rejection::Empty);
    for frame in frames.iter().take(MAX_FRAMES) {
        match capture(loaded, frame) {
            Ok(capture) => good.push(capture),
            Err(NotEnrolled::Rejected(why)) => reason = reason.max(why),
            Err(unavailable) => return Err(unavailable),
        }
    }
    good.sort_by(|a, b| a.sharpness.total_cmp(&b.sharpness));
    let best = good.pop().ok_or(reason)?;
    Ok((best, good))
}

fn capture(loaded: &mut Loaded, frame: &[u8]) -> Result<Capture, NotEnrolled> {
    let picture = Picture::decode(frame)?;
    let faces = loaded.detector.find(&picture)?;
    let face = quality::sole(faces, &picture)?;
    quality::pose(&face, &picture)?;
    let crop = align::crop(&picture, &face.landmarks, &loaded.embedder.template, loaded.embedder.side)?;
    let sharpness = quality::light(&crop)?;
    Ok(Capture { picture, face, crop, sharpness })
}

impl Capture {
    pub(crate) fn embed(&self, loaded: &mut Loaded) -> Result<Zeroizing<Vec<f32>>, Unavailable> {
        loaded.embedder.embed(&self.crop)
    }

    pub(crate) fn liveness(&self, loaded: &mut Loaded) -> Result<Liveness, Unavailable> {
        let scores: Result<Vec<_>, _> = loaded.pads.iter_mut().map(|pad| pad.live(&self.picture, &self.face)).collect();
        Ok(Liveness::of(&scores?))
    }
}
