//! What was acknowledged is there after kill -9, at any moment.

use super::samples::{NOW, hash};
use crate::testing::databases;
use crate::{Config, Store, replays};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

const WHERE: &str = "PASS_CRASH_TEST_DATABASE";
const USERS: u64 = 8;

#[tokio::test]
async fn acknowledged_writes_survive_kill_9() {
    for database in databases() {
        for (round, alive) in [31, 97, 164, 250, 333].into_iter().enumerate() {
            let acknowledged = write_until_killed(&database.config, round, Duration::from_millis(alive));
            assert!(!acknowledged.is_empty(), "the child wrote nothing");
            // The store of this process stayed open; the next round writes into the same database.
            let missing = database
                .store
                .read(move |tx| {
                    let mut missing = Vec::new();
                    for name in &acknowledged {
                        if !replays::find(tx, &hash(*name))? {
                            missing.push(*name);
                        }
                    }
                    Ok(missing)
                })
                .await
                .unwrap();
            assert!(missing.is_empty(), "{}: acknowledged and lost: {missing:?}", database.name);
        }
    }
}

/// Runs `child` in a process of its own, kills it after a while and answers what it acknowledged.
fn write_until_killed(config: &Config, round: usize, alive: Duration) -> Vec<u64> {
    let place = match config {
        Config::Sqlite { path, .. } => path.parent().unwrap().to_string_lossy().into_owned(),
        Config::Postgres { url, .. } => url.clone(),
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::crash::child", "--ignored", "--nocapture"])
        .env(WHERE, format!("{round} {place}"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut killer = None;
    while let Some(Ok(line)) = lines.next() {
        let Some(name) = line.strip_prefix("ack ").and_then(|rest| rest.strip_suffix('.')) else { continue };
        acknowledged.push(name.parse().unwrap());
        // The clock starts with the first write, not with the process.
        killer.get_or_insert_with(|| {
            let pid = child.id().to_string();
            std::thread::spawn(move || {
                std::thread::sleep(alive);
                Command::new("kill").args(["-9", &pid]).status().unwrap();
            })
        });
    }
    killer.unwrap().join().unwrap();
    child.wait().unwrap();
    acknowledged
}

#[tokio::test]
#[ignore = "the process that is killed; its parent starts it"]
async fn child() {
    let Ok(place) = std::env::var(WHERE) else { return };
    let (round, place) = place.split_once(' ').unwrap();
    let round: u64 = round.parse().unwrap();
    let config = if place.starts_with("postgres") {
        Config::Postgres { url: place.into(), pool: 8 }
    } else {
        let dir = std::path::Path::new(place);
        Config::Sqlite { path: dir.join("pass.db"), keys_path: dir.join("keys.db") }
    };
    let store = Store::open(&config).unwrap();
    let mut users = tokio::task::JoinSet::new();
    for user in 0..USERS {
        let store = store.clone();
        users.spawn(async move {
            for unit in 0.. {
                let name = (round * USERS + user) * 1_000_000 + unit;
                assert!(store.write(move |tx| replays::remember(tx, &hash(name), NOW)).await.unwrap());
                // One write for each line; the full stop tells a whole line from a torn one.
                std::io::stdout().write_all(format!("ack {name}.\n").as_bytes()).unwrap();
            }
        });
    }
    users.join_all().await;
}
