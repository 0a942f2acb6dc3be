//! Scores as numbers, for measuring error rates and for nothing else: a page or a log that shows one helps an impostor
//! climb. Behind the feature `evaluation`, which no server is built with.

use crate::capture::captures;
use crate::score::cosine;
use crate::{Engine, NotEnrolled, Template};

/// The score of a frame against a template.
pub fn score(engine: &Engine, template: &Template, frame: &[u8]) -> Result<f32, NotEnrolled> {
    engine.with(|loaded| {
        let (capture, _) = captures(loaded, &[frame])?;
        Ok(cosine(template.vector(), &capture.embed(loaded)?))
    })
}
