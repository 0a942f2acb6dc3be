//! Scores of pairs to error rates with their intervals. No rate is named that the number of pairs cannot support.

/// The false match rates that are reported.
pub const TARGETS: [f64; 3] = [1e-2, 1e-3, 1e-4];
/// A rate p needs 3/p pairs: zero errors in n attempts mean a rate of at most 3/n, at 95 % (rule of three).
const RULE_OF_THREE: f64 = 3.0;
/// Points of a curve that is drawn.
const CURVE: usize = 400;

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// What was counted.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Wilson's interval, which holds for few errors too. Nothing where nothing was tried.
pub fn wilson(errors: usize, tried: usize) -> Option<Interval> {
    if tried == 0 {
        return None;
    }
    let (n, z) = (tried as f64, 1.959_963_985);
    let share = errors as f64 / n;
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z * z / n;
    // The ends are exact where all or none went wrong.
    let low = if errors == 0 { 0.0 } else { (middle - half) / whole };
    let high = if errors == tried { 1.0 } else { (middle + half) / whole };
    Some(Interval { share, low, high })
}

/// What a threshold would do.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// The false match rate that was asked for.
    pub target: f64,
    /// The lowest score of a match, where the pairs are many enough to tell.
    pub threshold: Option<f32>,
    /// Impostors that match.
    pub fmr: Option<Interval>,
    /// Genuine pairs that do not.
    pub fnmr: Option<Interval>,
}

/// The scores, sorted, and what they tell.
#[derive(Clone, Debug)]
pub struct Rates {
    genuine: Vec<f32>,
    impostor: Vec<f32>,
}

impl Rates {
    /// A score that is no number counts as the lowest.
    pub(super) fn of(mut genuine: Vec<f32>, mut impostor: Vec<f32>) -> Self {
        for scores in [&mut genuine, &mut impostor] {
            scores.iter_mut().filter(|s| s.is_nan()).for_each(|s| *s = -1.0);
            scores.sort_by(f32::total_cmp);
        }
        Self { genuine, impostor }
    }

    /// Pairs of one person that were compared.
    pub fn genuine(&self) -> usize {
        self.genuine.len()
    }

    /// Pairs of two people that were compared.
    pub fn impostor(&self) -> usize {
        self.impostor.len()
    }

    /// Whether the impostor pairs are many enough for this false match rate.
    pub fn supports(&self, rate: f64) -> bool {
        self.impostor.len() as f64 * rate >= RULE_OF_THREE - 1e-9
    }

    /// The rates at a threshold.
    pub fn at(&self, threshold: f32) -> (Option<Interval>, Option<Interval>) {
        let below = |scores: &[f32]| scores.partition_point(|s| *s < threshold);
        let matched = self.impostor.len() - below(&self.impostor);
        (wilson(matched, self.impostor.len()), wilson(below(&self.genuine), self.genuine.len()))
    }

    /// The lowest threshold with no more than this share of impostors at or above it.
    pub fn point(&self, target: f64) -> Point {
        let none = Point { target, threshold: None, fmr: None, fnmr: None };
        if !self.supports(target) {
            return none;
        }
        let allowed = (self.impostor.len() as f64 * target + 1e-9) as usize;
        let Some(first) = self.impostor.len().checked_sub(allowed + 1) else { return none };
        let threshold = self.impostor[first].next_up();
        let (fmr, fnmr) = self.at(threshold);
        Point { target, threshold: Some(threshold), fmr, fnmr }
    }

    /// [`Rates::point`] of every target.
    pub fn points(&self) -> Vec<Point> {
        TARGETS.iter().map(|target| self.point(*target)).collect()
    }

    /// Where both rates are the same, or the middle of the two where they cross.
    pub fn eer(&self) -> Option<f64> {
        let mut closest: Option<(f64, f64)> = None;
        for (fmr, fnmr) in self.steps(usize::MAX) {
            let apart = (fmr - fnmr).abs();
            if closest.is_none_or(|(best, _)| apart < best) {
                closest = Some((apart, (fmr + fnmr) / 2.0));
            }
        }
        closest.map(|(_, eer)| eer)
    }

