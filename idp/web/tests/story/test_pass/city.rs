//! 加賀市 with two facilities and their clients.

use super::START;
use pass_core::Entropy;
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::domain::client::{Client, ClientFlags, ClientMetadata, GrantType, SigningAlg};
use pass_core::domain::facility::{Ceiling, CeilingEntry, Facility, Organisation, Requirement};
use pass_core::domain::key::KeyState;
use pass_core::domain::words::LocalText;
use pass_core::id::{ClientId, FacilityId, OrganisationId};
use pass_core::oidc::keys::{NewKey, generate};
use pass_core::secret::Hash;
use pass_store::Store;
use pass_web::Keys;

/// The secret of every client.
pub(super) const SECRET: &str = "client-secret";

/// Writes organisation, facilities, clients and one signing key.
pub(super) async fn found(store: &Store, keys: &Keys, entropy: &dyn Entropy) {
    let key = NewKey { alg: SigningAlg::ES256, state: KeyState::Current, now: START };
    let key = generate(key, &keys.signing, entropy).unwrap();
    let organisation = Organisation {
        id: OrganisationId::new(START, entropy),
        name: LocalText::new("加賀市", "加賀市（かがし）", "Kaga City"),
        public_body: true,
    };
    let residence = [
        Claim::ResidencePrefecture,
        Claim::ResidenceCity,
        Claim::ResidenceCityCode,
        Claim::IsResident,
        Claim::ResidenceVerifiedOn,
        Claim::AgeOver18,
    ];
    let basic4 = [Claim::Name, Claim::Address, Claim::Birthdate, Claim::Gender, Claim::AgeBand];
    let library = facility(organisation.id, "library", "加賀市立図書館", entropy);
    let kosodate = facility(organisation.id, "kosodate", "子育て支援センター", entropy);
    let ceilings = [ceiling(library.id, &residence, Acr::Aal1), ceiling(kosodate.id, &basic4, Acr::Aal2)];
    let clients = [
        client("library", library.id, "openid residence age", entropy),
        client("kosodate", kosodate.id, "openid basic4 age", entropy),
    ];
    let facilities = [library, kosodate];
    store
        .write(move |tx| {
            pass_store::signing_keys::insert(tx, &key)?;
            pass_store::organisations::insert(tx, &organisation)?;
            facilities.iter().try_for_each(|one| pass_store::facilities::insert(tx, one))?;
            ceilings.iter().try_for_each(|one| pass_store::ceilings::insert(tx, one))?;
            clients.iter().try_for_each(|one| pass_store::clients::insert(tx, one))
        })
        .await
        .unwrap();
}

fn facility(organisation: OrganisationId, slug: &str, name: &str, entropy: &dyn Entropy) -> Facility {
    Facility {
        id: FacilityId::new(START, entropy),
        organisation,
        slug: slug.into(),
        name: LocalText::same(name),
        department: LocalText::default(),
        logo: slug.into(),
        municipality: "172065".into(),
        sector: format!("{slug}.kaga"),
    }
}

fn ceiling(facility: FacilityId, claims: &[Claim], least: Acr) -> Ceiling {
    let entries = claims.iter().map(|&claim| CeilingEntry { claim, requirement: Requirement::Required, least });
    let purpose = LocalText::same("利用登録");
    Ceiling { facility, version: 1, purpose, entries: entries.collect(), created_at: START }
}

/// The redirect_uri of a client.
pub(super) fn callback(client_id: &str) -> String {
    format!("http://127.0.0.1:8082/{client_id}/callback")
}

fn client(client_id: &str, facility: FacilityId, scope: &str, entropy: &dyn Entropy) -> Client {
    Client {
        id: ClientId::new(START, entropy),
        client_id: client_id.into(),
        facility,
        secret: Some(Hash::of(SECRET)),
        metadata: ClientMetadata {
            client_name: LocalText::same(client_id),
            redirect_uris: vec![callback(client_id)],
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            scope: scope.split(' ').map(str::to_string).collect(),
            id_token_signed_response_alg: SigningAlg::ES256,
            ..ClientMetadata::default()
        },
        flags: ClientFlags::default(),
        registration: None,
        created_at: START,
        disabled_at: None,
    }
}
