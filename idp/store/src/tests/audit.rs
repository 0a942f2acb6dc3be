//! The audit log: inserted unchained, linked in order, verifiable after purges, and telling when it was changed.

use super::on_both;
use super::samples::NOW;
use crate::audit::{self, Filter};
use crate::testing::TestDatabase;
use crate::tx::on_backend;
use crate::{Tx, leases};
use diesel::{RunQueryDsl, sql_query};
use pass_core::domain::audit::{Act, Actor, AuditEvent, Checkpoint};
use pass_core::id::{AccountId, AuditId, ClientId, FacilityId, PersonId, StaffId};
use pass_core::seal::{Key, Purpose, WrappingSecret};
use std::time::Duration;

fn event(n: u8) -> AuditEvent {
    AuditEvent {
        id: AuditId([n; 16]),
        at: NOW + Duration::from_secs(n.into()),
        actor: match n % 4 {
            0 => Actor::System,
            1 => Actor::Account(AccountId([1; 16])),
            2 => Actor::Staff(StaffId([2; 16])),
            _ => Actor::Client(ClientId([3; 16])),
        },
        act: Act::ALL[usize::from(n) % Act::ALL.len()],
        person: n.is_multiple_of(2).then_some(PersonId([4; 16])),
        facility: n.is_multiple_of(3).then_some(FacilityId([5; 16])),
        client: n.is_multiple_of(5).then_some(ClientId([6; 16])),
        detail: format!("event {n}"),
    }
}

async fn with_events(database: &TestDatabase, events: std::ops::RangeInclusive<u8>) {
    let unit = move |tx: &mut Tx| events.clone().try_for_each(|n| audit::insert(tx, &event(n)));
    database.store.write(unit).await.unwrap();
}

fn key() -> Key {
    WrappingSecret::new([3; 32]).derive(Purpose::AuditChain)
}

#[tokio::test]
async fn pages_are_filtered_for_staff_and_for_one_person() {
    on_both(async |database| {
        with_events(database, 1..=30).await;
        let page = |filter: Filter| async move {
            let events = database.store.read(move |tx| audit::page(tx, &filter, 4)).await.unwrap();
            events.into_iter().map(|event| event.event.id.0[0]).collect::<Vec<_>>()
        };
        let person = Some(PersonId([4; 16]));
        let facility = Some(FacilityId([5; 16]));
        let table = [
            (Filter::default(), vec![30, 29, 28, 27]),
            (Filter { before: Some(AuditId([27; 16])), ..Filter::default() }, vec![26, 25, 24, 23]),
            (Filter { person, ..Filter::default() }, vec![30, 28, 26, 24]),
            (Filter { facility, ..Filter::default() }, vec![30, 27, 24, 21]),
            (Filter { person, facility, ..Filter::default() }, vec![30, 24, 18, 12]),
            (Filter { client: Some(ClientId([6; 16])), ..Filter::default() }, vec![30, 25, 20, 15]),
            (
                Filter { acts: vec![event(3).act, event(4).act], until: Some(event(9).at), ..Filter::default() },
                vec![4, 3],
            ),
            (Filter { from: Some(event(29).at), ..Filter::default() }, vec![30, 29]),
        ];
        for (filter, expected) in table {
            assert_eq!(page(filter.clone()).await, expected, "{filter:?}");
        }
        let (facility, act) = (FacilityId([5; 16]), event(6).act);
        let counted = database.store.read(move |tx| {
            Ok((
                audit::count(tx, facility, act, NOW)?,
                audit::count(tx, facility, act, event(7).at)?,
                audit::count_unlinked(tx)?,
            ))
        });
        assert_eq!(counted.await.unwrap(), (1, 0, 30));
        let whole = database.store.read(|tx| audit::page(tx, &Filter::default(), 30)).await.unwrap();
        assert_eq!(whole[0].event, event(30), "every field comes back");
    })
    .await;
}

#[tokio::test]
async fn cap_44_the_chain_links_in_order_and_tells_the_unlinked_tail() {
    on_both(async |database| {
        with_events(database, 1..=10).await;
        let (head, linked) = database.store.write(|tx| audit::chain(tx, &key(), 7)).await.unwrap();
        assert_eq!((head.sequence, linked), (7, 7));
        let walk = database.store.read(|tx| audit::verify(tx, &key())).await.unwrap();
        assert_eq!((walk.linked, walk.unlinked, walk.broken_at, walk.to), (7, 3, None, head));
        let (head, linked) = database.store.write(|tx| audit::chain(tx, &key(), 7)).await.unwrap();
        assert_eq!((head.sequence, linked), (10, 3));
        // An id that is older than the head still goes behind it.
        with_events(database, 0..=0).await;
        let tail = database.store.read(|tx| audit::find_unlinked(tx, 9)).await.unwrap();
        assert_eq!(tail, [event(0)]);
        database.store.write(|tx| audit::chain(tx, &key(), 7)).await.unwrap();
        let walk = database.store.read(|tx| audit::verify(tx, &key())).await.unwrap();
        assert_eq!((walk.linked, walk.unlinked, walk.broken_at), (11, 0, None));
    })
    .await;
}

