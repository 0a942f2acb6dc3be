//! What a face costs, for docs/performance.md; asserts nothing. Release profile:
//! `cargo test --release -p face --features face-tract --test cost -- --ignored --nocapture`

use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use face::drawn::{self, find};
use face::{Backend, Engine, Identified, Outcome};

/// Time of this thread on a processor: the first number of schedstat, in nanoseconds.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    Duration::from_nanos(stat.split(' ').next().and_then(|n| n.parse().ok()).expect("a number"))
}

/// Resident memory of the process, MiB.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).expect("kB") / 1024.0
}

fn said(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).expect("stderr");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[test]
#[ignore = "measures, and asserts nothing"]
fn cost() {
    let Some(config) = find::installation("cost") else { return };
    let frame = find::samples("cost")
        .map_or_else(|| drawn::jpeg(&drawn::face()), |folder| fs::read(folder.join("a1.jpg")).expect("a photograph"));
    for backend in [Backend::Ort, Backend::Tract].into_iter().filter(|b| b.absent().is_none()) {
        let engine = Engine::with_backend(&config, backend);
        let before = resident();
        let (cpu, wall) = (processor_time(), Instant::now());
        engine.ready().expect("loads");
        let load = (processor_time() - cpu, wall.elapsed());
        let template = engine.enrol(&[&frame]).expect("enrols");
        let during = resident();
        let mut times: Vec<Duration> = (0..40)
            .map(|_| {
                let start = processor_time();
                assert_eq!(engine.verify(&template, &[&frame]).outcome, Outcome::Match);
                processor_time() - start
            })
            .collect();
        times.sort();
        let (cpu, wall) = (processor_time(), Instant::now());
        assert!(engine.unload_idle(Duration::ZERO));
        let unload = (processor_time() - cpu, wall.elapsed());
        let after = resident();
        let wall = Instant::now();
        engine.ready().expect("loads");
        said(&format!(
            "{backend:?}: verification {:.1} CPU ms (median, least {:.1}); load {:.0} CPU ms, {:.0} on the clock, again {:.0}; unload {:.1} CPU ms; \
             resident {before:.0} MiB before, {during:.0} during, {after:.0} after",
            ms(times[20]),
            ms(times[0]),
            ms(load.0),
            ms(load.1),
            ms(wall.elapsed()),
            ms(unload.0),
        ));
    }
    for (people, probes) in [(3_000, 200), (100_000, 50), (1_000_000, 20)] {
        let (gallery, probes) = face::evaluation::crowd(people, probes);
        let mut found = 0;
        let mut times: Vec<Duration> = probes
            .iter()
            .map(|(probe, mate)| {
                let start = processor_time();
                found += usize::from(gallery.search(probe) == Identified::One(*mate));
                processor_time() - start
            })
            .collect();
        assert!(found * 10 >= probes.len() * 8, "{found} of {} mates found among {people}", probes.len());
        times.sort();
        let mib = gallery.bytes() as f64 / f64::from(1 << 20);
        said(&format!(
            "search among {people}: {:.3} CPU ms (median, least {:.3}), {mib:.1} MiB",
            ms(times[times.len() / 2]),
            ms(times[0])
        ));
    }
}
