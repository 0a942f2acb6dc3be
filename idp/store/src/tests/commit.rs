//! Group commit: one user pays one flush, sixteen share it.

use super::samples::{City, NOW, city, hash};
use crate::testing::{TestDatabase, sqlite};
use crate::{Taken, access_tokens, refresh_tokens};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

struct Run {
    per_second: f64,
    commits_per_unit: f64,
}

/// Each user rotates a refresh token again and again: a unit is one single-use UPDATE .. RETURNING and one INSERT.
async fn rotate(database: &TestDatabase, city: &City, users: u64, rotations: u64) -> Run {
    let before = database.store.stats();
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for user in 0..users {
        let (store, city) = (database.store.clone(), city.clone());
        running.spawn(async move {
            let name = move |generation: u64| users * 1_000_000_000 + user * 1_000_000 + generation;
            let first = city.refresh_token(name(0));
            store.write(move |tx| refresh_tokens::insert(tx, &first)).await.unwrap();
            for generation in 0..rotations {
                let next = city.refresh_token(name(generation + 1));
                let taken = store
                    .write(move |tx| {
                        refresh_tokens::insert(tx, &next)?;
                        refresh_tokens::take(tx, &hash(name(generation)), NOW)
                    })
                    .await
                    .unwrap();
                assert!(matches!(taken, Taken::First(_)));
            }
        });
    }
    running.join_all().await;
    let (after, units) = (database.store.stats(), (users * (rotations + 1)) as f64);
    assert_eq!(after.units - before.units, users * (rotations + 1));
    Run {
        per_second: units / begun.elapsed().as_secs_f64(),
        commits_per_unit: (after.commits - before.commits) as f64 / units,
    }
}

async fn ready() -> (TestDatabase, City) {
    let (database, city) = (sqlite(), city(1));
    let sample = city.clone();
    database.store.write(move |tx| sample.insert(tx)).await.unwrap();
    (database, city)
}

#[tokio::test]
async fn sixteen_users_share_slow_flushes() {
    let (database, city) = ready().await;
    database.store.danger_slow_commits(Duration::from_millis(5));
    let one = rotate(&database, &city, 1, 60).await;
    let sixteen = rotate(&database, &city, 16, 60).await;
    assert!(
        (one.commits_per_unit - 1.0).abs() < f64::EPSILON,
        "one user: exactly one commit, not {}",
        one.commits_per_unit
    );
    assert!(sixteen.commits_per_unit <= 0.25, "sixteen users: {} commits a unit", sixteen.commits_per_unit);
    let gain = sixteen.per_second / one.per_second;
    assert!(gain >= 5.0, "sixteen users: {gain} times the rate of one");
}

/// `cargo test -p pass-store --release measure -- --ignored --nocapture`
#[tokio::test]
#[ignore = "a measurement for docs/performance, to be run in the release profile on a quiet machine"]
#[expect(clippy::print_stdout)]
async fn measure_units_per_second() {
    let (database, city) = ready().await;
    for users in [1, 4, 16, 64] {
        let cpu = cpu_seconds();
        let rotations = 40_000 / users;
        let run = rotate(&database, &city, users, rotations).await;
        let cpu_us = (cpu_seconds() - cpu) * 1e6 / (users * (rotations + 1)) as f64;
        println!(
            "{users} users: {:.0} units/s, {:.3} commits and {cpu_us:.0} us CPU a unit",
            run.per_second, run.commits_per_unit
        );
    }
}

/// `cargo test -p pass-store --release measure -- --ignored --nocapture`
#[tokio::test]
#[ignore = "a measurement for docs/performance, to be run in the release profile on a quiet machine"]
#[expect(clippy::print_stdout)]
async fn measure_look_ups() {
    const LOOK_UPS: u64 = 100_000;
    let (database, city) = ready().await;
    let token = city.access_token(1);
    database.store.write(move |tx| access_tokens::insert(tx, &token)).await.unwrap();
    for inline in [true, false] {
        let cpu = cpu_seconds();
        for _ in 0..LOOK_UPS {
            let find = |tx: &mut crate::Tx| access_tokens::find(tx, &hash(1));
            let found = if inline { database.store.read_now(find).await } else { database.store.read(find).await };
            assert!(found.unwrap().unwrap().consent.is_some());
        }
        let cpu_us = (cpu_seconds() - cpu) * 1e6 / LOOK_UPS as f64;
        println!("token with grant and consent, inline {inline}: {cpu_us:.1} us CPU");
    }
}

/// Time of this process on the processors, from Linux.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / 100.0
}
