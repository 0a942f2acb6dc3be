//! Accounts, persons, their keys and records, sessions, proofings, faces.

use super::on_both;
use super::samples::{NOW, city, hash};
use crate::testing::TestDatabase;
use crate::{
    Config, accounts, card_tickets, credentials, declared_records, face_attempts, face_templates, person_keys, persons,
    proofings, sealed_records, sessions,
};
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::domain::face::StoredTemplate;
use pass_core::domain::proofing::{CardTicket, Check, Proofing, ProofingMethod, ProofingStatus};
use pass_core::domain::session::{AuthenticationEvent, Method, Session};
use pass_core::domain::words::Language;
use pass_core::id::{CredentialId, EventId, PersonId, ProofingId, SessionId};
use std::time::Duration;

#[tokio::test]
async fn accounts_and_credentials() {
    on_both(async |database| {
        let city = city(1);
        let credential = Credential {
            id: CredentialId([1; 16]),
            account: city.account.id,
            kind: CredentialKind::Mail,
            lookup: hash(1),
            public: vec![1],
            label: "自宅".into(),
            created_at: NOW,
            last_used_at_lazy: None,
        };
        let (account, twin) = (city.account.clone(), Credential { id: CredentialId([2; 16]), ..credential.clone() });
        let unit = move |tx: &mut crate::Tx| {
            city.insert_person(tx)?;
            assert_eq!(accounts::find(tx, account.id)?.as_ref(), Some(&account));
            assert_eq!(accounts::find_by_user_handle(tx, &account.user_handle)?.as_ref(), Some(&account));
            assert_eq!(accounts::find_by_person(tx, account.person)?.as_ref(), Some(&account));
            credentials::insert(tx, &credential)?;
            credentials::replace_public(tx, credential.id, &[2])?;
            assert_eq!(credentials::find(tx, credential.id)?.unwrap().public, [2]);
            assert!(credentials::find_by_lookup(tx, CredentialKind::Mail, &hash(1))?.is_some());
            assert!(credentials::find_by_lookup(tx, CredentialKind::Card, &hash(1))?.is_none());
            Ok(account.id)
        };
        let account = database.store.write(unit).await.unwrap();
        assert!(database.store.write(move |tx| credentials::insert(tx, &twin)).await.is_err(), "one mail, one account");
        database.store.lazy(move |tx| accounts::set_language_lazy(tx, account, Language::En));
        database.store.lazy(|tx| credentials::set_last_used_lazy(tx, CredentialId([1; 16]), NOW));
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert_eq!(database.store.stats().lazy, 2, "written without a commit to travel with");
        let unit = move |tx: &mut crate::Tx| {
            assert_eq!(accounts::find(tx, account)?.unwrap().language, Language::En);
            assert_eq!(credentials::find_all_of(tx, account)?[0].last_used_at_lazy, Some(NOW));
            assert!(!credentials::remove(tx, pass_core::id::AccountId([9; 16]), CredentialId([1; 16]))?);
            assert!(credentials::remove(tx, account, CredentialId([1; 16]))?);
            assert!(accounts::close(tx, account, NOW)?);
            assert!(!accounts::close(tx, account, NOW)?);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn sessions_carry_their_events() {
    on_both(async |database| {
        let city = city(1);
        let event = |session: SessionId, id: u8, method| AuthenticationEvent {
            id: EventId([id; 16]),
            session,
            method,
            at: NOW,
        };
        let session = |id: u8, events| Session {
            id: SessionId([id; 16]),
            cookie: hash(id.into()),
            account: city.account.id,
            created_at: NOW,
            expires_at: NOW + Duration::from_hours(8),
            ended_at: None,
            events,
        };
        let (first, second) = (SessionId([1; 16]), SessionId([2; 16]));
        let one = session(1, vec![event(first, 1, Method::MailCode), event(first, 2, Method::Passkey)]);
        let two = session(2, vec![event(second, 3, Method::Test)]);
        let city = city.clone();
        let unit = move |tx: &mut crate::Tx| {
            let mut one = one.clone();
            city.insert_person(tx)?;
            sessions::insert(tx, &one)?;
            sessions::insert(tx, &two)?;
            sessions::insert(tx, &Session { expires_at: NOW, ..session_without_events(&two) })?;
            let step_up = event(first, 4, Method::Face);
            sessions::add_event(tx, &step_up)?;
            one.events.push(step_up);
            assert_eq!(sessions::find_live(tx, &hash(1), NOW)?.as_ref(), Some(&one));
            assert_eq!(sessions::find_live(tx, &hash(1), one.expires_at)?, None);
            assert_eq!(sessions::find_all_live_of(tx, city.account.id, NOW)?, [one.clone(), two.clone()]);
            // A new secret: the old one is dead at once, and only its holder can replace it.
            assert!(sessions::replace_cookie(tx, two.id, &hash(2), &hash(12), NOW)?);
            assert!(!sessions::replace_cookie(tx, two.id, &hash(2), &hash(13), NOW)?);
            assert!(!sessions::replace_cookie(tx, two.id, &hash(12), &hash(13), two.expires_at)?);
            assert_eq!(sessions::find_live(tx, &hash(2), NOW)?, None);
            assert_eq!(sessions::find_live(tx, &hash(12), NOW)?.map(|found| found.id), Some(two.id));
            // A living one is extended, never shortened; one that has ended stays so.
            let (later, end) = (one.expires_at + Duration::from_mins(30), one.expires_at);
            sessions::extend_lazy(tx, one.id, NOW, later)?;
            assert_eq!(sessions::find(tx, one.id)?.unwrap().expires_at, later);
            sessions::extend_lazy(tx, one.id, NOW, end)?;
            assert_eq!(sessions::find(tx, one.id)?.unwrap().expires_at, later);
            sessions::extend_lazy(tx, two.id, end, later)?;
            assert_eq!(sessions::find_live(tx, &hash(12), end)?, None);
            assert!(sessions::end(tx, one.id, NOW)?);
            sessions::extend_lazy(tx, one.id, NOW, later + Duration::from_mins(30))?;
            assert_eq!(sessions::find(tx, one.id)?.unwrap().expires_at, later);
            assert!(!sessions::end(tx, one.id, NOW)?);
            assert!(!sessions::replace_cookie(tx, one.id, &hash(1), &hash(11), NOW)?);
            assert_eq!(sessions::find_live(tx, &hash(1), NOW)?, None);
            assert_eq!(sessions::find(tx, one.id)?.unwrap().ended_at, Some(NOW));
            assert_eq!(sessions::end_all_of(tx, city.account.id, NOW)?, 2);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

fn session_without_events(like: &Session) -> Session {
    Session { id: SessionId([3; 16]), cookie: hash(3), events: vec![], ..like.clone() }
}

#[tokio::test]
async fn erasing_a_key_reaches_the_second_store_alone() {
    on_both(async |database| {
        let city = city(1);
        let person = city.person.id;
        let orphan = PersonId([9; 16]);
        let wrapped = [0xA7, 0x5C].repeat(30);
        let key = wrapped.clone();
        let insert = move |keys: &mut crate::KeysTx<'_>| {
            person_keys::insert(keys, person, &key, NOW)?;
            person_keys::insert(keys, orphan, &[7; 60], NOW)
        };
        database.store.write_keys(insert).await.unwrap();
        let unit = move |tx: &mut crate::Tx| {
            city.insert_person(tx)?;
            // A write reads the key of the second store in its own transaction.
            assert_eq!(person_keys::find(tx, person)?.map(|wrapped| wrapped.len()), Some(60));
            sealed_records::put(tx, person, &[1], NOW)?;
            sealed_records::put(tx, person, &[2], NOW)?;
            declared_records::put(tx, person, &[3], NOW)?;
            assert_eq!(sealed_records::find(tx, person)?, Some(vec![2]));
            assert_eq!(declared_records::find(tx, person)?, Some(vec![3]));
            assert_eq!(persons::find(tx, person)?.as_ref(), Some(&city.person));
            Ok(())
        };
        database.store.write(unit).await.unwrap();
        let later = NOW + Duration::from_hours(1);
        let orphans = |before| database.store.read(move |tx| person_keys::find_orphans(tx, before, 10));
        assert_eq!(orphans(NOW).await.unwrap(), [], "a person may still be on the way");
        assert_eq!(orphans(later).await.unwrap(), [orphan]);
        assert_ne!(on_disk(database, &wrapped), Some(false));
        assert!(database.store.write_keys(move |keys| person_keys::erase(keys, person)).await.unwrap());
        assert_ne!(on_disk(database, &wrapped), Some(true), "neither the file nor its log keeps an erased key");
        assert!(!database.store.write_keys(move |keys| person_keys::erase(keys, person)).await.unwrap());
        assert!(database.store.write(move |tx| persons::mark_erased(tx, person, NOW)).await.unwrap());
        assert_eq!(database.store.read_now(move |tx| person_keys::find(tx, person)).await.unwrap(), None);
    })
    .await;
}

/// Whether a value lies in any file of the two SQLite stores, logs included.
fn on_disk(database: &TestDatabase, value: &[u8]) -> Option<bool> {
    let Config::Sqlite { keys_path, .. } = &database.config else { return None };
    let mut files = std::fs::read_dir(keys_path.parent().unwrap()).unwrap();
    Some(files.any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(value.len()).any(|window| window == value)
    }))
}

#[tokio::test]
async fn the_main_store_cannot_write_keys_and_both_are_written_at_once() {
    on_both(async |database| {
        let mut together = tokio::task::JoinSet::new();
        for n in 0..40_u8 {
            let store = database.store.clone();
            together.spawn(async move {
                let city = city(u64::from(n) + 1);
                let person = city.person.id;
                store.write_keys(move |keys| person_keys::insert(keys, person, &[n], NOW)).await.unwrap();
                // The key was acknowledged, so the closure that follows must see it.
                store
                    .write(move |tx| {
                        city.insert_person(tx)?;
                        person_keys::find(tx, person)
                    })
                    .await
                    .unwrap()
                    .is_some()
            });
        }
        assert_eq!(together.join_all().await, [true; 40]);
        if database.name == "sqlite" {
            let erase = |tx: &mut crate::Tx| person_keys::erase(&mut crate::KeysTx(tx), PersonId([0; 16]));
            assert!(database.store.write(erase).await.is_err());
        }
    })
    .await;
}

fn proofing(person: PersonId, id: u8) -> Proofing {
    Proofing {
        id: ProofingId([id; 16]),
        person,
        method: ProofingMethod::SignCertificate,
        checks: vec![Check {
            what: "revocation".into(),
            result: "ok".into(),
            as_of: Some(NOW),
            by: Some("crl".into()),
        }],
        keyed_serial: hash(5),
        keyed_applicant: (id == 2).then(|| hash(8)),
        verified_at: NOW + Duration::from_secs(id.into()),
        valid_until: NOW + Duration::from_hours(24),
        status: ProofingStatus::Valid,
    }
}

#[tokio::test]
async fn cap_05_a_proofing_supersedes_the_older_and_overwrites_none() {
    on_both(async |database| {
        let city = city(1);
        let person = city.person.id;
        let unit = move |tx: &mut crate::Tx| {
            city.insert_person(tx)?;
            let (old, new) = (proofing(person, 1), proofing(person, 2));
            proofings::insert_row(tx, &old)?;
            assert_eq!(proofings::find_current(tx, person)?.as_ref(), Some(&old));
            proofings::insert_row(tx, &new)?;
            assert_eq!(proofings::find_current(tx, person)?.as_ref(), Some(&new));
            assert_eq!(proofings::find(tx, old.id)?.unwrap().status, ProofingStatus::Superseded);
            let all: Vec<_> = proofings::find_all_of(tx, person)?.into_iter().map(|proofing| proofing.id).collect();
            assert_eq!(all, [new.id, old.id]);
            assert_eq!(proofings::find_by_serial(tx, &hash(5))?.len(), 2);
            assert_eq!(proofings::find_by_applicant(tx, &hash(8))?.len(), 1);
            let second = Duration::from_secs(1);
            assert_eq!(proofings::find_lapsed(tx, new.valid_until, 10)?.len(), 0, "its last second");
            assert_eq!(proofings::find_lapsed(tx, new.valid_until + second, 10)?.len(), 1);
            assert!(proofings::pass(tx, new.id, ProofingStatus::Valid, ProofingStatus::Stale)?);
            assert!(!proofings::pass(tx, new.id, ProofingStatus::Valid, ProofingStatus::Stale)?);
            assert_eq!(proofings::find_lapsed(tx, new.valid_until + second, 10)?.len(), 0);
            assert_eq!(proofings::find_current(tx, person)?.unwrap().status, ProofingStatus::Stale);
            assert_eq!(proofings::find_standing(tx, &[hash(6)])?.len(), 0, "another certificate");
            let standing = proofings::find_standing(tx, &[hash(6), new.keyed_serial])?;
            assert_eq!(standing.len(), 1, "the older one is superseded already");
            assert!(proofings::pass(tx, new.id, ProofingStatus::Stale, ProofingStatus::Revoked)?);
            assert_eq!(proofings::find_current(tx, person)?.unwrap().status, ProofingStatus::Revoked);
            crate::persons::mark_erased(tx, person, NOW)?;
            assert_eq!(proofings::find_by_serial(tx, &hash(5))?.len(), 0, "nobody is left whose card it was");
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn card_tickets_are_taken_once_and_keep_their_outcome() {
    on_both(async |database| {
        let city = city(1);
        let unit = move |tx: &mut crate::Tx| {
            city.insert_person(tx)?;
            let ticket = CardTicket {
                hash: hash(1),
                browser: hash(2),
                interaction: Some(hash(3)),
                account: None,
                statement: "{}".into(),
                expires_at: NOW + Duration::from_mins(5),
                used_at: None,
                outcome: None,
                sealed_proof: None,
                completion: None,
            };
            card_tickets::insert(tx, &ticket)?;
            let taken = card_tickets::take(tx, &hash(1), NOW)?.first().unwrap();
            assert_eq!((taken.browser, taken.interaction), (hash(2), Some(hash(3))));
            assert!(card_tickets::take(tx, &hash(1), NOW)?.first().is_none());
            let came = card_tickets::Came {
                outcome: "verified",
                account: Some(city.account.id),
                sealed_proof: Some(&[1, 2]),
                completion: hash(4),
            };
            assert!(card_tickets::set_outcome(tx, &hash(1), &came)?);
            assert!(!card_tickets::set_outcome(tx, &hash(1), &came)?, "what came first stays");
            let found = card_tickets::find(tx, &hash(1))?.unwrap();
            assert_eq!((found.used_at, found.outcome.as_deref()), (Some(NOW), Some("verified")));
            assert_eq!(found.sealed_proof.as_deref(), Some(&[1, 2][..]));
            assert_eq!((found.completion, found.account), (Some(hash(4)), Some(city.account.id)));
            assert!(!card_tickets::arrive(tx, &hash(1), &hash(5))?);
            assert!(card_tickets::arrive(tx, &hash(1), &hash(4))?);
            assert!(!card_tickets::arrive(tx, &hash(1), &hash(4))?);
            // It ends once, and says why as long as it is there; the proof is gone.
            assert!(card_tickets::end(tx, &hash(1), "other_browser", NOW)?);
            assert!(!card_tickets::end(tx, &hash(1), "done", NOW)?);
            let ended = card_tickets::find(tx, &hash(1))?.unwrap();
            assert_eq!((ended.refusal(), ended.sealed_proof.as_deref()), (Some("other_browser"), None));
            // One that the agent never answered is answered no more.
            card_tickets::insert(tx, &CardTicket { hash: hash(6), ..ticket.clone() })?;
            assert!(card_tickets::end(tx, &hash(6), "done", NOW)?);
            assert!(card_tickets::take(tx, &hash(6), NOW)?.first().is_none());
            assert_eq!(card_tickets::find(tx, &hash(6))?.unwrap().refusal(), None);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

const LIMIT: face_attempts::Limit = face_attempts::Limit { free: 5, delay: Duration::from_secs(30), last: 50 };

#[tokio::test]
async fn faces_and_their_failures() {
    on_both(async |database| {
        let city = city(1);
        let person = city.person.id;
        let insert = city.clone();
        database.store.write(move |tx| insert.insert_person(tx)).await.unwrap();
        let mut failures = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let store = database.store.clone();
            failures.spawn(async move { store.write(move |tx| face_attempts::begin(tx, person, LIMIT, NOW)).await });
        }
        let mut counted: Vec<_> = failures
            .join_all()
            .await
            .into_iter()
            .filter_map(|count| count.unwrap())
            .map(|count| count.failures)
            .collect();
        counted.sort_unstable();
        assert_eq!(counted, (1..=5).collect::<Vec<_>>(), "of twenty side by side five are free");
        let later = |seconds: u64| NOW + Duration::from_secs(seconds);
        let waits = move |tx: &mut crate::Tx| {
            assert!(face_attempts::begin(tx, person, LIMIT, later(29))?.is_none());
            let before = face_attempts::find(tx, person)?;
            let sixth = face_attempts::begin(tx, person, LIMIT, later(30))?.unwrap();
            assert_eq!(sixth.failures, 6);
            // A picture that could not be compared costs neither a try nor a wait.
            face_attempts::take_back(tx, person, later(30), before)?;
            assert_eq!(face_attempts::find(tx, person)?, before);
            for at in 1..=45 {
                assert!(face_attempts::begin(tx, person, LIMIT, later(30 * at))?.is_some(), "{at}");
                assert!(face_attempts::begin(tx, person, LIMIT, later(30 * at + 29))?.is_none(), "{at}");
            }
            assert!(face_attempts::begin(tx, person, LIMIT, later(1_000_000))?.is_none(), "fifty are the end");
            assert!(face_attempts::keep(tx, person, NOW)?.off());
            // A match beside it took the count away: the failure is counted all the same.
            face_attempts::reset(tx, person)?;
            assert_eq!(face_attempts::keep(tx, person, NOW)?.failures, 1);
            Ok(())
        };
        database.store.write(waits).await.unwrap();
        let unit = move |tx: &mut crate::Tx| {
            assert_eq!(face_attempts::find(tx, person)?.last_failure_at, Some(NOW));
            face_attempts::reset(tx, person)?;
            assert_eq!(face_attempts::find(tx, person)?.failures, 0);
            let mut template = StoredTemplate {
                person,
                proofing: None,
                sealed: vec![1],
                model: "sface".into(),
                threshold_set: "demo".into(),
                consent_version: 1,
                consented_at: NOW,
                created_at: NOW,
                expires_at: NOW + Duration::from_hours(24),
            };
            face_templates::put(tx, &template)?;
            template.sealed = vec![2];
            face_templates::put(tx, &template)?;
            assert!(face_templates::find(tx, person)?.as_ref() == Some(&template));
            assert!(face_templates::remove(tx, person)?);
            assert!(!face_templates::remove(tx, person)?);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}
