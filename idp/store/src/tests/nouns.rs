//! Each noun comes back from the tables as it went in, on both databases.

use super::on_both;
use super::samples::{NOW, city, hash};
use crate::changes::{self, Topic};
use crate::{
    access_tokens, ceilings, clients, consents, facilities, grants, interactions, organisations, outbox,
    refresh_tokens, signing_keys, staff, staff_invites, staff_passkeys, staff_sessions,
};
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::domain::client::SigningAlg;
use pass_core::domain::facility::{Ceiling, CeilingEntry, Requirement};
use pass_core::domain::interaction::{Errand, Interaction, OwnErrand, Progress};
use pass_core::domain::key::{KeyState, StoredKey};
use pass_core::domain::outbox::OutboxItem;
use pass_core::domain::staff::{Invite, Role, Staff, StaffPasskey, StaffSession};
use pass_core::domain::words::LocalText;
use pass_core::id::{KeyId, OutboxId, StaffId};
use std::time::Duration;

#[tokio::test]
async fn facilities_clients_and_ceilings() {
    on_both(async |database| {
        let city = city(1);
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            assert_eq!(organisations::find(tx, city.organisation.id)?.as_ref(), Some(&city.organisation));
            assert_eq!(organisations::find_all(tx)?, std::slice::from_ref(&city.organisation));
            assert_eq!(facilities::find(tx, city.facility.id)?.as_ref(), Some(&city.facility));
            assert_eq!(facilities::find_by_slug(tx, "library1")?.as_ref(), Some(&city.facility));
            assert_eq!(facilities::find_all(tx)?.len(), 1);
            assert_eq!(clients::find(tx, city.client.id)?.as_ref(), Some(&city.client));
            assert_eq!(clients::find_by_client_id(tx, "client1")?.as_ref(), Some(&city.client));
            assert_eq!(clients::find_by_client_id(tx, "Client1")?, None);
            assert_eq!(clients::find_all_of(tx, city.facility.id)?.len(), 1);
            assert!(clients::replace_secret(tx, city.client.id, hash(99))?);
            assert!(clients::disable(tx, city.client.id, NOW)?);
            assert!(!clients::disable(tx, city.client.id, NOW)?);
            let changed = clients::find_all(tx)?.pop().unwrap();
            assert_eq!((changed.secret, changed.disabled_at), (Some(hash(99)), Some(NOW)));
            for version in 1..=2 {
                let entry =
                    CeilingEntry { claim: Claim::NameKana, requirement: Requirement::Required, least: Acr::Aal2 };
                let ceiling = Ceiling {
                    facility: city.facility.id,
                    version,
                    purpose: LocalText::same("利用登録のため"),
                    entries: vec![entry],
                    created_at: NOW,
                };
                ceilings::insert(tx, &ceiling)?;
                assert_eq!(ceilings::find_latest(tx, city.facility.id)?.as_ref(), Some(&ceiling));
                assert_eq!(ceilings::find(tx, city.facility.id, version)?.as_ref(), Some(&ceiling));
            }
            let latest = ceilings::find_all_latest(tx)?;
            assert_eq!(latest.iter().map(|ceiling| ceiling.version).collect::<Vec<_>>(), [2]);
            assert_eq!(ceilings::find_all_of(tx, city.facility.id)?.len(), 2);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn consents_grants_and_tokens() {
    on_both(async |database| {
        let city = city(1);
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            let (person, client) = (city.person.id, city.client.id);
            assert_eq!(consents::find(tx, city.consent.id)?.as_ref(), Some(&city.consent));
            assert_eq!(consents::find_live(tx, person, client)?.as_ref(), Some(&city.consent));
            assert_eq!(grants::find(tx, city.grant.id)?.as_ref(), Some(&city.grant));
            assert_eq!(grants::find_all_live_of(tx, city.account.id)?.len(), 1);
            access_tokens::insert(tx, &city.access_token(1))?;
            let alone = pass_core::domain::grant::AccessToken { grant: None, ..city.access_token(2) };
            access_tokens::insert(tx, &alone)?;
            refresh_tokens::insert(tx, &city.refresh_token(3))?;
            assert_eq!(refresh_tokens::find(tx, &hash(3))?, Some(city.refresh_token(3)));
            let found = access_tokens::find(tx, &hash(1))?.unwrap();
            assert_eq!(found.token, city.access_token(1));
            assert_eq!((found.grant.as_ref(), found.consent.as_ref()), (Some(&city.grant), Some(&city.consent)));
            let found = access_tokens::find(tx, &hash(2))?.unwrap();
            assert_eq!((found.token, found.grant, found.consent), (alone, None, None));
            assert!(access_tokens::find(tx, &hash(4))?.is_none());
            assert!(access_tokens::revoke(tx, &hash(1), NOW)?);
            assert!(!access_tokens::revoke(tx, &hash(1), NOW)?);
            assert_eq!(consents::count_live_persons(tx, city.facility.id)?, 1);
            assert!(consents::withdraw(tx, city.consent.id, NOW)?);
            assert_eq!(consents::count_live_persons(tx, city.facility.id)?, 0);
            assert!(!consents::withdraw(tx, city.consent.id, NOW)?);
            assert_eq!(consents::find_live(tx, person, client)?, None);
            assert_eq!(consents::find_all_of(tx, person)?.len(), 1);
            assert_eq!(grants::revoke_by_consent(tx, city.consent.id, NOW)?, 1);
            assert_eq!(grants::revoke_by_account(tx, city.account.id, client, NOW)?, 0);
            assert_eq!(grants::revoke_by_session(tx, city.grant.session, NOW)?, 0);
            assert!(!grants::revoke(tx, city.grant.id, NOW)?);
            let found = access_tokens::find(tx, &hash(1))?.unwrap();
            assert_eq!(found.grant.unwrap().revoked_at, Some(NOW));
            assert_eq!(found.consent.unwrap().withdrawn_at, Some(NOW));
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn interactions_are_closed_once() {
    on_both(async |database| {
        let city = city(1);
        let request = r#"{"redirect_uri":"https://rp.example.test/cb","response_mode":"query","scopes":["openid"],
            "state":"s","nonce":null,"code_challenge":null,"prompt":["login"],"max_age":0,"acr_values":["aal2-face"],
            "claims":{},"login_hint":null,"id_token_hint_sub":null,"ui_locales":["ja"]}"#;
        let interaction = Interaction {
            hash: hash(1),
            browser: hash(2),
            errand: Errand::Authorization { client: city.client.id, request: serde_json::from_str(request).unwrap() },
            progress: Progress::default(),
            created_at: NOW,
            expires_at: NOW + Duration::from_mins(10),
        };
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            interactions::insert(tx, &interaction)?;
            assert_eq!(interactions::find(tx, &hash(1))?.as_ref(), Some(&interaction));
            let progress = Progress { step_up_declined: true, consent: Some(city.consent.id), ..Progress::default() };
            assert!(interactions::save_progress(tx, &hash(1), &progress)?);
            assert_eq!(interactions::find(tx, &hash(1))?.unwrap().progress, progress);
            let own = Errand::Own { wants: OwnErrand::Proof, back: "/me".into() };
            let own = Interaction { hash: hash(3), errand: own, ..interaction.clone() };
            interactions::insert(tx, &own)?;
            assert_eq!(interactions::find(tx, &hash(3))?, Some(own));
            assert!(interactions::close(tx, &hash(1))?);
            assert!(!interactions::close(tx, &hash(1))?);
            assert!(!interactions::save_progress(tx, &hash(1), &progress)?);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn signing_keys_have_one_current_of_each_algorithm() {
    on_both(async |database| {
        let key = |id: u8, state| StoredKey {
            id: KeyId([id; 16]),
            kid: format!("kid{id}"),
            alg: SigningAlg::ES256,
            state,
            public_jwk: "{}".into(),
            sealed_private: vec![id],
            created_at: NOW,
            retired_at: None,
        };
        let insert = |key: StoredKey| database.store.write(move |tx| signing_keys::insert(tx, &key));
        insert(key(1, KeyState::Current)).await.unwrap();
        insert(key(2, KeyState::Next)).await.unwrap();
        assert!(insert(key(3, KeyState::Current)).await.is_err());
        let unit = move |tx: &mut crate::Tx| {
            signing_keys::set_state(tx, KeyId([1; 16]), KeyState::Retired, NOW)?;
            signing_keys::set_state(tx, KeyId([2; 16]), KeyState::Current, NOW)?;
            signing_keys::find_all(tx)
        };
        let keys = database.store.write(unit).await.unwrap();
        let states: Vec<_> = keys.iter().map(|key| (key.state, key.retired_at)).collect();
        assert_eq!(states, [(KeyState::Retired, Some(NOW)), (KeyState::Current, None)]);
        let gone = |before| database.store.write(move |tx| signing_keys::purge(tx, before));
        assert_eq!(gone(NOW).await.unwrap(), 0);
        assert_eq!(gone(NOW + Duration::from_millis(1)).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn staff_and_how_they_sign_in() {
    on_both(async |database| {
        let city = city(1);
        let later = NOW + Duration::from_hours(1);
        let member = |id: u8, role| Staff {
            id: StaffId([id; 16]),
            name: "図書館 担当".into(),
            role,
            user_handle: [id; 16],
            created_at: NOW,
            closed_at: None,
        };
        let unit = move |tx: &mut crate::Tx| {
            city.insert(tx)?;
            let roles = [Role::CityAdmin, Role::FacilityAdmin(city.facility.id), Role::Receptionist(city.facility.id)];
            let members: Vec<_> = (1..).zip(roles).map(|(id, role)| member(id, role)).collect();
            members.iter().try_for_each(|member| staff::insert(tx, member))?;
            assert_eq!(staff::find_all(tx)?, members);
            assert_eq!(staff::find(tx, members[1].id)?.as_ref(), Some(&members[1]));
            assert_eq!(staff::find_by_user_handle(tx, &[3; 16])?.as_ref(), Some(&members[2]));
            let whose = members[0].id;
            let invite = Invite { hash: hash(1), staff: whose, expires_at: later, used_at: None };
            staff_invites::insert(tx, &invite)?;
            assert_eq!(staff_invites::find(tx, &hash(1))?, Some(invite));
            assert!(staff_invites::take(tx, &hash(1), NOW)?.first().is_some());
            assert!(staff_invites::take(tx, &hash(1), NOW)?.first().is_none());
            let passkey = StaffPasskey { lookup: hash(2), staff: whose, public: "{}".into(), created_at: NOW };
            staff_passkeys::insert(tx, &passkey)?;
            staff_passkeys::replace_public(tx, &hash(2), "{\"counter\":1}")?;
            assert_eq!(staff_passkeys::find(tx, &hash(2))?.unwrap().public, "{\"counter\":1}");
            assert_eq!(staff_passkeys::find_all_of(tx, whose)?.len(), 1);
            assert!(staff_passkeys::remove(tx, &hash(2))?);
            let session = StaffSession { hash: hash(3), staff: whose, expires_at: later };
            staff_sessions::insert(tx, &session)?;
            assert_eq!(staff_sessions::find_live(tx, &hash(3), NOW)?, Some(session));
            assert_eq!(staff_sessions::find_live(tx, &hash(3), later)?, None);
            assert!(staff_sessions::end(tx, &hash(3))?);
            assert_eq!(staff_sessions::end_all_of(tx, whose)?, 0);
            assert!(staff::close(tx, whose, NOW)?);
            assert!(!staff::close(tx, whose, NOW)?);
            Ok(())
        };
        database.store.write(unit).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn messages_are_claimed_by_one_and_come_back_when_not_sent() {
    on_both(async |database| {
        let claim = |now| database.store.write(move |tx| outbox::claim_due(tx, now, Duration::from_mins(1), 10));
        for id in 1..=3_u8 {
            let item = OutboxItem { id: OutboxId([id; 16]), sealed: vec![id], due_at: NOW, tries: 0, sent_at: None };
            database.store.write(move |tx| outbox::insert(tx, &item)).await.unwrap();
        }
        let (here, there) = tokio::join!(claim(NOW), claim(NOW));
        let (here, there) = (here.unwrap(), there.unwrap());
        assert_eq!(here.len() + there.len(), 3);
        assert!(here.iter().chain(&there).all(|item| item.tries == 1));
        let sent = move |tx: &mut crate::Tx| {
            outbox::mark_sent(tx, OutboxId([1; 16]), NOW)?;
            outbox::mark_failed(tx, OutboxId([2; 16]), NOW + Duration::from_hours(1))
        };
        database.store.write(sent).await.unwrap();
        let again: Vec<_> = claim(NOW + Duration::from_mins(1)).await.unwrap().iter().map(|item| item.id).collect();
        assert_eq!(again, [OutboxId([3; 16])]);
        let due = |now| database.store.read(move |tx| outbox::is_due(tx, now));
        assert!(!due(NOW).await.unwrap());
        assert!(due(NOW + Duration::from_hours(1)).await.unwrap());
        // Nineteen more tries are made, and no twenty-first.
        for day in 1..=19_u64 {
            let later = NOW + Duration::from_hours(24 * day);
            let tried = claim(later).await.unwrap();
            assert!(tried.iter().any(|item| item.id == OutboxId([2; 16])), "day {day}");
        }
        assert!(!due(NOW + Duration::from_hours(24 * 30)).await.unwrap());
        assert!(claim(NOW + Duration::from_hours(24 * 30)).await.unwrap().is_empty());
        let newest = database.store.read(|tx| outbox::find_newest(tx, 2)).await.unwrap();
        assert_eq!(newest.iter().map(|item| item.id).collect::<Vec<_>>(), [OutboxId([3; 16]), OutboxId([2; 16])]);
    })
    .await;
}

#[tokio::test]
async fn change_notices_count_up() {
    on_both(async |database| {
        assert!(database.store.read(changes::versions).await.unwrap().is_empty());
        for topic in [Topic::Clients, Topic::Keys, Topic::Clients] {
            database.store.write(move |tx| changes::bump(tx, topic)).await.unwrap();
        }
        let versions = database.store.read(changes::versions).await.unwrap();
        assert_eq!(versions.into_iter().collect::<Vec<_>>(), [("clients".to_owned(), 2), ("keys".to_owned(), 1)]);
    })
    .await;
}
