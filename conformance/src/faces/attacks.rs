//! Presentation attack detection on two folders: `live` and `spoof`, and below `spoof` a folder for each kind of attack.
//!
//! ISO/IEC 30107-3: attack presentations called live (APCER) by kind and the worst of them, people called attacks (BPCER), and
//! presentations without an answer (APNRR, BPNRR) apart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use face::calibrate::{Interval, wilson};
use face::{Backend, Engine, FaceConfig, Liveness, NotEnrolled};
use serde_json::{Value, json};

use super::evaluation::share;
use super::{EvalArgs, say, write};

/// What became of the images of one folder.
#[derive(Default)]
struct Count {
    live: usize,
    not_live: usize,
    /// Refused before liveness was asked.
    unanswered: usize,
}

impl Count {
    fn answered(&self) -> usize {
        self.live + self.not_live
    }

    fn all(&self) -> usize {
        self.answered() + self.unanswered
    }
}

pub(super) fn evaluate(config: &FaceConfig, backend: Backend, args: &EvalArgs) -> Result<(), String> {
    let engine = Engine::with_backend(config, backend);
    if !engine.ready().map_err(|why| format!("face unavailable: {why}"))?.liveness {
        return Err(format!("no liveness models in {}", config.models_dir.display()));
    }
    let live = count(&engine, &images(&args.images.join("live"))?)?;
    let mut kinds: BTreeMap<String, Count> = BTreeMap::new();
    for (kind, files) in species(&args.images.join("spoof"))? {
        kinds.insert(kind, count(&engine, &files)?);
    }
    let bpcer = wilson(live.not_live, live.answered());
    let apcer: BTreeMap<&str, Option<Interval>> =
        kinds.iter().map(|(kind, c)| (kind.as_str(), wilson(c.live, c.answered()))).collect();
    let worst = apcer.values().flatten().copied().max_by(|a, b| a.share.total_cmp(&b.share));
    for (kind, count) in &kinds {
        let unanswered = share(wilson(count.unanswered, count.all()));
        say(&format!(
            "APCER {kind}: {} of {} presentations; APNRR {unanswered}",
            share(apcer[kind.as_str()]),
            count.all()
        ));
    }
    say(&format!("APCER (worst kind): {}", share(worst)));
    say(&format!(
        "BPCER: {} of {} presentations; BPNRR {}",
        share(bpcer),
        live.all(),
        share(wilson(live.unanswered, live.all()))
    ));
    let Some(file) = &args.json else { return Ok(()) };
    let by_kind: BTreeMap<&String, Value> =
        kinds.iter().map(|(kind, c)| (kind, numbers(apcer[kind.as_str()], c))).collect();
    let all = json!({ "apcer": worst.map(|i| i.share), "apcer_by_kind": by_kind, "bpcer": bpcer.map(|i| i.share), "live": numbers(bpcer, &live) });
    write(file, &format!("{all:#}\n"))
}

fn numbers(rate: Option<Interval>, count: &Count) -> Value {
    let unanswered = wilson(count.unanswered, count.all());
    json!({
        "presentations": count.all(), "rate": rate.map(|i| i.share), "low": rate.map(|i| i.low), "high": rate.map(|i| i.high),
        "no_response_rate": unanswered.map(|i| i.share),
    })
}

fn count(engine: &Engine, files: &[PathBuf]) -> Result<Count, String> {
    let mut count = Count::default();
    for file in files {
        let bytes = std::fs::read(file).map_err(|why| format!("{}: {why}", file.display()))?;
        match engine.probe(&[&bytes]) {
            Ok(probe) if probe.liveness() == Liveness::Live => count.live += 1,
            Ok(_) => count.not_live += 1,
            Err(NotEnrolled::Rejected(_)) => count.unanswered += 1,
            Err(NotEnrolled::Unavailable(why)) => return Err(format!("face unavailable: {why}")),
        }
    }
    Ok(count)
}

/// The folders below, each a kind of attack, or the folder itself.
fn species(folder: &Path) -> Result<BTreeMap<String, Vec<PathBuf>>, String> {
    let (folders, files): (Vec<_>, Vec<_>) = entries(folder)?.into_iter().partition(|path| path.is_dir());
    let mut kinds = BTreeMap::new();
    if !files.is_empty() {
        kinds.insert("any".to_owned(), files);
    }
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        kinds.insert(name, images(&folder)?);
    }
    if kinds.is_empty() { Err(format!("{}: no image", folder.display())) } else { Ok(kinds) }
}

fn images(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let files: Vec<_> = entries(folder)?.into_iter().filter(|path| path.is_file()).collect();
    if files.is_empty() { Err(format!("{}: no image", folder.display())) } else { Ok(files) }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    let found: Result<Vec<_>, _> = std::fs::read_dir(folder).map_err(failed)?.map(|e| e.map(|e| e.path())).collect();
    let mut found = found.map_err(failed)?;
    found.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    found.sort();
    Ok(found)
}
