//! `pass models calibrate`: error rates on an operator's own consented photographs, and a threshold set out of them.

use super::out::say;
use clap::Args;
use face::calibrate::{Interval, Rates, Report, measure, record};
use face::{Backend, FaceConfig};
use pass_core::Fault;
use std::path::PathBuf;

/// What to measure, on whom, and where to write it.
#[derive(Args)]
pub struct CalibrateArgs {
    /// CSV file with the header a,b,same[,group]: two photographs, 1 for one person or 0 for two. b may name three, joined by
    /// semicolons, of which the best counts.
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,
    /// Folder of the photographs.
    #[arg(long, value_name = "FOLDER")]
    images: PathBuf,
    /// Folder of the models; the threshold set goes into its models.json.
    #[arg(long, value_name = "FOLDER")]
    models: PathBuf,
    /// The ONNX Runtime library.
    #[arg(long, value_name = "FILE", env = "ORT_DYLIB_PATH")]
    library: PathBuf,
    /// Name of the threshold set, for example sface-kaga-1. Without one nothing is written.
    #[arg(long, value_name = "NAME", requires = "population")]
    write: Option<String>,
    /// Who was photographed, for example "412 residents of Kaga, consented in 2026".
    #[arg(long, value_name = "TEXT")]
    population: Option<String>,
}

/// Runs it.
pub fn run(args: &CalibrateArgs) -> Result<(), Fault> {
    let config = FaceConfig { library: args.library.clone(), models_dir: args.models.clone(), allow_evaluation: false };
    let mut said = |done: usize, of: usize| {
        if done.is_multiple_of(500) || done == of {
            say!("{done} of {of} photographs");
        }
    };
    let report = measure(&config, Backend::Ort, &args.pairs, &args.images, &mut said)
        .map_err(|error| Fault::because("calibrate", error))?;
    tell(&report);
    let Some(id) = &args.write else { return Ok(()) };
    let population = args.population.as_deref().unwrap_or_default();
    let path = record(&report, id, population, &args.models)
        .map_err(|error| Fault::because("write no threshold set", error))?;
    say!("threshold set {id} written to {}", path.display());
    Ok(())
}

fn tell(report: &Report) {
    say!("model {}, best of {} frame(s), {} pairs", report.model, report.frames, report.pairs);
    say!(
        "failed to acquire: {} of {} photographs, {} pairs lost",
        report.failed_to_acquire(),
        report.images,
        report.lost
    );
    for (reason, count) in &report.failures {
        say!("  {reason:<18} {count}");
    }
    rates("everybody", &report.rates);
    for (name, of) in &report.groups {
        rates(name, of);
    }
    if let Some(ratio) = spread(report) {
        say!("highest and lowest false non-match rate of a group at the threshold of everybody, ratio: {ratio:.2}");
    }
}

fn rates(name: &str, of: &Rates) {
    let eer = of.eer().map_or("not measured".to_owned(), |eer| format!("{:.3} %", 100.0 * eer));
    say!("{name}: {} genuine and {} impostor pairs, equal error rate {eer}", of.genuine(), of.impostor());
    for point in of.points() {
        match point.threshold {
            Some(threshold) => say!(
                "  FMR {:.0e}: threshold {threshold:.4}, FMR {}, FNMR {}",
                point.target,
                percent(point.fmr),
                percent(point.fnmr)
            ),
            None => say!("  FMR {:.0e}: needs {:.0} impostor pairs (rule of three)", point.target, 3.0 / point.target),
        }
    }
}

fn percent(interval: Option<Interval>) -> String {
    interval.map_or("not measured".to_owned(), |i| {
        format!("{:.4} % ({:.4} to {:.4})", 100.0 * i.share, 100.0 * i.low, 100.0 * i.high)
    })
}

/// Fairness as NISTIR 8280 compares it: groups at one threshold.
fn spread(report: &Report) -> Option<f64> {
    let threshold = report.rates.points().iter().rev().find_map(|point| point.threshold)?;
    let shares: Vec<f64> = report.groups.values().filter_map(|of| Some(of.at(threshold).1?.share)).collect();
    let (low, high) = shares.iter().fold((f64::MAX, 0.0_f64), |(l, h), s| (l.min(*s), h.max(*s)));
    (shares.len() > 1 && low > 0.0).then(|| high / low)
}
