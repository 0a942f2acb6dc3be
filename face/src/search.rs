//! 1:N: who of a gallery stands before the camera, or nobody, or more than one could be meant.
//!
//! An exact scan over int8 vectors: no index, so that the answer is reproducible and somebody who leaves is gone at once. The
//! nearest few are compared again with the fresh numbers as they are, and that decides. An answer identifies and signs
//! nobody in.

mod scan;

use std::collections::HashMap;
use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use scan::Rows;

use crate::model::ThresholdSet;
use crate::score::cosine;
use crate::{Liveness, Template};

/// Two candidates closer than this are a tie: the person is asked for something else, nobody is guessed.
const NEAR_TIE: f32 = 0.05;
/// How many of the scan are compared again. The scan is within 0.01 of the cosine, so whoever is not among so many is no
/// nearer than the last of them, and that many within a tie are a tie.
const SHORT_LIST: usize = 32;

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
    /// Where each person's row is.
    #[zeroize(skip)]
    places: HashMap<[u8; 16], usize>,
    rows: Rows,
}

impl Gallery {
    /// An empty one for templates of this model.
    pub fn new(model: &str) -> Self {
        Self { model: model.to_owned(), people: Vec::new(), places: HashMap::new(), rows: Rows::new() }
    }

    /// Adds a person, or replaces the template of one. False, and nothing changes, where another model made it.
    pub fn insert(&mut self, person: [u8; 16], template: &Template) -> bool {
        if template.model() != self.model {
            return false;
        }
        self.remove(person);
        if !self.rows.push(template.vector()) {
            return false;
        }
        self.places.insert(person, self.people.len());
        self.people.push(person);
        true
    }

    /// Takes a person out, at once.
    pub fn remove(&mut self, person: [u8; 16]) {
        let Some(at) = self.places.remove(&person) else { return };
        self.rows.swap_remove(at);
        self.people.swap_remove(at);
        if let Some(moved) = self.people.get(at) {
            self.places.insert(*moved, at);
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

    /// Looks for a face. A set without a search threshold finds nobody, and so does one whose evidence does not reach to a
    /// gallery of this size.
    pub fn search(&self, probe: &Probe) -> Identified {
        let (Some(threshold), true) = (probe.thresholds.search_among(self.len()), probe.model == self.model) else {
            return Identified::Nobody;
        };
        let near = self.rows.nearest(&probe.vector, SHORT_LIST);
        let mut scores: Vec<(f32, [u8; 16])> =
            near.into_iter().map(|i| (cosine(self.rows.row(i), &probe.vector), self.people[i])).collect();
        scores.retain(|(score, _)| score.is_finite());
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        match scores.as_slice() {
            [(best, _), (second, _), ..] if *best >= threshold && best - second < NEAR_TIE => Identified::Close,
            [(best, who), ..] if *best >= threshold => Identified::One(*who),
            _ => Identified::Nobody,
        }
    }

    /// Memory that grows with the people in it.
    #[cfg(feature = "evaluation")]
    pub fn bytes(&self) -> usize {
        let place = size_of::<([u8; 16], usize)>() + 1;
        self.rows.bytes() + self.people.capacity() * 16 + self.places.capacity() * place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FmrPoint;

    fn thresholds(search: Option<f32>) -> ThresholdSet {
        let fmr = vec![FmrPoint { rate: 1e-5, score: 0.5 }];
        let (id, evidence) = ("t".into(), "none".into());
        ThresholdSet { id, calibrated: true, evidence, population: None, verify: 0.5, search, frames: 1, fmr }
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

    /// Unit vectors out of nothing.
    fn unit(seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let values: Vec<f32> = (0..128).map(|_| draw()).collect();
        let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
        values.into_iter().map(|v| v / norm).collect()
    }

    fn person(n: u32) -> [u8; 16] {
        let mut person = [0; 16];
        person[..4].copy_from_slice(&n.to_be_bytes());
        person
    }

    // Exact: what the scan finds is what a comparison with every template in f32 finds.
    #[test]
    fn the_scan_agrees_with_a_comparison_of_everybody() {
        let (people, mut gallery) = (3_000, Gallery::new("m"));
        let templates: Vec<Template> = (0..people).map(|n| Template::new("m", "t", &unit(n))).collect();
        for (n, template) in (0..).zip(&templates) {
            assert!(gallery.insert(person(n), template));
        }
        // Leaving and coming back moves rows about; the answers stay.
        (0..people).step_by(3).for_each(|n| gallery.remove(person(n)));
        (0..people).step_by(6).for_each(|n| assert!(gallery.insert(person(n), &templates[n as usize])));
        let inside = |n: &u32| !n.is_multiple_of(3) || n.is_multiple_of(6);
        assert_eq!(gallery.len(), (0..people).filter(inside).count());
        for n in 0..200 {
            let (mate, noise) = (unit(n), unit(n + 70_000));
            let mixed: Vec<f32> = mate.iter().zip(&noise).map(|(a, b)| a + 0.8 * b).collect();
            let norm = mixed.iter().map(|v| v * v).sum::<f32>().sqrt();
            let probe = probe(&mixed.iter().map(|v| v / norm).collect::<Vec<_>>(), Some(0.5));
            let all = (0..people).filter(inside).map(|k| (cosine(templates[k as usize].vector(), &probe.vector), k));
            let mut all: Vec<_> = all.collect();
            all.sort_by(|a, b| b.0.total_cmp(&a.0));
            let expected = match (all[0], all[1]) {
                ((best, _), (second, _)) if best >= 0.5 && best - second < NEAR_TIE => Identified::Close,
                ((best, k), _) if best >= 0.5 => Identified::One(person(k)),
                _ => Identified::Nobody,
            };
            let mut known = probe;
            known.thresholds.fmr[0].rate = 1e-9;
            assert_eq!(gallery.search(&known), expected, "{n}");
            assert_eq!(matches!(expected, Identified::One(_)), inside(&n), "{n}");
        }
    }

    // FPIR is about N times FMR: a set shown to 1 in 100,000 answers for a hundred people, not for more.
    #[test]
    fn a_gallery_larger_than_the_evidence_names_nobody() {
        let mut gallery = Gallery::new("m");
        let probe = probe(&unit(1), Some(0.5));
        for n in 1..=100 {
            assert!(gallery.insert(person(n), &Template::new("m", "t", &unit(n))));
        }
        assert_eq!(gallery.search(&probe), Identified::One(person(1)));
        assert!(gallery.insert(person(0), &Template::new("m", "t", &unit(0))));
        assert_eq!(gallery.search(&probe), Identified::Nobody);
    }
}
