//! A new proofing may change what facilities receive. Nobody agreed to hand the new values over, so that the grants which would
//! give them end, and the facility asks anew: the consent page then shows what has changed (`covers` compares the values).

use crate::app::App;
use crate::directory::Directory;
use crate::people::Resident;
use pass_core::claims::release::{Agreement, ReleaseInput, release};
use pass_core::claims::scopes::Place;
use pass_core::domain::consent::Consent;
use pass_core::domain::grant::{Channel, Grant};
use pass_core::domain::person::{DeclaredRecord, ProvenRecord};
use pass_core::domain::proofing::{NewProofing, Proofing};
use pass_core::id::AccountId;
use pass_core::{Fault, Time};
use std::sync::Arc;

/// What was known, and what is known now.
pub(crate) struct Overtaken {
    directory: Arc<Directory>,
    account: AccountId,
    declared: DeclaredRecord,
    before: Option<(ProvenRecord, Proofing)>,
    after: (ProvenRecord, Proofing),
    now: Time,
}

impl Overtaken {
    /// By this proofing of this resident.
    pub(crate) fn by(app: &App, resident: &Resident, new: &NewProofing, now: Time) -> Self {
        Self {
            directory: app.directory(),
            account: resident.account.id,
            declared: resident.declared.clone(),
            before: resident.proven.clone(),
            after: (new.record().clone(), new.proofing().clone()),
            now,
        }
    }

    /// Revokes the grants that would give other values than before.
    pub(crate) fn revoke(&self, tx: &mut pass_store::Tx) -> Result<(), Fault> {
        for grant in pass_store::grants::find_all_live_of(tx, self.account)? {
            let Some(consent) = pass_store::consents::find(tx, grant.consent)? else { continue };
            if self.changes(&grant, &consent) {
                pass_store::grants::revoke(tx, grant.id, self.now)?;
            }
        }
        Ok(())
    }

    fn changes(&self, grant: &Grant, consent: &Consent) -> bool {
        let before = self.before.as_ref().map(|(record, proofing)| (record, proofing));
        self.given(grant, consent, before) != self.given(grant, consent, Some((&self.after.0, &self.after.1)))
    }

    /// What the grant gives, as bytes; nothing for a client that was removed since.
    fn given(&self, grant: &Grant, consent: &Consent, proven: Option<(&ProvenRecord, &Proofing)>) -> Vec<u8> {
        let Ok(party) = self.directory.party_of(grant.client) else { return Vec::new() };
        let released = release(&ReleaseInput {
            proven,
            declared: &self.declared,
            facility: &party.facility,
            ceiling: &party.ceiling,
            scopes: &grant.scopes,
            request: &grant.claims,
            place: Place::Anywhere,
            consent: Agreement::Given(consent),
            channel: Channel::Back,
            acr: grant.acr,
            now: self.now,
        });
        released.canonical(&consent.claims)
    }
}
