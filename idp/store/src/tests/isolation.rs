//! A failing closure undoes itself alone, and nobody else notices.

use super::on_both;
use super::samples::{NOW, city, hash};
use crate::testing::{postgres, sqlite};
use crate::{Config, Store, codes, replays, sessions};
use pass_core::Fault;
use pass_core::domain::session::Session;
use pass_core::id::{AccountId, SessionId};
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::test]
async fn of_twenty_closures_in_one_commit_the_seven_failing_undo_themselves_alone() {
    on_both(async |database| {
        // A slow first commit lets the twenty gather behind it.
        database.store.danger_slow_commits(Duration::from_millis(200));
        let before = database.store.stats().commits;
        let mut units = JoinSet::new();
        for unit in 0..21_u64 {
            let store = database.store.clone();
            units.spawn(async move {
                if unit > 0 {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                let fails = unit > 0 && unit.is_multiple_of(3) || unit == 20;
                let outcome = store
                    .write(move |tx| {
                        replays::remember(tx, &hash(unit), NOW)?;
                        if fails { Err(Fault::new("this one fails")) } else { Ok(()) }
                    })
                    .await;
                (unit, fails, outcome.is_err())
            });
        }
        let ended = units.join_all().await;
        assert_eq!(ended.iter().filter(|(_, fails, _)| *fails).count(), 7);
        for (unit, fails, refused) in ended {
            assert_eq!(fails, refused);
            let there = database.store.read(move |tx| replays::find(tx, &hash(unit))).await.unwrap();
            assert_eq!(there, !fails, "unit {unit}");
        }
        if database.name == "sqlite" {
            assert_eq!(database.store.stats().commits - before, 2, "the first alone, the twenty together");
        }
        assert_eq!(database.store.stats().failed, 7);
    })
    .await;
}

#[tokio::test]
async fn a_panic_in_a_closure_is_a_fault_of_its_caller_only() {
    on_both(async |database| {
        let panicked = database
            .store
            .write(|tx| -> Result<(), Fault> {
                replays::remember(tx, &hash(1), NOW)?;
                panic!("a closure of a test panics")
            })
            .await;
        assert!(panicked.unwrap_err().to_string().contains("panicked"));
        assert!(!database.store.read(|tx| replays::find(tx, &hash(1))).await.unwrap());
        assert!(database.store.write(|tx| replays::remember(tx, &hash(1), NOW)).await.unwrap());
        let read = database.store.read_now(|_| -> Result<(), Fault> { panic!("a closure of a test panics") }).await;
        assert!(read.is_err());
        assert!(database.store.read_now(|tx| replays::find(tx, &hash(1))).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_swallowed_refusal_of_the_database_never_acknowledges_a_lost_write() {
    on_both(async |database| {
        let orphan = city(1).code(1);
        let acknowledged = database
            .store
            .write(move |tx| {
                replays::remember(tx, &hash(1), NOW)?;
                // The grant does not exist: the foreign key refuses.
                assert!(codes::insert(tx, &orphan).is_err());
                Ok(())
            })
            .await
            .is_ok();
        let there = database.store.read(|tx| replays::find(tx, &hash(1))).await.unwrap();
        assert_eq!(acknowledged, there);
    })
    .await;
}

#[tokio::test]
async fn reads_cannot_write() {
    on_both(async |database| {
        let refused = database.store.read(|tx| replays::remember(tx, &hash(1), NOW)).await;
        assert!(refused.is_err());
        let refused = database.store.read_now(|tx| replays::remember(tx, &hash(1), NOW)).await;
        assert!(refused.is_err());
    })
    .await;
}

#[tokio::test]
async fn foreign_keys_hold() {
    on_both(async |database| {
        let session = Session {
            id: SessionId([1; 16]),
            cookie: hash(1),
            account: AccountId([9; 16]),
            created_at: NOW,
            expires_at: NOW,
            ended_at: None,
            events: vec![],
        };
        assert!(database.store.write(move |tx| sessions::insert(tx, &session)).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn more_users_than_connections_wait_and_are_served() {
    let Some(database) = postgres() else { return };
    let Config::Postgres { url, .. } = &database.config else { panic!("a PostgreSQL database") };
    let store = Store::open(&Config::Postgres { url: url.clone(), pool: 4 }).unwrap();
    let mut users = JoinSet::new();
    for user in 0..64 {
        let store = store.clone();
        users.spawn(async move {
            store.write(move |tx| replays::remember(tx, &hash(user), NOW)).await.unwrap();
            store.read(move |tx| replays::find(tx, &hash(user))).await.unwrap()
        });
    }
    let served = tokio::time::timeout(Duration::from_secs(60), users.join_all()).await.unwrap();
    assert_eq!(served, [true; 64]);
}

#[tokio::test]
async fn a_deadlock_is_run_again_and_both_succeed() {
    let Some(database) = postgres() else { return };
    database.store.write(|tx| crate::leases::take(tx, "a", &[1; 16], NOW, NOW).map(drop)).await.unwrap();
    database.store.write(|tx| crate::leases::take(tx, "b", &[1; 16], NOW, NOW).map(drop)).await.unwrap();
    let mut both = JoinSet::new();
    for (first, second) in [("a", "b"), ("b", "a")] {
        let store = database.store.clone();
        both.spawn(async move {
            store
                .write(move |tx| {
                    crate::leases::take(tx, first, &[1; 16], NOW, NOW)?;
                    std::thread::sleep(Duration::from_millis(300));
                    crate::leases::take(tx, second, &[1; 16], NOW, NOW)
                })
                .await
                .unwrap()
        });
    }
    assert_eq!(both.join_all().await, [true, true]);
}

#[tokio::test]
async fn connections_that_died_in_the_pool_are_replaced() {
    let Some(database) = postgres() else { return };
    database.store.write(|tx| replays::remember(tx, &hash(1), NOW)).await.unwrap();
    let Config::Postgres { url, .. } = &database.config else { panic!("a PostgreSQL database") };
    let mut other = <diesel::PgConnection as diesel::Connection>::establish(url).unwrap();
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    diesel::connection::SimpleConnection::batch_execute(&mut other, kill).unwrap();
    assert!(database.store.write(|tx| replays::remember(tx, &hash(2), NOW)).await.unwrap());
    assert!(database.store.read(|tx| replays::find(tx, &hash(1))).await.unwrap());
}

#[tokio::test]
async fn dropping_the_store_commits_what_is_queued() {
    let database = sqlite();
    let store = Store::open(&database.config).unwrap();
    store.danger_slow_commits(Duration::from_millis(20));
    for unit in 0..5 {
        let store = store.clone();
        tokio::spawn(async move { store.write(move |tx| replays::remember(tx, &hash(unit), NOW)).await });
        tokio::task::yield_now().await;
    }
    store.lazy(|tx| replays::remember(tx, &hash(5), NOW).map(drop));
    drop(store);
    tokio::time::sleep(Duration::from_millis(500)).await;
    for unit in 0..6 {
        assert!(database.store.read(move |tx| replays::find(tx, &hash(unit))).await.unwrap(), "unit {unit}");
    }
}
