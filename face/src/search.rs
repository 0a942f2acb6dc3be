//! 1:N: who of a gallery stands before the camera, or nobody, or more than one could be meant.
//!
//! An exact scan over int8 vectors: no index, so that the answer is reproducible and somebody who leaves is gone at once.
//! An answer identifies and signs nobody in.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::model::ThresholdSet;
use crate::score::cosine;
use crate::{Liveness, Template};

/// Two candidates closer than this are a tie: the person is asked for something else, nobody is guessed.
const NEAR_TIE: f32 = 0.05;

/// A face before a camera, made to be looked for. Wiped when dropped, never printed, never stored.
pub struct Probe {
    pub(crate) model: String,
    pub(crate) thresholds: ThresholdSet,
    pub(crate) vector: Zeroizing<Vec<f32>>,
    pub(crate) liveness: Liveness,
}

impl Probe {
    /// The model that made it: only templates of this model can be in its gallery.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The threshold set that decides.
    pub fn threshold_set(&self) -> &str {
        &self.thresholds.id
    }

    /// What presentation attack detection said.
    pub fn liveness(&self) -> Liveness {
        self.liveness
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").field("model", &self.model).finish_non_exhaustive()
    }
}

/// Who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identified {
    /// This one, and nobody else comes near.
    One([u8; 16]),
    /// Two come so near to each other that another sign is needed (a QR code, a card, the month of birth).
    Close,
    /// Nobody reaches the threshold of a gallery of this size.
    Nobody,
}

/// Those who may be received at one place, by the ids of their persons. One model. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Gallery {
    #[zeroize(skip)]
    model: String,
    #[zeroize(skip)]
    people: Vec<[u8; 16]>,
    vectors: Vec<Vec<i8>>,
}

impl Gallery {
    /// An empty one for templates of this model.
    pub fn new(model: &str) -> Self {
        Self { model: model.to_owned(), people: Vec::new(), vectors: Vec::new() }
    }

    /// Adds a person, or replaces the template of one. False, and nothing changes, where another model made it.
    pub fn insert(&mut self, person: [u8; 16], template: &Template) -> bool {
        if template.model() != self.model {
            return false;
        }
        self.remove(person);
        self.people.push(person);
        self.vectors.push(template.vector().to_vec());
        true
    }

    /// Takes a person out, at once.
    pub fn remove(&mut self, person: [u8; 16]) {
        if let Some(at) = self.people.iter().position(|one| *one == person) {
            self.people.swap_remove(at);
            self.vectors.swap_remove(at).zeroize();
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Looks for a face. A set without a search threshold finds nobody.
    pub fn search(&self, probe: &Probe) -> Identified {
        let (Some(threshold), true) = (probe.thresholds.search, probe.model == self.model) else {
            return Identified::Nobody;
        };
        let mut scores: Vec<(f32, [u8; 16])> =
            self.vectors.iter().zip(&self.people).map(|(v, who)| (cosine(v, &probe.vector), *who)).collect();
        scores.retain(|(score, _)| score.is_finite());
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        match scores.as_slice() {
            [(best, _), (second, _), ..] if *best >= threshold && best - second < NEAR_TIE => Identified::Close,
            [(best, who), ..] if *best >= threshold => Identified::One(*who),
            _ => Identified::Nobody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thresholds(search: Option<f32>) -> ThresholdSet {
        ThresholdSet { id: "t".into(), calibrated: true, evidence: "none".into(), verify: 0.5, search }
    }

    fn probe(vector: &[f32], search: Option<f32>) -> Probe {
        let vector = Zeroizing::new(vector.to_vec());
        Probe { model: "m".into(), thresholds: thresholds(search), vector, liveness: Liveness::Unknown }
    }

    #[test]
    fn the_nearest_is_found_a_tie_is_not_guessed_and_who_left_is_gone() {
        let mut gallery = Gallery::new("m");
        assert_eq!(gallery.search(&probe(&[1.0, 0.0], Some(0.6))), Identified::Nobody);
        assert!(gallery.insert([1; 16], &Template::new("m", "t", &[1.0, 0.0])));
        assert!(gallery.insert([2; 16], &Template::new("m", "t", &[0.0, 1.0])));
        assert!(!gallery.insert([3; 16], &Template::new("another", "t", &[1.0, 0.0])));
        assert_eq!(gallery.search(&probe(&[0.99, 0.14], Some(0.6))), Identified::One([1; 16]));
        assert_eq!(gallery.search(&probe(&[0.71, 0.70], Some(0.6))), Identified::Close);
        assert_eq!(gallery.search(&probe(&[-1.0, 0.0], Some(0.6))), Identified::Nobody);
        assert_eq!(gallery.search(&probe(&[1.0, 0.0], None)), Identified::Nobody);
        assert_eq!(gallery.search(&probe(&[f32::NAN, 0.0], Some(0.6))), Identified::Nobody);
        gallery.remove([1; 16]);
        assert_eq!((gallery.len(), gallery.search(&probe(&[1.0, 0.0], Some(0.6)))), (1, Identified::Nobody));
    }
}
