//! The manifest: data, not code. `models.json` of this folder is built in; a `models.json` beside the model files
//! replaces it, which is how an operator brings thresholds he calibrated or another embedder. `evaluation.json`, weights
//! for tests and the demo, is built in with the feature `demo` alone.

use std::path::Path;

use serde::Deserialize;

use super::ThresholdSet;

/// The models this installation knows, in the order of preference within a role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The entries.
    pub models: Vec<Entry>,
}

/// One model file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name stored with every template.
    pub id: String,
    /// Whether it may serve residents.
    #[serde(rename = "use")]
    pub usage: Usage,
    /// Path below the models folder.
    pub file: String,
    /// Where the operator gets it; absent where only a folder can give it.
    pub url: Option<String>,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// Licence of the weights.
    pub licence: String,
    /// Whose work, at which commit.
    pub origin: String,
    /// Role and calling rules.
    pub contract: Contract,
    /// What it answers to the pattern of [`super::golden`], whichever runtime computes.
    #[serde(default)]
    pub golden: Vec<Golden>,
}

/// One output for the known input.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Golden {
    /// Name of the output.
    pub output: String,
    /// Its first numbers.
    pub first: Vec<f32>,
    /// The sum of all.
    pub sum: f32,
}

/// Who may be measured with a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Usage {
    /// Residents.
    Production,
    /// Tests and the demo: the weights have no clean licence. Never installed, read where they lie.
    Evaluation,
}

/// What a model is for, and how it wants to be called. Values are 0..255 in planes for all of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Contract {
    /// YuNet: boxes and five landmarks.
    Detector {
        /// Side of the square input.
        side: usize,
        /// Order of the planes.
        channels: Channels,
        /// Lowest score of a face.
        score: f32,
        /// Overlap above which two boxes are one face.
        iou: f32,
    },
    /// MiniFASNet: softmax, class 1 is live.
    Liveness {
        /// Side of the square input.
        side: usize,
        /// Order of the planes.
        channels: Channels,
        /// Size of the crop in face boxes.
        crop: f32,
    },
    /// An aligned crop to a vector.
    Embedder {
        /// Side of the square input.
        side: usize,
        /// Order of the planes.
        channels: Channels,
        /// Where the five landmarks belong in the crop.
        template: [[f32; 2]; 5],
        /// Length of the vector.
        dimension: usize,
        /// How two vectors are compared.
        metric: Metric,
        /// The first usable set decides. Valid for this very file.
        thresholds: Vec<ThresholdSet>,
    },
}

impl Contract {
    /// Side of the square input.
    pub fn side(&self) -> usize {
        match self {
            Self::Detector { side, .. } | Self::Liveness { side, .. } | Self::Embedder { side, .. } => *side,
        }
    }

    /// The word for a table.
    pub const fn role(&self) -> &'static str {
        match self {
            Self::Detector { .. } => "detector",
            Self::Liveness { .. } => "liveness",
            Self::Embedder { .. } => "embedder",
        }
    }
}

/// Order of the colour planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channels {
    /// Red first.
    Rgb,
    /// Blue first.
    Bgr,
}

/// How two vectors are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Dot product of the normalised vectors.
    Cosine,
}

/// Why a manifest is refused.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Cannot be read.
    #[error("cannot read the manifest: {0}")]
    Io(#[from] std::io::Error),
    /// Not a manifest.
    #[error("malformed manifest: {0}")]
    Json(#[from] serde_json::Error),
    /// A value no entry may have.
    #[error("manifest entry {id}: {what}")]
    Entry {
        /// The entry.
        id: String,
        /// What is wrong.
        what: &'static str,
    },
}

/// Name of a manifest that lies beside the models.
const BESIDE: &str = "models.json";

impl Manifest {
    /// The text of the one built in.
    pub(crate) const BUILT_IN: &str = include_str!("models.json");

    /// The one built in.
    pub fn embedded() -> Self {
        Self::parse(Self::BUILT_IN).expect("the built-in manifest is tested")
    }

    /// The one that holds for a models folder.
    pub fn of(dir: &Path) -> Result<Self, ManifestError> {
        match std::fs::read_to_string(dir.join(BESIDE)) {
            Ok(text) => Self::parse(&text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::embedded()),
            Err(e) => Err(e.into()),
        }
    }

    /// Adds what only the demo may load, after everything else.
    #[cfg(feature = "demo")]
    pub(crate) fn with_evaluation(mut self) -> Self {
        let evaluation = Self::parse(include_str!("evaluation.json")).expect("the built-in manifest is tested");
        self.models.extend(evaluation.models);
        self
    }

    /// Reads and checks a manifest.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_str(text)?;
        for entry in &manifest.models {
            if let Some(what) = entry.fault() {
                return Err(ManifestError::Entry { id: entry.id.clone(), what });
            }
        }
        Ok(manifest)
    }
}

