//! Pairs of photographs to error rates.

use std::path::Path;

use face::calibrate::{Interval, Point, Rates, Report, measure};
use face::{Backend, FaceConfig};
use serde_json::{Map, Value, json};

use super::{EvalArgs, plot, say, write};

pub(super) fn evaluate(config: &FaceConfig, backend: Backend, pairs: &Path, args: &EvalArgs) -> Result<(), String> {
    if let Some(plot) = args.plot.as_deref().filter(|p| p.extension().is_none_or(|e| e != "svg")) {
        return Err(format!("--plot {}: the plot is SVG; name it so", plot.display()));
    }
    let report = measure(config, backend, pairs, &args.images, &mut |_, _| {}).map_err(|why| why.to_string())?;
    say(&told(&report));
    if let Some(file) = &args.json {
        write(file, &format!("{:#}\n", numbers(&report)))?;
    }
    match &args.plot {
        Some(file) => write(file, &plot::svg(&report)),
        None => Ok(()),
    }
}

/// What a program reads.
fn numbers(report: &Report) -> Value {
    let mut all = rates(&report.rates);
    all.extend([
        ("model".to_owned(), json!(report.model)),
        ("pairs".to_owned(), json!(report.pairs)),
        ("frames".to_owned(), json!(report.frames)),
        ("images".to_owned(), json!(report.images)),
        ("failed_to_acquire".to_owned(), json!(report.failed_to_acquire())),
        ("failures".to_owned(), json!(report.failures)),
        ("pairs_not_compared".to_owned(), json!(report.lost)),
    ]);
    if !report.groups.is_empty() {
        let groups: Map<String, Value> =
            report.groups.iter().map(|(name, of)| (name.clone(), Value::Object(rates(of)))).collect();
        all.insert("groups".to_owned(), Value::Object(groups));
    }
    Value::Object(all)
}

fn rates(of: &Rates) -> Map<String, Value> {
    let points: Vec<Value> = of.points().iter().map(point).collect();
    Map::from_iter([
        ("genuine".to_owned(), json!(of.genuine())),
        ("impostor".to_owned(), json!(of.impostor())),
        ("eer".to_owned(), json!(of.eer())),
        ("points".to_owned(), json!(points)),
    ])
}

fn point(point: &Point) -> Value {
    let part = |interval: Option<Interval>, of: fn(Interval) -> f64| interval.map(of);
    json!({
        "target": point.target,
        "supported": point.threshold.is_some(),
        "threshold": point.threshold,
        "fmr": part(point.fmr, |i| i.share),
        "fmr_low": part(point.fmr, |i| i.low),
        "fmr_high": part(point.fmr, |i| i.high),
        "fnmr": part(point.fnmr, |i| i.share),
        "fnmr_low": part(point.fnmr, |i| i.low),
        "fnmr_high": part(point.fnmr, |i| i.high),
    })
}

/// What a person reads.
fn told(report: &Report) -> String {
    let mut text = format!(
        "model {}, {} pairs, best of {} frame(s)\nfailed to acquire: {} of {} images ({} pairs not compared)\n",
        report.model,
        report.pairs,
        report.frames,
        report.failed_to_acquire(),
        report.images,
        report.lost
    );
    for (reason, count) in &report.failures {
        text += &format!("  {reason} {count}\n");
    }
    text += &table("everybody", &report.rates);
    for (name, of) in &report.groups {
        text += &table(name, of);
    }
    text.trim_end().to_owned()
}

fn table(name: &str, of: &Rates) -> String {
    let eer = of.eer().map_or("not measured".to_owned(), |eer| format!("{:.3} %", 100.0 * eer));
    let mut text = format!("{name}: {} genuine, {} impostor pairs, EER {eer}\n", of.genuine(), of.impostor());
    for point in of.points() {
        text += &match point.threshold {
            Some(threshold) => format!(
                "  FMR {:.0e}  threshold {threshold:.4}  FMR {}  FNMR {}\n",
                point.target,
                share(point.fmr),
                share(point.fnmr)
            ),
            None => format!(
                "  FMR {:.0e}  not supported: {} impostor pairs, {:.0} are needed (rule of three)\n",
                point.target,
                of.impostor(),
                3.0 / point.target
            ),
        };
    }
    text
}

pub(super) fn share(interval: Option<Interval>) -> String {
    interval.map_or("not measured".to_owned(), |i| {
        format!("{:.4} % [{:.4}, {:.4}]", 100.0 * i.share, 100.0 * i.low, 100.0 * i.high)
    })
}
