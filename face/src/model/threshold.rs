//! Thresholds, each with what stands behind it.

use serde::Deserialize;

/// A threshold with what stands behind it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdSet {
    /// The name stored with templates and audit rows.
    pub id: String,
    /// False for a guess that only the demo may use.
    pub calibrated: bool,
    /// False match rate, pairs, data.
    pub evidence: String,
    /// On whom it was measured.
    #[serde(default)]
    pub population: Option<String>,
    /// Lowest score of a match in a 1:1 comparison.
    pub verify: f32,
    /// Lowest score of a candidate in a 1:N search; without it nobody is looked for.
    #[serde(default)]
    pub search: Option<f32>,
    /// Of how many frames the best score counts. The pairs were measured so: the best of three has nearly three times the
    /// impostor matches of one.
    #[serde(default = "one")]
    pub frames: u8,
    /// Scores by false match rate, from the largest rate to the smallest, as far as the pairs support them.
    #[serde(default)]
    pub fmr: Vec<FmrPoint>,
}

/// A score and the share of impostor pairs that reach it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FmrPoint {
    /// False match rate.
    pub rate: f64,
    /// Lowest score of a match at that rate.
    pub score: f32,
}

const fn one() -> u8 {
    1
}

/// Highest rate at which a search may name somebody who is not in the gallery (NIST SP 800-63A-4: 1 in 1,000).
pub const FPIR: f64 = 1e-3;

impl ThresholdSet {
    /// The lowest score at which the false match rate is known to be no higher than this.
    pub fn at(&self, rate: f64) -> Option<f32> {
        self.fmr.iter().find(|point| point.rate <= rate * (1.0 + 1e-9)).map(|point| point.score)
    }

    /// The lowest score of a candidate in a gallery of this size. A search multiplies the false match rate by those it
    /// looks at, so a large gallery needs a rate that only many pairs can show; where none was shown, nobody is named. A
    /// set without evidence, which only the demo has, keeps its one number.
    pub(crate) fn search_among(&self, gallery: usize) -> Option<f32> {
        let floor = self.search?;
        if !self.calibrated && self.fmr.is_empty() {
            return Some(floor);
        }
        self.at(FPIR / gallery.max(1) as f64).map(|score| score.max(floor))
    }

    pub(super) fn fault(&self) -> Option<&'static str> {
        let falling = |w: &[FmrPoint]| w[0].rate > w[1].rate && w[0].score <= w[1].score;
        match self {
            _ if !(1..=64).contains(&self.id.len()) => Some("a threshold set id has 1 to 64 bytes"),
            _ if !(self.verify > 0.0 && self.verify < 1.0) => Some("a threshold lies between 0 and 1"),
            _ if self.search.is_some_and(|score| !(score >= self.verify && score < 1.0)) => {
                Some("a search threshold lies between that of a comparison and 1")
            }
            _ if self.calibrated && self.evidence.is_empty() => Some("a calibrated set names its evidence"),
            _ if !matches!(self.frames, 1 | 3) => Some("the best of 1 or of 3 frames counts"),
            _ if !self.fmr.iter().all(|p| p.rate > 0.0 && p.rate < 1.0 && p.score.abs() < 1.0) => {
                Some("rates lie between 0 and 1, scores between -1 and 1")
            }
            _ if !self.fmr.windows(2).all(falling) => Some("the scores rise as the rates fall"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(calibrated: bool, search: Option<f32>, fmr: &[(f64, f32)]) -> ThresholdSet {
        let fmr = fmr.iter().map(|&(rate, score)| FmrPoint { rate, score }).collect();
        let (id, evidence) = ("t".into(), "pairs".into());
        ThresholdSet { id, calibrated, evidence, population: None, verify: 0.4, search, frames: 1, fmr }
    }

    #[test]
    fn the_threshold_of_a_search_follows_the_size_of_the_gallery() {
        let known = set(true, Some(0.42), &[(1e-4, 0.42), (1e-5, 0.49), (1e-6, 0.58)]);
        let table = [
            (0, Some(0.42)),
            (1, Some(0.42)),
            (10, Some(0.42)),
            (11, Some(0.49)),
            (100, Some(0.49)),
            (101, Some(0.58)),
            (1000, Some(0.58)),
            (1001, None),
            (100_000, None),
        ];
        for (gallery, expected) in table {
            assert_eq!(known.search_among(gallery), expected, "{gallery}");
        }
        assert_eq!(set(true, None, &[(1e-4, 0.42)]).search_among(1), None, "not meant for searches");
        assert_eq!(set(true, Some(0.6), &[]).search_among(1), None, "no rate was shown");
        assert_eq!(set(true, Some(0.6), &[(1e-4, 0.42)]).search_among(1), Some(0.6), "the floor");
        assert_eq!(set(false, Some(0.6), &[]).search_among(9999), Some(0.6), "the demo's guess");
    }
}
