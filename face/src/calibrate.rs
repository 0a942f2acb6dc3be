//! Error rates of an installation on somebody's own pairs of photographs, and thresholds out of them (ISO/IEC 19795-1).
//!
//! No single score leaves this module: rates do, and the thresholds that go with them. A photograph that gives no comparison
//! is counted apart, as a failure to acquire.

mod pairs;
mod rates;
mod record;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

pub use pairs::{Pair, PairsError, read};
pub use rates::{Interval, Point, Rates, TARGETS, wilson};
pub use record::{RecordError, record, thresholds};

use crate::capture::captures;
use crate::plan::Purpose;
use crate::score::cosine;
use crate::{Backend, Engine, FaceConfig, NotEnrolled, Template, Unavailable};

/// What was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The embedder.
    pub model: String,
    /// Lines of the list.
    pub pairs: usize,
    /// Photographs that were looked at.
    pub images: usize,
    /// Photographs that gave no comparison, by the key of the reason.
    pub failures: BTreeMap<&'static str, usize>,
    /// Lines without a score, because one of their photographs gave none.
    pub lost: usize,
    /// Frames of each probe, of which the best counted: 1 or 3.
    pub frames: u8,
    /// Everybody.
    pub rates: Rates,
    /// The same by group, where the list names groups.
    pub groups: BTreeMap<String, Rates>,
}

impl Report {
    /// Photographs that gave no comparison.
    pub fn failed_to_acquire(&self) -> usize {
        self.failures.values().sum()
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The list.
    #[error(transparent)]
    Pairs(#[from] PairsError),
    /// The machine cannot compare.
    #[error("face unavailable: {0}")]
    Unavailable(#[from] Unavailable),
    /// A photograph that was there a moment ago.
    #[error("{0}: {1}")]
    Image(PathBuf, std::io::Error),
}

type Vectors = BTreeMap<PathBuf, Option<Zeroizing<Vec<f32>>>>;

/// Measures every pair of the list. `said` hears how many photographs of how many are done.
pub fn measure(
    config: &FaceConfig,
    backend: Backend,
    list: &Path,
    images: &Path,
    said: &mut dyn FnMut(usize, usize),
) -> Result<Report, MeasureError> {
    let pairs = pairs::read(list, images)?;
    let engine = Engine::for_purpose(config, backend, Purpose::Measuring);
    let model = engine.ready()?.model;
    let mut vectors: Vectors = pairs.iter().flat_map(Pair::images).map(|image| (image.clone(), None)).collect();
    let (total, mut failures) = (vectors.len(), BTreeMap::new());
    for (done, (image, vector)) in vectors.iter_mut().enumerate() {
        let bytes = Zeroizing::new(std::fs::read(image).map_err(|e| MeasureError::Image(image.clone(), e))?);
        match engine.with(|loaded| Ok(captures(loaded, &[&bytes])?.0.embed(loaded)?)) {
            Ok(found) => *vector = Some(found),
            Err(NotEnrolled::Rejected(reason)) => *failures.entry(reason.key()).or_default() += 1,
            Err(NotEnrolled::Unavailable(why)) => return Err(why.into()),
        }
        said(done + 1, total);
    }
    let scored: Vec<(&Pair, f32)> = pairs.iter().filter_map(|p| Some((p, score(p, &vectors)?))).collect();
    let of = |group: Option<&str>| {
        let chosen = || scored.iter().filter(move |(p, _)| group.is_none() || p.group.as_deref() == group);
        let side = |same: bool| chosen().filter(move |(p, _)| p.same == same).map(|(_, score)| *score).collect();
        Rates::of(side(true), side(false))
    };
    let names: std::collections::BTreeSet<_> = pairs.iter().filter_map(|p| p.group.as_deref()).collect();
    Ok(Report {
        model,
        pairs: pairs.len(),
        images: total,
        failures,
        lost: pairs.len() - scored.len(),
        frames: pairs.first().map_or(1, |p| p.probe.len() as u8),
        rates: of(None),
        groups: names.into_iter().map(|name| (name.to_owned(), of(Some(name)))).collect(),
    })
}

/// As a verification would find it: an enrolled template against fresh numbers, the best of the probe's frames.
fn score(pair: &Pair, vectors: &Vectors) -> Option<f32> {
    let enrolled = Template::new("", "", vectors[&pair.enrolled].as_ref()?);
    let fresh = pair.probe.iter().filter_map(|image| vectors[image].as_ref());
    fresh.map(|vector| cosine(enrolled.vector(), vector)).reduce(f32::max)
}
