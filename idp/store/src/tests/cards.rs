//! One card, one person; one login key, one account; nothing kept of an account that is closed: at the same moment, too.

use super::on_both;
use super::samples::{City, NOW, city, hash};
use crate::{Store, Tx, accounts, card_turns, credentials, persons, proofings, relations};
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::domain::proofing::{Proofing, ProofingMethod, ProofingStatus};
use pass_core::domain::relation::{Relation, RelationKind};
use pass_core::fault::Outcome;
use pass_core::id::{CredentialId, ProofingId, RelationId};
use std::time::Duration;
use tokio::task::JoinSet;

const AT_ONCE: u64 = 8;

/// A city of people who do the same thing at the same moment.
async fn crowd(store: &Store) -> Vec<City> {
    let crowd: Vec<City> = (1..=AT_ONCE).map(city).collect();
    let rows = crowd.clone();
    store.write(move |tx| rows.iter().try_for_each(|one| one.insert_person(tx))).await.unwrap();
    crowd
}

/// Everybody at once; how many were the first.
async fn winners(
    store: &Store,
    crowd: Vec<City>,
    work: impl Fn(&mut Tx, &City) -> Outcome<bool> + Clone + Send + Sync + 'static,
) -> usize {
    let mut all = JoinSet::new();
    for one in crowd {
        let (store, work) = (store.clone(), work.clone());
        all.spawn(async move { store.write(move |tx| work(tx, &one)).await.unwrap() });
    }
    all.join_all().await.into_iter().filter(|won| *won).count()
}

/// Long enough that everybody has looked before anybody has written, if nobody waits for a turn.
fn dawdle() {
    std::thread::sleep(Duration::from_millis(20));
}

#[tokio::test]
async fn cap_05_one_card_proofs_one_person_however_many_bring_it_at_once() {
    on_both(async |database| {
        let crowd = crowd(&database.store).await;
        let won = winners(&database.store, crowd, |tx, one| {
            card_turns::take(tx, [&hash(77), &hash(78)])?;
            if !proofings::find_by_serial(tx, &hash(77))?.is_empty() {
                return Ok(false);
            }
            dawdle();
            let proofing = Proofing {
                id: ProofingId(one.person.id.0),
                person: one.person.id,
                method: ProofingMethod::SignCertificate,
                checks: Vec::new(),
                keyed_serial: hash(77),
                keyed_applicant: None,
                verified_at: NOW,
                valid_until: NOW + Duration::from_hours(24),
                status: ProofingStatus::Valid,
            };
            proofings::insert_row(tx, &proofing).map(|()| true)
        });
        assert_eq!(won.await, 1);
    })
    .await;
}

#[tokio::test]
async fn cap_62_one_login_key_is_bound_to_one_account_however_many_bring_it_at_once() {
    on_both(async |database| {
        let crowd = crowd(&database.store).await;
        // A second insert would be a fault and no refusal: `winners` would panic.
        let won = winners(&database.store, crowd, |tx, one| {
            card_turns::take(tx, [&hash(5)])?;
            if credentials::find_by_lookup(tx, CredentialKind::Card, &hash(5))?.is_some() {
                return Ok(false);
            }
            dawdle();
            let card = Credential {
                id: CredentialId(one.account.id.0),
                account: one.account.id,
                kind: CredentialKind::Card,
                lookup: hash(5),
                public: vec![],
                label: String::new(),
                created_at: NOW,
                last_used_at_lazy: None,
            };
            credentials::insert(tx, &card).map(|()| true)
        });
        assert_eq!(won.await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_and_the_closing_of_the_account_wait_for_each_other() {
    on_both(async |database| {
        let one = crowd(&database.store).await.remove(0);
        let account = one.account.id;
        let (keep, close) = (database.store.clone(), database.store.clone());
        let keeping = tokio::spawn(async move {
            keep.write(move |tx| {
                let open = accounts::hold_open(tx, account)?;
                dawdle();
                // Still open when this is written: the closing comes after the commit.
                Ok(!open || accounts::find(tx, account)?.unwrap().closed_at.is_none())
            })
            .await
            .unwrap()
        });
        let closing =
            tokio::spawn(async move { close.write(move |tx| accounts::close(tx, account, NOW)).await.unwrap() });
        assert!(keeping.await.unwrap());
        assert!(closing.await.unwrap());
        assert!(!database.store.write(move |tx| accounts::hold_open(tx, account)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn cap_14_a_second_guardian_is_never_left_with_an_erased_child() {
    on_both(async |database| {
        let mut crowd = crowd(&database.store).await;
        let (mother, father, child) = (crowd.remove(0), crowd.remove(0), crowd.remove(0).person.id);
        let relation = move |of: &City, id: u8| Relation {
            id: RelationId([id; 16]),
            account: of.account.id,
            person: child,
            kind: RelationKind::Parent,
            from: NOW,
            until: NOW + Duration::from_hours(24),
            ended_at: None,
        };
        let (hers, his) = (relation(&mother, 1), relation(&father, 2));
        let first = hers.clone();
        database.store.write(move |tx| relations::insert(tx, &first)).await.unwrap();
        let (leaving, joining) = (database.store.clone(), database.store.clone());
        let leave = tokio::spawn(async move {
            leaving
                .write(move |tx| {
                    persons::hold(tx, child)?;
                    relations::close(tx, hers.account, hers.id, NOW)?;
                    let alone = relations::find_all_to(tx, child)?.is_empty();
                    dawdle();
                    if alone { persons::mark_erased(tx, child, NOW) } else { Ok(false) }
                })
                .await
                .unwrap()
        });
        let join = tokio::spawn(async move {
            joining
                .write(move |tx| {
                    let there = persons::hold(tx, child)?;
                    dawdle();
                    if there { relations::insert(tx, &his).map(|()| true) } else { Ok(false) }
                })
                .await
                .unwrap()
        });
        let (erased, joined) = (leave.await.unwrap(), join.await.unwrap());
        assert_ne!(erased, joined, "either the child is gone, or it has a guardian");
    })
    .await;
}
