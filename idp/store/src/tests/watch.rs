//! Copies in memory hear of a change: from this process at once, from another by listening or polling.

use super::on_both;
use crate::Store;
use crate::changes::{self, Topic};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_change_is_heard_here_and_in_another_process() {
    on_both(async |database| {
        let bump = |store: &Store, topic| {
            let store = store.clone();
            async move { store.write(move |tx| changes::bump(tx, topic)).await.unwrap() }
        };
        // A second store on the same database stands for another process.
        let other = Store::open(&database.config).unwrap();
        bump(&other, Topic::Keys).await;
        let mut watch = database.store.watch();
        assert_eq!(watch.next().await.unwrap(), ["keys"], "what changed before is told first");
        for store in [&database.store, &other] {
            let waiting = tokio::spawn(async move {
                let topics = watch.next().await.unwrap();
                (watch, topics, Instant::now())
            });
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(!waiting.is_finished());
            let bumped = Instant::now();
            bump(store, Topic::Clients).await;
            let (again, topics, heard) = waiting.await.unwrap();
            assert_eq!(topics, ["clients"]);
            let most = if database.name == "sqlite" { 3000 } else { 2000 };
            assert!(heard - bumped < Duration::from_millis(most), "{:?}", heard - bumped);
            watch = again;
        }
    })
    .await;
}
