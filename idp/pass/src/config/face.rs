//! `[face]`: library, models and workers of the face match, and how long faces are kept.

use pass_web::face::term::Terms;
use serde::Deserialize;
use std::path::PathBuf;

/// Where the face match finds its parts. Without them faces are "unavailable" and everything else works.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaceSection {
    /// The ONNX Runtime library.
    pub library: Option<PathBuf>,
    /// Folder of models, filled by `pass models install`.
    pub models: Option<PathBuf>,
    /// How many faces are computed at the same time; each worker takes one processor and its own networks.
    pub workers: usize,
    /// How many may wait for a worker; more are told to come again.
    pub queue: usize,
    /// Seconds without a face after which a worker gives its networks' memory back.
    pub idle_seconds: u64,
    /// Months that the face of a child under 6 is kept. No key: 6.
    pub months_under_6: Option<u32>,
    /// Months that the face of a child of 6 to 15 is kept. No key: 12.
    pub months_under_16: Option<u32>,
    /// Months that the face of somebody older is kept. No key: 36.
    pub months_adult: Option<u32>,
}

impl Default for FaceSection {
    fn default() -> Self {
        Self {
            library: None,
            models: None,
            workers: 1,
            queue: 16,
            idle_seconds: 300,
            months_under_6: None,
            months_under_16: None,
            months_adult: None,
        }
    }
}

impl FaceSection {
    /// How long faces are kept; those of children, which change, no longer than the default.
    pub fn terms(&self) -> Terms {
        let most = Terms::default();
        let at_most = |set: Option<u32>, most: u32| set.unwrap_or(most).clamp(1, most);
        Terms {
            under_6: at_most(self.months_under_6, most.under_6),
            under_16: at_most(self.months_under_16, most.under_16),
            adult: self.months_adult.unwrap_or(most.adult).clamp(1, MOST_ADULT),
        }
    }
}

/// Ten years: what a configuration may set for adults at most.
const MOST_ADULT: u32 = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_11_months_are_configured_within_bounds() {
        let section = |text: &str| toml::from_str::<FaceSection>(text).unwrap().terms();
        assert_eq!(section(""), Terms::default());
        let set = section("months_under_6 = 3\nmonths_under_16 = 6\nmonths_adult = 60");
        assert_eq!(set, Terms { under_6: 3, under_16: 6, adult: 60 });
        assert_eq!(section("months_under_6 = 60").under_6, 6);
        assert_eq!(section("months_adult = 0").adult, 1);
    }
}
