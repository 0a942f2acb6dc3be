//! Copies of faces at facilities: what a gallery reads, and what ends them.

use super::on_both;
use super::samples::{NOW, city};
use crate::retention::{Periods, purge};
use crate::{Tx, changes, face_copies, face_epochs, face_templates, person_keys};
use pass_core::domain::face::{FaceCopy, StoredTemplate};
use pass_core::id::{FacilityId, PersonId};
use std::time::Duration;

fn master(person: PersonId) -> StoredTemplate {
    StoredTemplate {
        person,
        proofing: None,
        sealed: vec![1],
        model: "m".into(),
        threshold_set: "t".into(),
        consent_version: 1,
        consented_at: NOW,
        created_at: NOW,
        expires_at: NOW + Duration::from_hours(24),
    }
}

fn copy(person: PersonId, facility: FacilityId, epoch: i32) -> FaceCopy {
    FaceCopy {
        person,
        facility,
        epoch,
        model: "m".into(),
        sealed: vec![2],
        created_at: NOW,
        expires_at: NOW + Duration::from_hours(24),
    }
}

fn notices(tx: &mut Tx) -> i64 {
    changes::versions(tx).unwrap().get("faces").copied().unwrap_or_default()
}

#[tokio::test]
async fn a_gallery_reads_what_changed_and_who_is_left() {
    on_both(async |database| {
        let sample = city(1);
        let (person, facility) = (sample.person.id, sample.facility.id);
        let insert = sample.clone();
        database.store.write(move |tx| insert.insert(tx)).await.unwrap();
        database.store.write_keys(move |keys| person_keys::insert(keys, person, &[9; 32], NOW)).await.unwrap();
        let unit = move |tx: &mut Tx| {
            // No copy without a master, none of another model, none of an epoch that is over.
            assert!(!face_copies::insert(tx, &copy(person, facility, 1))?);
            face_templates::put(tx, &master(person))?;
            assert!(!face_copies::insert(tx, &FaceCopy { model: "n".into(), ..copy(person, facility, 1) })?);
            assert!(face_copies::insert(tx, &copy(person, facility, 1))?);
            let first = face_epochs::find(tx, facility)?;
            let told = notices(tx);
            let rows = face_copies::of_facility(tx, facility, 1, 0, 10)?;
            assert!(rows.len() == 1 && rows[0].copy == copy(person, facility, 1) && rows[0].key == [9; 32]);
            assert_eq!(rows[0].version, first.version);
            assert!(face_copies::of_facility(tx, facility, 1, first.version, 10)?.is_empty());
            assert_eq!(face_copies::persons_of(tx, facility, 1)?, [person]);
            // A new epoch leaves the old copies behind until they are made anew.
            let second = face_epochs::renew(tx, facility)?;
            assert_eq!(second.epoch, 2);
            assert!(face_copies::persons_of(tx, facility, 2)?.is_empty());
            assert_eq!(face_copies::find_old(tx, facility, 2, 10)?, [person]);
            assert!(!face_copies::insert(tx, &copy(person, facility, 1))?, "an old copy comes in no more");
            assert!(face_copies::insert(tx, &copy(person, facility, 2))?);
            assert!(face_copies::find_old(tx, facility, 2, 10)?.is_empty());
            // With the master all copies go, and whoever holds a gallery is told.
            let before = notices(tx);
            assert!(before > told);
            assert!(face_templates::remove(tx, person)?);
            assert!(face_copies::find(tx, person, facility)?.is_none());
            assert!(notices(tx) > before && face_epochs::find(tx, facility)?.version > second.version);
            assert!(!face_copies::remove(tx, person, facility)?);
            // The purge of a master takes its copies along.
            face_templates::put(tx, &master(person))?;
            assert!(face_copies::insert(tx, &copy(person, facility, 2))?);
            purge(tx, NOW + Duration::from_hours(30), &Periods::default(), 10)?;
            assert!(face_copies::find_all_of(tx, person)?.is_empty());
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn whoever_has_no_key_is_in_no_gallery() {
    on_both(async |database| {
        let sample = city(2);
        let (person, facility) = (sample.person.id, sample.facility.id);
        let insert = sample.clone();
        database.store.write(move |tx| insert.insert(tx)).await.unwrap();
        database.store.write_keys(move |keys| person_keys::insert(keys, person, &[9; 32], NOW)).await.unwrap();
        let unit = move |tx: &mut Tx| {
            face_templates::put(tx, &master(person))?;
            face_copies::insert(tx, &copy(person, facility, 1))
        };
        assert!(database.store.write(unit).await.unwrap());
        database.store.write_keys(move |keys| person_keys::erase(keys, person)).await.unwrap();
        let left = database
            .store
            .read_now(move |tx| {
                Ok((
                    face_copies::of_facility(tx, facility, 1, 0, 10)?.len(),
                    face_copies::persons_of(tx, facility, 1)?.len(),
                ))
            })
            .await
            .unwrap();
        assert_eq!(left, (0, 0));
    })
    .await;
}