impl Entry {
    fn fault(&self) -> Option<&'static str> {
        let short = |text: &str| (1..=64).contains(&text.len());
        let plain = Path::new(&self.file).components().all(|c| matches!(c, std::path::Component::Normal(_)));
        let hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        match &self.contract {
            _ if !short(&self.id) => Some("the id has 1 to 64 bytes"),
            _ if self.file.is_empty() || !plain => Some("the file is a plain path below the models folder"),
            _ if self.sha256.len() != 64 || !self.sha256.chars().all(hexadecimal) => {
                Some("sha256 is 64 lower-case hexadecimal digits")
            }
            Contract::Detector { side, .. } if side % 32 != 0 || *side == 0 => Some("the side is a multiple of 32"),
            Contract::Liveness { side: 0, .. } | Contract::Embedder { side: 0, .. } => Some("the side is positive"),
            Contract::Embedder { dimension, .. } if !(1..=255).contains(dimension) => Some("the dimension is 1 to 255"),
            Contract::Embedder { thresholds, .. } => thresholds.iter().find_map(ThresholdSet::fault),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_manifest_is_sound() {
        for entry in Manifest::embedded().models {
            assert!(!entry.licence.is_empty() && !entry.origin.is_empty(), "{}", entry.id);
            assert_eq!(entry.usage, Usage::Production, "{}", entry.id);
        }
    }

    // Weights without a clean licence: no address, no place among the others.
    #[test]
    fn evaluation_models_are_kept_apart() {
        let all = Manifest::embedded().with_evaluation();
        let evaluation: Vec<_> = all.models.iter().filter(|e| e.usage == Usage::Evaluation).collect();
        assert!(!evaluation.is_empty());
        assert!(evaluation.iter().all(|e| e.url.is_none() && e.file.starts_with("evaluation-only/")));
    }

    // A threshold without evidence behind it must not decide about a resident.
    #[test]
    fn no_production_embedder_is_calibrated_yet() {
        let calibrated = |e: &Entry| matches!(&e.contract, Contract::Embedder { thresholds, .. } if thresholds.iter().any(|t| t.calibrated));
        assert!(!Manifest::embedded().models.iter().any(|e| e.usage == Usage::Production && calibrated(e)));
    }

    #[test]
    fn nonsense_is_refused() {
        let good = include_str!("models.json");
        let table = [
            ("\"file\": \"face_det_yunet_n_320.onnx\"", "\"file\": \"../face.onnx\""),
            ("\"file\": \"face_det_yunet_n_320.onnx\"", "\"file\": \"/etc/passwd\""),
            ("\"sha256\": \"81dbde15", "\"sha256\": \"81DBDE15"),
            ("\"verify\": 0.45", "\"verify\": 42.0"),
            ("\"search\": 0.6", "\"search\": 0.3"),
            ("\"search\": 0.6", "\"search\": 0.6, \"frames\": 2"),
            ("\"search\": 0.6", "\"fmr\": [{\"rate\": 1e-3, \"score\": 0.5}, {\"rate\": 1e-4, \"score\": 0.4}]"),
            ("\"dimension\": 128", "\"dimension\": 512"),
            ("\"id\": \"sface-demo-0\"", "\"id\": \"\""),
            ("\"licence\"", "\"license\""),
        ];
        assert!(Manifest::parse(good).is_ok());
        for (from, to) in table {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good, "{from}");
            assert!(Manifest::parse(&bad).is_err(), "{to}");
        }
    }
}
