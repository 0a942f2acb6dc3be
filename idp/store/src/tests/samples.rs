//! A small city to test with: one row of each noun that others hang on.

use crate::testing::Seeded;
use crate::{Tx, accounts, clients, consents, facilities, grants, organisations, persons};
use pass_core::Time;
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::domain::account::Account;
use pass_core::domain::client::{Client, ClientFlags, ClientMetadata, GrantType, SigningAlg};
use pass_core::domain::consent::Consent;
use pass_core::domain::facility::{Facility, Organisation};
use pass_core::domain::grant::{AccessToken, Code, Grant, RefreshToken};
use pass_core::domain::person::Person;
use pass_core::domain::words::{Language, LocalText};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, ClientId, ConsentId, FacilityId, GrantId, OrganisationId, PersonId, SessionId};
use pass_core::secret::Hash;
use std::time::Duration;

pub(super) const NOW: Time = Time(1_793_890_800_000);

#[derive(Clone)]
pub(super) struct City {
    pub(super) organisation: Organisation,
    pub(super) facility: Facility,
    pub(super) client: Client,
    pub(super) person: Person,
    pub(super) account: Account,
    pub(super) consent: Consent,
    pub(super) grant: Grant,
}

pub(super) fn hash(of: u64) -> Hash {
    Hash::of(&of.to_string())
}

pub(super) fn city(seed: u64) -> City {
    let entropy = Seeded::new(seed);
    let organisation = Organisation {
        id: OrganisationId::new(NOW, &entropy),
        name: LocalText::new("加賀市", "加賀市（かがし）", "Kaga City"),
        public_body: true,
    };
    let facility = Facility {
        id: FacilityId::new(NOW, &entropy),
        organisation: organisation.id,
        slug: format!("library{seed}"),
        name: LocalText::same("加賀市立図書館"),
        department: LocalText::same("図書館 利用登録"),
        logo: "library".into(),
        municipality: "172065".into(),
        sector: format!("library{seed}.example"),
    };
    let client = Client {
        id: ClientId::new(NOW, &entropy),
        client_id: format!("client{seed}"),
        facility: facility.id,
        secret: Some(hash(seed)),
        metadata: metadata(),
        flags: ClientFlags { minimum_acr: Some(Acr::Aal2), ..ClientFlags::default() },
        registration: None,
        created_at: NOW,
        disabled_at: None,
    };
    let person = Person { id: PersonId::new(NOW, &entropy), created_at: NOW, erased_at: None };
    let account = Account {
        id: AccountId::new(NOW, &entropy),
        person: person.id,
        user_handle: PersonId::new(NOW, &entropy).0,
        language: Language::Easy,
        created_at: NOW,
        closed_at: None,
    };
    let consent = Consent {
        id: ConsentId::new(NOW, &entropy),
        person: person.id,
        account: account.id,
        client: client.id,
        facility: facility.id,
        scopes: vec!["age".into(), "openid".into()],
        claims: vec![Claim::AgeOver18, Claim::NameKana],
        declined: vec![],
        values: hash(seed + 1),
        ceiling_version: 1,
        session: SessionId::new(NOW, &entropy),
        remembered_until: None,
        given_at: NOW,
        withdrawn_at: None,
    };
    let grant = Grant {
        id: GrantId::new(NOW, &entropy),
        person: person.id,
        account: account.id,
        client: client.id,
        consent: consent.id,
        session: consent.session,
        scopes: vec!["age".into(), "openid".into()],
        claims: serde_json::from_str(r#"{"userinfo":{"age_over_18":{"essential":true},"x":null}}"#).unwrap(),
        acr: Acr::Aal2Face,
        amr: vec!["face".into(), "user".into()],
        auth_time: NOW,
        auth_time_asked: true,
        created_at: NOW,
        revoked_at: None,
    };
    City { organisation, facility, client, person, account, consent, grant }
}

fn metadata() -> ClientMetadata {
    ClientMetadata {
        client_name: LocalText::same("利用登録"),
        redirect_uris: vec!["https://rp.example.test/cb".into()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scope: vec!["openid".into(), "age".into()],
        jwks: Some(serde_json::json!({"keys": []})),
        id_token_signed_response_alg: SigningAlg::ES256,
        default_max_age: Some(60),
        ..ClientMetadata::default()
    }
}

impl City {
    pub(super) fn insert(&self, tx: &mut Tx) -> Outcome<()> {
        organisations::insert(tx, &self.organisation)?;
        facilities::insert(tx, &self.facility)?;
        clients::insert(tx, &self.client)?;
        self.insert_person(tx)?;
        consents::insert(tx, &self.consent)?;
        grants::insert(tx, &self.grant)
    }

    pub(super) fn insert_person(&self, tx: &mut Tx) -> Outcome<()> {
        persons::insert(tx, &self.person)?;
        accounts::insert(tx, &self.account)
    }

    pub(super) fn code(&self, of: u64) -> Code {
        Code {
            hash: hash(of),
            grant: self.grant.id,
            redirect_uri: "https://rp.example.test/cb".into(),
            code_challenge: None,
            nonce: Some("n".into()),
            expires_at: NOW + Duration::from_secs(60),
            used_at: None,
        }
    }

    pub(super) fn access_token(&self, of: u64) -> AccessToken {
        AccessToken {
            hash: hash(of),
            grant: Some(self.grant.id),
            client: self.client.id,
            scopes: vec!["openid".into()],
            front_channel: true,
            issued_at: NOW,
            expires_at: NOW + Duration::from_hours(1),
            revoked_at: None,
        }
    }

    pub(super) fn refresh_token(&self, of: u64) -> RefreshToken {
        RefreshToken {
            hash: hash(of),
            grant: self.grant.id,
            generation: 1,
            issued_at: NOW,
            expires_at: NOW + Duration::from_hours(720),
            used_at: None,
        }
    }
}