    /// False match and false non-match rates from a low threshold to a high one, for a plot.
    pub fn curve(&self) -> Vec<(f64, f64)> {
        self.steps(CURVE)
    }

    fn steps(&self, most: usize) -> Vec<(f64, f64)> {
        if self.genuine.is_empty() || self.impostor.is_empty() {
            return Vec::new();
        }
        let mut thresholds: Vec<f32> =
            self.genuine.iter().chain(&self.impostor).flat_map(|s| [*s, s.next_up()]).collect();
        thresholds.sort_by(f32::total_cmp);
        thresholds.dedup();
        // The ends of the curve are the interesting ones: the last thresholds, where few impostors are left, all stay.
        let dense = thresholds.len().saturating_sub(most / 2);
        let stride = (dense / (most / 2).max(1)).max(1);
        let kept = thresholds.iter().enumerate().filter(|(i, _)| *i >= dense || i % stride == 0);
        kept.filter_map(|(_, t)| match self.at(*t) {
            (Some(fmr), Some(fnmr)) => Some((fmr.share, fnmr.share)),
            _ => None,
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        // Wilson 1927 with z = 1.96: 5 of 100, 0 of 100 and 100 of 100.
        let table = [(5, 100, 0.021_543, 0.111_752), (0, 100, 0.0, 0.036_995), (100, 100, 0.963_005, 1.0)];
        for (errors, tried, low, high) in table {
            let found = wilson(errors, tried).expect("tried");
            assert!((found.low - low).abs() < 1e-5 && (found.high - high).abs() < 1e-5, "{found:?}");
        }
        assert_eq!(wilson(0, 0), None);
    }

    fn scores(from: usize, to: usize, of: f32) -> Vec<f32> {
        (from..to).map(|i| i as f32 / of).collect()
    }

    #[test]
    fn a_threshold_comes_from_a_rate_that_the_pairs_support() {
        // 30,000 impostors evenly from 0 to 0.5, 100 genuine from 0.4 to 0.9 in steps of 0.005.
        let rates = Rates::of(scores(80, 180, 200.0), scores(0, 30_000, 60_000.0));
        let points = rates.points();
        let found: Vec<_> = points.iter().map(|p| p.fmr.map(|i| i.share)).collect();
        assert_eq!(found, [Some(0.01), Some(0.001), Some(0.0001)]);
        let threshold = points[0].threshold.expect("supported");
        assert!((threshold - 0.495).abs() < 1e-4, "{threshold}");
        assert_eq!(points[0].fnmr.map(|i| i.share), Some(0.19));
        let few = Rates::of(scores(80, 180, 200.0), scores(0, 2_999, 6_000.0));
        let supported: Vec<_> = few.points().iter().map(|p| p.threshold.is_some()).collect();
        assert_eq!(supported, [true, false, false]);
        assert!(few.points()[1].fmr.is_none() && !few.supports(1e-3));
    }

    #[test]
    fn equal_scores_are_let_through_together_or_not_at_all() {
        let rates = Rates::of(vec![0.9], vec![0.5; 1_000]);
        let point = rates.point(1e-2);
        assert_eq!((point.threshold, point.fmr.map(|i| i.share)), (Some(0.5_f32.next_up()), Some(0.0)));
    }

    #[test]
    fn the_equal_error_rate_lies_where_the_curves_cross() {
        assert_eq!(Rates::of(scores(50, 100, 100.0), scores(0, 50, 100.0)).eer(), Some(0.0));
        // The upper tenth of one lies above the lower tenth of the other.
        let eer = Rates::of(scores(900, 1900, 1000.0), scores(0, 1000, 1000.0)).eer().expect("both sides");
        assert!((eer - 0.05).abs() < 0.002, "{eer}");
        assert_eq!(Rates::of(vec![], vec![0.1]).eer(), None);
        assert_eq!(Rates::of(vec![0.1], vec![f32::NAN]).eer(), Some(0.0));
    }
}
