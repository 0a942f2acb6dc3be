//! Storage stays flat under steady load.

use super::samples::{NOW, city, hash};
use super::{on_both, reception};
use crate::retention::{Periods, RETENTION, purge, totals};
use crate::testing::Seeded;
use crate::{
    Tx, access_tokens, codes, consents, grants, mail_codes, outbox, pairing_codes, reception_events, refresh_tokens,
    replays, sessions, staff_calls, terminals,
};
use pass_core::Time;
use pass_core::domain::account::MailCode;
use pass_core::domain::consent::Consent;
use pass_core::domain::grant::{AccessToken, Code, Grant, RefreshToken};
use pass_core::domain::outbox::OutboxItem;
use pass_core::domain::session::{AuthenticationEvent, Method, Session};
use pass_core::fault::Outcome;
use pass_core::id::{ConsentId, EventId, GrantId, OutboxId, SessionId};
use std::collections::BTreeMap;
use std::time::Duration;

/// One sign-in with everything that hangs on it.
fn sign_in(tx: &mut Tx, city: &super::samples::City, day: u64, now: Time) -> Outcome<()> {
    let entropy = Seeded::new(day + 1000);
    let session = SessionId::new(now, &entropy);
    let event = AuthenticationEvent { id: EventId::new(now, &entropy), session, method: Method::Passkey, at: now };
    let later = |hours| now + Duration::from_hours(hours);
    let cookie = hash(day * 10);
    let account = city.account.id;
    sessions::insert(
        tx,
        &Session {
            id: session,
            cookie,
            account,
            created_at: now,
            expires_at: later(8),
            ended_at: None,
            events: vec![event],
        },
    )?;
    let consent = Consent { id: ConsentId::new(now, &entropy), session, given_at: now, ..city.consent.clone() };
    let grant =
        Grant { id: GrantId::new(now, &entropy), consent: consent.id, session, created_at: now, ..city.grant.clone() };
    consents::insert(tx, &consent)?;
    grants::insert(tx, &grant)?;
    codes::insert(tx, &Code { grant: grant.id, expires_at: later(0), ..city.code(day * 10 + 1) })?;
    access_tokens::insert(
        tx,
        &AccessToken { grant: Some(grant.id), issued_at: now, expires_at: later(1), ..city.access_token(day * 10 + 2) },
    )?;
    refresh_tokens::insert(
        tx,
        &RefreshToken { grant: grant.id, issued_at: now, expires_at: later(720), ..city.refresh_token(day * 10 + 3) },
    )?;
    replays::remember(tx, &hash(day * 10 + 4), later(1))?;
    let mail =
        OutboxItem { id: OutboxId::new(now, &entropy), sealed: vec![1], due_at: now, tries: 1, sent_at: Some(now) };
    outbox::insert(tx, &mail)?;
    mail_codes::insert(
        tx,
        &MailCode {
            hash: hash(day * 10 + 5),
            address: hash(1),
            sealed_address: vec![],
            code: hash(2),
            account: None,
            tries: 0,
            created_at: now,
            expires_at: later(1),
            used_at: None,
        },
    )
}

/// One day at a reception: a device is paired, somebody comes, somebody needs help.
fn reception(tx: &mut Tx, city: &super::samples::City, day: u64, now: Time) -> Outcome<()> {
    pairing_codes::insert(tx, &reception::code(city, day * 10 + 6, now))?;
    reception_events::insert(tx, &reception::visit(city, day + 2000, now))?;
    staff_calls::insert(tx, &reception::call(city, day + 3000, now))
}

#[tokio::test]
async fn a_simulated_life_leaves_storage_flat() {
    on_both(async |database| {
        let sample = city(1);
        let insert = sample.clone();
        let rows = move |tx: &mut Tx| {
            insert.insert(tx)?;
            terminals::insert(tx, &reception::terminal(&insert, 7))
        };
        database.store.write(rows).await.unwrap();
        // Consents and visits are kept for forty days here, so that a hundred days show them ending too.
        let days = Duration::from_hours(24 * 40);
        let periods = Periods { consent: days, reception: days, ..Periods::default() };
        let mut at = BTreeMap::new();
        for day in 0..=140_u64 {
            let (sample, now) = (sample.clone(), NOW + Duration::from_hours(24 * day));
            let rows = database
                .store
                .write(move |tx| {
                    sign_in(tx, &sample, day, now)?;
                    reception(tx, &sample, day, now)?;
                    while purge(tx, now, &periods, 50)?.iter().any(|(_, removed)| *removed == 50) {}
                    totals(tx)
                })
                .await
                .unwrap();
            at.insert(day, rows);
        }
        assert_eq!(at[&100], at[&140]);
        let rows: BTreeMap<_, _> = at[&140].iter().copied().collect();
        for (table, between) in [
            ("grants", 30..=36),
            ("refresh_tokens", 30..=33),
            ("consents", 38..=44),
            ("sessions", 1..=3),
            ("reception_events", 40..=41),
            ("staff_calls", 30..=31),
            ("pairing_codes", 1..=3),
        ] {
            assert!(between.contains(&rows[table]), "{table}: {}", rows[table]);
        }
        assert_eq!(rows["sessions"], rows["authentication_events"]);
        assert_eq!(rows.len(), RETENTION.len());
    })
    .await;
}
