//! A keyed rotation: the same face under another key is another vector (ISO/IEC 24745, unlinkability and renewal).
//!
//! Turning all vectors of a place by one orthogonal matrix keeps every cosine, so a copy costs no accuracy; two places, or two
//! epochs of one, have nothing in common. It is invertible by whoever has the key: this is no claim of irreversibility.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Probe, Template};

/// An orthogonal matrix, row after row. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Rotation {
    rows: Vec<Vec<f64>>,
}

impl Rotation {
    /// The rotation of a seed, for vectors of this dimension: a Gaussian matrix, made orthogonal row by row. The length taken out
    /// of each row is positive, which is the sign fix that makes every rotation equally likely (Mezzadri 2007).
    pub fn from_seed(seed: [u8; 32], dimension: usize) -> Self {
        let mut draw = Gaussian::new(seed);
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(dimension);
        while rows.len() < dimension {
            let mut row: Vec<f64> = (0..dimension).map(|_| draw.next()).collect();
            // Twice: what rounding left of the rows before goes the second time.
            for _ in 0..2 {
                for known in &rows {
                    let along = dot(&row, known);
                    row.iter_mut().zip(known).for_each(|(x, k)| *x -= along * k);
                }
            }
            let length = dot(&row, &row).sqrt();
            // A row that lies among those before it has probability zero; another is drawn.
            if length > 1e-6 {
                row.iter_mut().for_each(|x| *x /= length);
                rows.push(row);
            }
        }
        Self { rows }
    }

    /// For vectors of how many numbers.
    pub fn dimension(&self) -> usize {
        self.rows.len()
    }

    /// The vector, turned. None where it has another dimension.
    fn turn(&self, vector: &[f32]) -> Option<Zeroizing<Vec<f32>>> {
        if vector.len() != self.rows.len() {
            return None;
        }
        let wide = Zeroizing::new(vector.iter().map(|x| f64::from(*x)).collect::<Vec<_>>());
        Some(Zeroizing::new(self.rows.iter().map(|row| dot(row, &wide) as f32).collect()))
    }
}

impl Template {
    /// The same face for one place and epoch. None where the dimension differs, or nothing is in the vector.
    pub fn rotated(&self, rotation: &Rotation) -> Option<Self> {
        let whole = Zeroizing::new(self.vector().iter().map(|x| f32::from(*x)).collect::<Vec<_>>());
        let length = whole.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length == 0.0 {
            return None;
        }
        let unit = Zeroizing::new(whole.iter().map(|x| x / length).collect::<Vec<_>>());
        Some(Self::new(self.model(), self.threshold_set(), &rotation.turn(&unit)?))
    }

    /// How many numbers it has.
    pub fn dimension(&self) -> usize {
        self.vector().len()
    }
}

impl Probe {
    /// The same probe for the gallery of one place and epoch. None where the dimension differs.
    pub fn rotated(&self, rotation: &Rotation) -> Option<Self> {
        Some(Self {
            model: self.model.clone(),
            thresholds: self.thresholds.clone(),
            vector: rotation.turn(&self.vector)?,
            liveness: self.liveness,
        })
    }

    /// How many numbers it has.
    pub fn dimension(&self) -> usize {
        self.vector.len()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Normally distributed numbers out of SHA-256 in counter mode, two at a time (Box and Muller).
struct Gaussian {
    seed: Zeroizing<[u8; 32]>,
    counter: u64,
    spare: Option<f64>,
}

impl Gaussian {
    fn new(seed: [u8; 32]) -> Self {
        Self { seed: Zeroizing::new(seed), counter: 0, spare: None }
    }

    fn next(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let block: [u8; 32] =
            Sha256::new().chain_update(*self.seed).chain_update(self.counter.to_be_bytes()).finalize().into();
        self.counter += 1;
        let radius = (-2.0 * open(&block[..8]).ln()).sqrt();
        let angle = std::f64::consts::TAU * open(&block[8..16]);
        self.spare = Some(radius * angle.sin());
        radius * angle.cos()
    }
}

/// Eight bytes as a number above 0 and below 1.
fn open(bytes: &[u8]) -> f64 {
    let whole = bytes.iter().fold(0_u64, |whole, byte| whole << 8 | u64::from(*byte));
    ((whole >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::cosine;

    const WIDE: usize = 128;

    /// A unit vector like a face's.
    fn unit(seed: u8) -> Vec<f32> {
        let mut draw = Gaussian::new([seed; 32]);
        let drawn: Vec<f64> = (0..WIDE).map(|_| draw.next()).collect();
        let length = dot(&drawn, &drawn).sqrt();
        drawn.into_iter().map(|x| (x / length) as f32).collect()
    }

    fn product(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn cosines_are_kept_and_a_seed_gives_one_rotation() {
        let rotation = Rotation::from_seed([7; 32], WIDE);
        assert_eq!(rotation.rows, Rotation::from_seed([7; 32], WIDE).rows);
        for (at, row) in rotation.rows.iter().enumerate() {
            for (other, column) in rotation.rows.iter().enumerate() {
                let wanted = f64::from(u8::from(at == other));
                assert!((dot(row, column) - wanted).abs() < 1e-12);
            }
        }
        for seed in 0..40 {
            let (a, b) = (unit(seed), unit(seed + 100));
            let between: Vec<f32> = a.iter().zip(&b).map(|(x, y)| 0.8 * x + 0.6 * y).collect();
            for other in [&b, &between] {
                let turned = product(&rotation.turn(&a).unwrap(), &rotation.turn(other).unwrap());
                assert!((turned - product(&a, other)).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn a_rotated_template_matches_a_rotated_probe_as_before() {
        let rotation = Rotation::from_seed([9; 32], WIDE);
        for seed in 0..40 {
            let (a, b) = (unit(seed), unit(seed + 100));
            let fresh: Vec<f32> = a.iter().zip(&b).map(|(x, y)| 0.8 * x + 0.6 * y).collect();
            let template = Template::new("m", "t", &a);
            let copy = template.rotated(&rotation).unwrap();
            assert_eq!((copy.model(), copy.threshold_set(), copy.dimension()), ("m", "t", WIDE));
            let (before, after) =
                (cosine(template.vector(), &fresh), cosine(copy.vector(), &rotation.turn(&fresh).unwrap()));
            // Both are rounded to whole numbers: 0.007 at most each.
            assert!((before - after).abs() < 0.01, "{before} {after}");
        }
    }

    #[test]
    fn the_same_face_under_two_keys_is_a_stranger() {
        let (here, there) = (Rotation::from_seed([1; 32], WIDE), Rotation::from_seed([2; 32], WIDE));
        let scores: Vec<f32> = (0..100)
            .map(|seed| {
                let template = Template::new("m", "t", &unit(seed));
                let copy = template.rotated(&here).unwrap();
                cosine(copy.vector(), &there.turn(&unit(seed)).unwrap())
            })
            .collect();
        let mean = scores.iter().sum::<f32>() / 100.0;
        assert!(mean.abs() < 0.04, "{mean}");
        assert!(scores.iter().all(|score| score.abs() < 0.42), "{scores:?}");
    }

    #[test]
    fn another_dimension_is_refused() {
        let rotation = Rotation::from_seed([1; 32], 4);
        assert!(Template::new("m", "t", &unit(1)).rotated(&rotation).is_none());
        assert!(Template::new("m", "t", &[0.0; 4]).rotated(&rotation).is_none());
        assert_eq!(rotation.dimension(), 4);
    }
}
