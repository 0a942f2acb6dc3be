//! Of the errors of each client the newest are kept.

use super::on_both;
use super::samples::{NOW, city};
use crate::client_errors::{MOST, insert_lazy, newest};
use crate::retention::{Periods, purge};
use crate::testing::Seeded;
use pass_core::domain::client_error::{ClientError, Endpoint};
use pass_core::id::ClientErrorId;
use std::time::Duration;

#[tokio::test]
async fn the_newest_of_each_client_are_kept_for_a_week() {
    on_both(async |database| {
        let (one, other) = (city(1), city(2));
        let (busy, quiet) = (one.client.id, other.client.id);
        let entropy = Seeded::new(5);
        let error = |client, second: u64| {
            let at = NOW + Duration::from_secs(second);
            ClientError {
                id: ClientErrorId::new(at, &entropy),
                client,
                at,
                endpoint: Endpoint::Token,
                code: "invalid_grant".into(),
                description: format!("{second}"),
                reference: "ABCD-EFGH".into(),
            }
        };
        let lone = error(quiet, 0);
        let many: Vec<ClientError> = (0..250).map(|second| error(busy, second)).collect();
        let (lone_row, rows) = (lone.clone(), many.clone());
        let unit = move |tx: &mut crate::Tx| {
            one.insert(tx)?;
            other.insert(tx)?;
            insert_lazy(tx, &lone_row)?;
            rows.iter().try_for_each(|row| insert_lazy(tx, row))
        };
        database.store.write(unit).await.unwrap();
        let kept = database.store.read(move |tx| newest(tx, busy, 1_000)).await.unwrap();
        assert_eq!(kept.len(), usize::try_from(MOST).unwrap());
        assert_eq!((&kept[0], &kept[199]), (&many[249], &many[50]));
        assert_eq!(database.store.read(move |tx| newest(tx, quiet, 10)).await.unwrap(), [lone]);

        let later = NOW + Duration::from_hours(24 * 7) + Duration::from_secs(100);
        database.store.write(move |tx| purge(tx, later, &Periods::default(), 10_000).map(drop)).await.unwrap();
        let kept = database.store.read(move |tx| newest(tx, busy, 1_000)).await.unwrap();
        assert_eq!(kept.len(), 150, "those of the last week");
        assert!(database.store.read(move |tx| newest(tx, quiet, 10)).await.unwrap().is_empty());
    })
    .await;
}
