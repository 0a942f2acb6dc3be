//! A measured threshold set on its way into `models.json`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Report;
use crate::model::{Manifest, ManifestError};

/// NIST SP 800-63B-4, biometrics: at most one false match in ten thousand.
const VERIFY: f64 = 1e-4;
/// Rates for which a search may want a score.
const TABLE: [f64; 6] = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7];

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A claim needs its evidence.
    #[error("{found} impostor pairs were compared; a false match rate of 1 in 10,000 needs 30,000 (rule of three)")]
    TooFew {
        /// How many there are.
        found: usize,
    },
    /// The threshold would be none.
    #[error("at a false match rate of 1 in 10,000 the threshold would be {0}, which tells nobody apart")]
    Useless(f32),
    /// The name is taken, or is none.
    #[error("a threshold set id has 1 to 64 bytes and is new: {0}")]
    Id(String),
    /// What was there, or what would be.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The embedder that was measured is not in it.
    #[error("the manifest has no embedder {0}")]
    Model(String),
    /// Reading or writing.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
}

/// The threshold set that a report supports, as JSON.
pub fn thresholds(report: &Report, id: &str, population: &str) -> Result<Value, RecordError> {
    let point = report.rates.point(VERIFY);
    let (Some(verify), Some(fmr)) = (point.threshold, point.fmr) else {
        return Err(RecordError::TooFew { found: report.rates.impostor() });
    };
    if !(verify > 0.0 && verify < 1.0) {
        return Err(RecordError::Useless(verify));
    }
    let table: Vec<Value> = TABLE
        .iter()
        .map(|rate| report.rates.point(*rate))
        .filter_map(|p| Some(json!({ "rate": p.target, "score": p.threshold? })))
        .collect();
    let fnmr = point.fnmr.map_or("not measured".to_owned(), |i| {
        format!("{:.2} % (95 % interval {:.2} to {:.2} %)", 100.0 * i.share, 100.0 * i.low, 100.0 * i.high)
    });
    let evidence = format!(
        "FMR 1e-4 (upper end {:.1e}) over {} impostor pairs; FNMR {fnmr} over {} genuine pairs; {} of {} photographs gave no comparison",
        fmr.high,
        report.rates.impostor(),
        report.rates.genuine(),
        report.failed_to_acquire(),
        report.images,
    );
    Ok(json!({
        "id": id, "calibrated": true, "evidence": evidence, "population": population,
        "verify": verify, "search": verify, "frames": report.frames, "fmr": table,
    }))
}

/// Writes the set before the others of its embedder into the `models.json` of a folder, which is made out of the built-in one
/// where there is none.
pub fn record(report: &Report, id: &str, population: &str, dir: &Path) -> Result<PathBuf, RecordError> {
    let set = thresholds(report, id, population)?;
    let path = dir.join("models.json");
    let io = |error| RecordError::Io(path.clone(), error);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Manifest::BUILT_IN.to_owned(),
        Err(e) => return Err(io(e)),
    };
    let mut manifest: Value = serde_json::from_str(&text).map_err(ManifestError::from)?;
    let entries = manifest["models"].as_array_mut().into_iter().flatten();
    let entry = entries.into_iter().find(|e| e["id"] == report.model.as_str());
    let sets = entry.and_then(|e| e["contract"]["embedder"]["thresholds"].as_array_mut());
    let sets = sets.ok_or_else(|| RecordError::Model(report.model.clone()))?;
    if sets.iter().any(|s| s["id"] == id) {
        return Err(RecordError::Id(id.to_owned()));
    }
    sets.insert(0, set);
    let text = serde_json::to_string_pretty(&manifest).map_err(ManifestError::from)? + "\n";
    Manifest::parse(&text)?;
    // A half-written manifest never has the final name.
    let partial = path.with_extension("partial");
    std::fs::write(&partial, text).and_then(|()| std::fs::rename(&partial, &path)).map_err(io)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::super::Rates;
    use super::*;
    use crate::model::Contract;
    use std::collections::BTreeMap;

    fn report(impostors: usize) -> Report {
        let genuine = (0..200).map(|i| 0.4 + i as f32 / 400.0).collect();
        let impostor = (0..impostors).map(|i| i as f32 / impostors as f32 / 2.0).collect();
        Report {
            model: "sface-2021dec".into(),
            pairs: 200 + impostors,
            images: 400,
            failures: BTreeMap::from([("face.blurred", 4)]),
            lost: 0,
            frames: 3,
            rates: Rates::of(genuine, impostor),
            groups: BTreeMap::new(),
        }
    }

    #[test]
    fn a_set_is_written_only_with_enough_pairs_behind_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let few = record(&report(29_999), "kaga-1", "residents", dir.path());
        assert!(matches!(few, Err(RecordError::TooFew { found: 29_999 })), "{few:?}");
        assert!(!dir.path().join("models.json").exists());

        record(&report(30_000), "kaga-1", "residents", dir.path()).expect("written");
        let manifest = Manifest::of(dir.path()).expect("reads");
        let sets = manifest.models.iter().find_map(|e| match &e.contract {
            Contract::Embedder { thresholds, .. } => Some(thresholds),
            _ => None,
        });
        let [set, built_in] = sets.expect("an embedder").as_slice() else { panic!("two sets") };
        assert!(set.calibrated && !built_in.calibrated);
        assert_eq!((set.id.as_str(), set.frames, set.population.as_deref()), ("kaga-1", 3, Some("residents")));
        // Three rates are supported by 30,000 pairs, and the search starts at the strictest of them.
        assert_eq!((set.fmr.len(), set.at(1e-4), set.at(1e-5)), (3, Some(set.verify), None));
        assert!(set.evidence.contains("30000 impostor pairs") && set.evidence.contains("4 of 400"), "{}", set.evidence);

        let twice = record(&report(30_000), "kaga-1", "residents", dir.path());
        assert!(matches!(twice, Err(RecordError::Id(_))), "{twice:?}");
        let nameless = record(&report(30_000), "", "residents", dir.path());
        assert!(matches!(nameless, Err(RecordError::Manifest(_))), "{nameless:?}");
        let stranger = Report { model: "another".into(), ..report(30_000) };
        assert!(matches!(record(&stranger, "k", "residents", dir.path()), Err(RecordError::Model(_))));
    }
}
