//! Comparing two faces.

/// Cosine between a stored vector and a fresh one of length one. Numbers that do not fit give NaN, which no threshold
/// lets through.
pub(crate) fn cosine(stored: &[i8], fresh: &[f32]) -> f32 {
    if stored.len() != fresh.len() {
        return f32::NAN;
    }
    let stored = || stored.iter().map(|s| f32::from(*s));
    let dot: f32 = stored().zip(fresh).map(|(s, f)| s * f).sum();
    dot / stored().map(|s| s * s).sum::<f32>().sqrt()
}

/// Whether a score reaches a threshold.
pub(crate) fn matches(score: f32, threshold: f32) -> bool {
    score >= threshold
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Template;

    #[test]
    fn int8_agrees_with_f32() {
        let unit = |seed: u32| {
            let mut state = seed;
            let mut draw = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / (1 << 23) as f32 - 1.0
            };
            let values: Vec<f32> = (0..128).map(|_| draw()).collect();
            let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
            values.into_iter().map(|v| v / norm).collect::<Vec<_>>()
        };
        for seed in 0..50 {
            let (a, b) = (unit(seed), unit(seed + 1000));
            let exact: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
            let template = Template::new("m", "t", &a);
            assert!((cosine(template.vector(), &b) - exact).abs() < 0.007);
            assert!(cosine(template.vector(), &a) > 0.999);
        }
    }

    #[test]
    fn nothing_matches_by_accident() {
        for score in [cosine(&[1, 2], &[1.0]), cosine(&[0, 0], &[0.6, 0.8]), cosine(&[1, 0], &[f32::NAN, 0.0]), 0.4199]
        {
            assert!(!matches(score, 0.42), "{score}");
        }
        assert!(matches(0.42, 0.42));
    }
}
