//! One frame on its way from bytes to something that may be compared, and the best of several.

use zeroize::Zeroizing;

use crate::challenge::{Challenge, Heading, fulfilled, offset};
use crate::detect::Face;
use crate::loaded::Loaded;
use crate::picture::Picture;
use crate::quality::Demand;
use crate::{Liveness, NotEnrolled, Rejection, Unavailable, align, quality};

/// More frames than this are not looked at.
const MAX_FRAMES: usize = 5;
/// The same for a sitting in which the head turns.
const MAX_TURNING: usize = 10;

/// A frame that passed every check.
pub(crate) struct Capture {
    /// Kept for the sharpest frame alone: a picture has up to 12 MB, an aligned crop 38 kB.
    picture: Option<Picture>,
    face: Face,
    crop: Picture,
    sharpness: f32,
}

/// The good frames of a sitting: the sharpest, and the others, sharpest last. Where none is good, the reason of the one that
/// came furthest.
pub(crate) fn captures(loaded: &mut Loaded, frames: &[&[u8]]) -> Result<(Capture, Vec<Capture>), NotEnrolled> {
    let mut sitting = Sitting::default();
    for frame in frames.iter().take(MAX_FRAMES) {
        sitting.take(capture(loaded, frame, Demand::Front))?;
    }
    sitting.end()
}

/// The same for a sitting in which the head turns as it was asked to. Returns the frames that face the camera, and the
/// turned ones, which must show the same person.
pub(crate) fn turning(
    loaded: &mut Loaded,
    challenge: &Challenge,
    frames: &[&[u8]],
) -> Result<(Capture, Vec<Capture>, Vec<Capture>), NotEnrolled> {
    let (mut ahead, mut turned, mut headings) = (Sitting::default(), Sitting::default(), Vec::new());
    let mut first = None;
    for frame in frames.iter().take(MAX_TURNING) {
        let seen = capture(loaded, frame, Demand::Any);
        let heading = seen.as_ref().ok().map(|c| {
            let offset = offset(&c.face.landmarks);
            Heading::of(offset, *first.get_or_insert(offset))
        });
        headings.extend(heading);
        match heading {
            Some(Heading::Ahead) => ahead.take(seen)?,
            Some(Heading::Between) => {}
            _ => turned.take(seen)?,
        }
    }
    ahead.reason = ahead.reason.max(turned.reason);
    for capture in &ahead.good {
        quality::covered(&capture.crop, &loaded.embedder.template)?;
    }
    let (best, others) = ahead.end()?;
    if !fulfilled(challenge, &headings) {
        return Err(Rejection::Unmoved.into());
    }
    Ok((best, others, turned.good))
}

/// What became of the frames so far.
struct Sitting {
    good: Vec<Capture>,
    reason: Rejection,
}

impl Default for Sitting {
    fn default() -> Self {
        Self { good: Vec::new(), reason: Rejection::Empty }
    }
}

impl Sitting {
    fn take(&mut self, seen: Result<Capture, NotEnrolled>) -> Result<(), Unavailable> {
        match seen {
            Ok(mut capture) => {
                match self.good.last_mut() {
                    Some(best) if best.sharpness > capture.sharpness => capture.picture = None,
                    Some(best) => best.picture = None,
                    None => {}
                }
                let place = self.good.partition_point(|c| c.sharpness <= capture.sharpness);
                self.good.insert(place, capture);
            }
            Err(NotEnrolled::Rejected(why)) => self.reason = self.reason.max(why),
            Err(NotEnrolled::Unavailable(why)) => return Err(why),
        }
        Ok(())
    }

    fn end(mut self) -> Result<(Capture, Vec<Capture>), NotEnrolled> {
        let best = self.good.pop().ok_or(self.reason)?;
        Ok((best, self.good))
    }
}

fn capture(loaded: &mut Loaded, frame: &[u8], demand: Demand) -> Result<Capture, NotEnrolled> {
    let picture = Picture::decode(frame)?;
    let faces = loaded.detector.find(&picture)?;
    let face = quality::sole(faces, &picture)?;
    quality::pose(&face, &picture, demand)?;
    let crop = align::crop(&picture, &face.landmarks, &loaded.embedder.template, loaded.embedder.side)?;
    let sharpness = quality::light(&crop)?;
    // Of a sitting with turns, those that look ahead are judged afterwards.
    if demand == Demand::Front {
        quality::covered(&crop, &loaded.embedder.template)?;
    }
    Ok(Capture { picture: Some(picture), face, crop, sharpness })
}

impl Capture {
    pub(crate) fn embed(&self, loaded: &mut Loaded) -> Result<Zeroizing<Vec<f32>>, Unavailable> {
        loaded.embedder.embed(&self.crop)
    }

    /// Of the sharpest frame; the others no longer have their picture.
    pub(crate) fn liveness(&self, loaded: &mut Loaded) -> Result<Liveness, Unavailable> {
        let Some(picture) = &self.picture else { return Ok(Liveness::Unknown) };
        let scores: Result<Vec<_>, _> = loaded.pads.iter_mut().map(|pad| pad.live(picture, &self.face)).collect();
        Ok(Liveness::of(&scores?))
    }
}