#[tokio::test]
async fn cap_44_a_changed_or_removed_event_breaks_the_chain_there() {
    on_both(async |database| {
        with_events(database, 1..=10).await;
        database.store.write(|tx| audit::chain(tx, &key(), 100)).await.unwrap();
        let tamper = |sql: &'static str| {
            database.store.write(move |tx| Ok(on_backend!(tx, |conn| sql_query(sql).execute(conn)).unwrap()))
        };
        let broken = || async { database.store.read(|tx| audit::verify(tx, &key())).await.unwrap().broken_at };
        tamper("UPDATE audit_events SET detail = 'other' WHERE sequence = 6").await.unwrap();
        assert_eq!(broken().await, Some(AuditId([6; 16])));
        tamper("UPDATE audit_events SET detail = 'event 6' WHERE sequence = 6").await.unwrap();
        assert_eq!(broken().await, None);
        tamper("DELETE FROM audit_events WHERE sequence = 4").await.unwrap();
        assert_eq!(broken().await, Some(AuditId([5; 16])));
        tamper("DELETE FROM audit_events WHERE sequence < 4").await.unwrap();
        assert_eq!(broken().await, Some(AuditId([5; 16])), "a cut start needs a checkpoint to stand on");
    })
    .await;
}

#[tokio::test]
async fn cap_44_a_chain_that_was_linked_anew_or_cut_misses_its_checkpoint() {
    on_both(async |database| {
        with_events(database, 1..=6).await;
        let (link, _) = database.store.write(|tx| audit::chain(tx, &key(), 9)).await.unwrap();
        let checkpoint = Checkpoint { link, made_at: NOW, kid: "kid".into(), signature: vec![1] };
        database.store.write(move |tx| audit::insert_checkpoint(tx, &checkpoint)).await.unwrap();
        let tamper = |sql: &'static str| {
            database.store.write(move |tx| Ok(on_backend!(tx, |conn| sql_query(sql).execute(conn)).unwrap()))
        };
        let walk = || async { database.store.read(|tx| audit::verify(tx, &key())).await.unwrap() };
        assert_eq!((walk().await.broken_at, walk().await.missed_checkpoint), (None, None));
        // Who knows the key of another installation links rows that do not hold here.
        let other = WrappingSecret::new([4; 32]).derive(Purpose::AuditChain);
        let walked = database.store.read(move |tx| audit::verify(tx, &other)).await.unwrap();
        assert_eq!(walked.broken_at, Some(AuditId([1; 16])));
        tamper("DELETE FROM audit_events WHERE sequence = 6").await.unwrap();
        assert_eq!(walk().await.missed_checkpoint, Some(6), "the end was cut off");
    })
    .await;
}

#[tokio::test]
async fn purging_stops_at_a_checkpoint_and_the_rest_stays_verifiable() {
    on_both(async |database| {
        with_events(database, 1..=10).await;
        let (head, _) = database.store.write(|tx| audit::chain(tx, &key(), 6)).await.unwrap();
        let checkpoint = Checkpoint { link: head, made_at: NOW, kid: "kid".into(), signature: vec![1] };
        let kept = checkpoint.clone();
        database.store.write(move |tx| audit::insert_checkpoint(tx, &kept)).await.unwrap();
        let second = database.store.write(|tx| audit::chain(tx, &key(), 2)).await.unwrap().0;
        let young = Checkpoint { link: second, made_at: NOW + Duration::from_hours(1), ..checkpoint.clone() };
        let kept = young.clone();
        database.store.write(move |tx| audit::insert_checkpoint(tx, &kept)).await.unwrap();
        database.store.write(|tx| audit::chain(tx, &key(), 100)).await.unwrap();
        let purge = |before, limit| database.store.write(move |tx| audit::purge(tx, before, limit));
        assert_eq!(purge(NOW, 100).await.unwrap(), 0, "the checkpoint is not old enough");
        // A batch smaller than the stretch removes the whole stretch, or it would never end.
        assert_eq!(purge(NOW + Duration::from_millis(1), 3).await.unwrap(), 6);
        assert_eq!(purge(NOW + Duration::from_millis(1), 100).await.unwrap(), 0);
        let walk = database.store.read(|tx| audit::verify(tx, &key())).await.unwrap();
        assert_eq!((walk.from, walk.linked, walk.broken_at), (checkpoint.link, 4, None));
        assert_eq!(database.store.read(audit::find_checkpoints).await.unwrap(), [checkpoint, young]);
    })
    .await;
}

#[tokio::test]
async fn a_purge_of_everything_goes_on_from_the_checkpoint() {
    on_both(async |database| {
        with_events(database, 1..=3).await;
        let (link, _) = database.store.write(|tx| audit::chain(tx, &key(), 9)).await.unwrap();
        let checkpoint = Checkpoint { link, made_at: NOW, kid: "kid".into(), signature: vec![1] };
        database.store.write(move |tx| audit::insert_checkpoint(tx, &checkpoint)).await.unwrap();
        let later = NOW + Duration::from_millis(1);
        assert_eq!(database.store.write(move |tx| audit::purge(tx, later, 100)).await.unwrap(), 3);
        with_events(database, 4..=5).await;
        let (head, linked) = database.store.write(|tx| audit::chain(tx, &key(), 9)).await.unwrap();
        assert_eq!((head.sequence, linked), (5, 2));
        let walk = database.store.read(|tx| audit::verify(tx, &key())).await.unwrap();
        assert_eq!((walk.linked, walk.broken_at), (2, None));
    })
    .await;
}

#[tokio::test]
async fn one_chainer_of_two_has_the_lease() {
    on_both(async |database| {
        let take = |holder: u8| {
            let until = NOW + Duration::from_mins(1);
            database.store.write(move |tx| leases::take(tx, leases::AUDIT_CHAIN, &[holder; 16], NOW, until))
        };
        let (one, two) = tokio::join!(take(1), take(2));
        assert!(one.unwrap() ^ two.unwrap());
        database.store.write(|tx| leases::close(tx, leases::AUDIT_CHAIN, &[1; 16])).await.unwrap();
        database.store.write(|tx| leases::close(tx, leases::AUDIT_CHAIN, &[2; 16])).await.unwrap();
        assert!(take(2).await.unwrap());
    })
    .await;
}
