//! The read-mostly copy in memory: clients with their facility and ceiling, signing keys, discovery.
//!
//! It is replaced whole when a change notice arrives, so that client authentication needs no query.
//! Consents and sessions are never here: a withdrawal bites at the next call.

use crate::app::Settings;
use pass_core::Fault;
use pass_core::authn::acr::Acr;
use pass_core::claims::scopes::SCOPES;
use pass_core::domain::client::Client;
use pass_core::domain::facility::{Ceiling, Facility, Organisation};
use pass_core::id::{ClientId, FacilityId, OrganisationId};
use pass_core::oidc::discovery::{Offer, document};
use pass_core::oidc::keys::{KeyRing, Prepared};
use pass_core::seal::Key;
use pass_store::Store;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// A client with all that a request about it needs.
pub struct Party {
    /// The client.
    pub client: Client,
    /// Its facility.
    pub facility: Arc<Facility>,
    /// Who runs the facility.
    pub organisation: Arc<Organisation>,
    /// What the facility may ask for at most.
    pub ceiling: Arc<Ceiling>,
}

/// The copy.
pub struct Directory {
    parties: HashMap<String, Arc<Party>>,
    by_row: HashMap<ClientId, Arc<Party>>,
    facilities: HashMap<FacilityId, Arc<Facility>>,
    organisations: HashMap<OrganisationId, Arc<Organisation>>,
    /// Signing keys, parsed once.
    pub keys: KeyRing,
    /// Discovery documents, prepared once.
    pub discovery: Prepared,
}

impl Directory {
    /// Reads everything.
    pub async fn load(store: &Store, settings: &Settings, signing: &Key) -> Result<Self, Fault> {
        let rows = store
            .read(|tx| {
                Ok((
                    pass_store::organisations::find_all(tx)?,
                    pass_store::facilities::find_all(tx)?,
                    pass_store::ceilings::find_all_latest(tx)?,
                    pass_store::clients::find_all(tx)?,
                    pass_store::signing_keys::find_all(tx)?,
                ))
            })
            .await?;
        let (organisations, facilities, ceilings, clients, keys) = rows;
        let organisations: HashMap<_, _> = organisations.into_iter().map(|one| (one.id, Arc::new(one))).collect();
        let facilities: HashMap<_, _> = facilities.into_iter().map(|one| (one.id, Arc::new(one))).collect();
        let ceilings: HashMap<_, _> = ceilings.into_iter().map(|one| (one.facility, Arc::new(one))).collect();
        let mut parties = HashMap::new();
        let mut by_row = HashMap::new();
        for client in clients {
            let party = Arc::new(join(client, &facilities, &organisations, &ceilings)?);
            by_row.insert(party.client.id, party.clone());
            parties.insert(party.client.client_id.clone(), party);
        }
        let keys = KeyRing::build(&keys, signing)?;
        let names: Vec<&str> = SCOPES.iter().map(|scope| scope.name).collect();
        let discovery = document(&Offer {
            issuer: &settings.issuer,
            algorithms: &keys.algorithms(),
            scopes: &names,
            acr_values: &Acr::ALL.map(Acr::as_str),
            evidence: settings.evidence,
            attested: settings.attested,
        })?;
        Ok(Self { parties, by_row, facilities, organisations, keys, discovery })
    }

    /// The party of a public `client_id`.
    pub fn party(&self, client_id: &str) -> Option<&Arc<Party>> {
        self.parties.get(client_id)
    }

    /// The party of a row that another row names.
    pub fn party_of(&self, client: ClientId) -> Result<&Arc<Party>, Fault> {
        self.by_row
            .get(&client)
            .ok_or_else(|| Fault::new(format!("{client:?} is named by a row but not in the directory")))
    }

    /// All parties.
    pub fn parties(&self) -> impl Iterator<Item = &Arc<Party>> {
        self.by_row.values()
    }

    /// Whether any client is told of ended sessions.
    pub fn tells_anybody(&self) -> bool {
        self.parties().any(|party| party.client.metadata.backchannel_logout_uri.is_some())
    }

    /// Who runs a facility.
    pub fn operator(&self, facility: &Facility) -> Result<&Arc<Organisation>, Fault> {
        let missing = || Fault::new(format!("{:?} has no organisation", facility.id));
        self.organisations.get(&facility.organisation).ok_or_else(missing)
    }

    /// All facilities.
    pub fn facilities(&self) -> impl Iterator<Item = &Arc<Facility>> {
        self.facilities.values()
    }
}

fn join(
    client: Client,
    facilities: &HashMap<FacilityId, Arc<Facility>>,
    organisations: &HashMap<OrganisationId, Arc<Organisation>>,
    ceilings: &HashMap<FacilityId, Arc<Ceiling>>,
) -> Result<Party, Fault> {
    let missing = |what: &str| Fault::new(format!("{:?} has no {what}", client.id));
    let facility = facilities.get(&client.facility).ok_or_else(|| missing("facility"))?.clone();
    let organisation = organisations.get(&facility.organisation).ok_or_else(|| missing("organisation"))?.clone();
    let ceiling = ceilings.get(&client.facility).ok_or_else(|| missing("ceiling"))?.clone();
    Ok(Party { client, facility, organisation, ceiling })
}

/// The place of the copy.
pub struct DirectoryCell {
    copy: RwLock<Arc<Directory>>,
    turn: tokio::sync::Mutex<()>,
}

impl DirectoryCell {
    /// Begins with a copy.
    pub fn new(directory: Directory) -> Self {
        Self { copy: RwLock::new(Arc::new(directory)), turn: tokio::sync::Mutex::default() }
    }

    /// The newest copy.
    pub fn current(&self) -> Arc<Directory> {
        self.copy.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Reads everything again. One at a time: a reading that began before another's change must not replace one that knows it.
    pub async fn reload(&self, store: &Store, settings: &Settings, signing: &Key) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        let fresh = Directory::load(store, settings, signing).await?;
        *self.copy.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }
}
