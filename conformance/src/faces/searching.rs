//! What a search among many costs.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use face::{Identified, evaluation::crowd};
use serde_json::json;

use super::{say, write};

/// What `face-search` can be told.
#[derive(Args)]
pub struct SearchArgs {
    /// How many people are in the gallery.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    gallery: u32,
    /// How many are looked for, one after the other.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    probes: u32,
    /// Writes the numbers here.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs `face-search`: random vectors of 128 numbers, each probe with a mate in the gallery.
pub fn search(args: &SearchArgs) -> Result<(), String> {
    let (mut gallery, probes) = crowd(args.gallery, args.probes);
    let (start, wall) = (processor_time()?, Instant::now());
    let answers: Vec<Identified> = probes.iter().map(|(probe, _)| gallery.search(probe)).collect();
    let (each, wall) = ((processor_time()? - start) / args.probes, wall.elapsed() / args.probes);
    let found = answers.iter().zip(&probes).filter(|(found, (_, mate))| **found == Identified::One(*mate)).count();
    let bytes = gallery.bytes();
    let gone = probes.first().map(|(_, mate)| *mate).ok_or("no probe")?;
    let start = Instant::now();
    gallery.remove(gone);
    let removed = start.elapsed();
    let (ms, mib) = (|d: Duration| d.as_secs_f64() * 1e3, bytes as f64 / f64::from(1 << 20));
    say(&format!(
        "gallery {}, probes {}: {:.3} CPU ms a search ({:.3} ms on the clock), {mib:.1} MiB, {found} of {} mates found, {:.4} ms to remove one",
        args.gallery,
        args.probes,
        ms(each),
        ms(wall),
        args.probes,
        ms(removed),
    ));
    let numbers = json!({
        "gallery": args.gallery, "probes": args.probes, "cpu_ms": ms(each), "wall_ms": ms(wall), "mib": mib, "found": found,
        "remove_ms": ms(removed),
    });
    args.json.as_ref().map_or(Ok(()), |file| write(file, &format!("{numbers:#}\n")))
}

/// Time of this thread on a processor: the first number of schedstat, in nanoseconds.
fn processor_time() -> Result<Duration, String> {
    let path = "/proc/thread-self/schedstat";
    let stat = fs::read_to_string(path).map_err(|why| format!("{path}: {why}"))?;
    let first = stat.split(' ').next().and_then(|n| n.parse().ok());
    first.map(Duration::from_nanos).ok_or_else(|| format!("{path}: no number"))
}
