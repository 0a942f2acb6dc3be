//! Scores as numbers, for measuring error rates and for nothing else: a page or a log that shows one helps an impostor
//! climb. And crowds that nobody belongs to, for measuring a search. Behind the feature `evaluation`, which no server is
//! built with.

use zeroize::Zeroizing;

use crate::capture::captures;
use crate::model::{FmrPoint, ThresholdSet};
use crate::score::cosine;
use crate::{Engine, Gallery, Liveness, NotEnrolled, Probe, Template};

/// The score of a frame against a template.
pub fn score(engine: &Engine, template: &Template, frame: &[u8]) -> Result<f32, NotEnrolled> {
    engine.with(|loaded| {
        let (capture, _) = captures(loaded, &[frame])?;
        Ok(cosine(template.vector(), &capture.embed(loaded)?))
    })
}

/// Length of the vectors of a crowd.
const WIDTH: usize = 128;

/// A gallery of random vectors, and probes of which each has a mate in it at a cosine of about 0.7.
pub fn crowd(people: u32, probes: u32) -> (Gallery, Vec<(Probe, [u8; 16])>) {
    let mut gallery = Gallery::new("crowd");
    for n in 0..people {
        gallery.insert(person(n), &Template::new("crowd", "crowd", &unit(n)));
    }
    let probes = (0..probes).map(|i| {
        // Spread over the whole gallery.
        let mate = (u64::from(i) * 2_654_435_761 % u64::from(people.max(1))) as u32;
        let noise = unit(!i);
        let mixed: Vec<f32> = unit(mate).iter().zip(&noise).map(|(a, b)| (a + b) / std::f32::consts::SQRT_2).collect();
        let vector = Zeroizing::new(mixed);
        let (model, liveness) = ("crowd".to_owned(), Liveness::Unknown);
        (Probe { model, thresholds: thresholds(), vector, liveness }, person(mate))
    });
    let probes = probes.collect();
    (gallery, probes)
}

/// For vectors that are random, not faces: two of them never come near 0.55.
fn thresholds() -> ThresholdSet {
    let (id, evidence) = ("crowd".to_owned(), "random vectors".to_owned());
    let fmr = vec![FmrPoint { rate: 1e-12, score: 0.55 }];
    ThresholdSet { id, calibrated: true, evidence, population: None, verify: 0.55, search: Some(0.55), frames: 1, fmr }
}

fn person(n: u32) -> [u8; 16] {
    let mut person = [0; 16];
    person[..4].copy_from_slice(&n.to_be_bytes());
    person
}

/// A direction out of a number: sums of four uniform draws are close enough to a normal one.
fn unit(seed: u32) -> Vec<f32> {
    let mut state = u64::from(seed) << 32 | 0x9e37_79b9;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bits = state >> 24;
        let part = |k: u32| (bits >> (10 * k) & 1023) as f32;
        part(0) + part(1) + part(2) + part(3) - 4.0 * 511.5
    };
    // The first few still look like the seed.
    (0..8).for_each(|_| {
        draw();
    });
    let values: Vec<f32> = (0..WIDTH).map(|_| draw()).collect();
    let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    values.into_iter().map(|v| v / norm).collect()
}
