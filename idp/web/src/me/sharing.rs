//! What one client gets from a resident, or got: its consents and grants put together.

use crate::app::App;
use crate::directory::{Directory, Party};
use crate::flow;
use crate::kit::{Words, date};
use crate::page::me_home::FacilityLine;
use crate::page::slip::{Given, rows};
use crate::people::Resident;
use crate::step::consent::city;
use crate::visit::Visit;
use pass_core::authn::acr::{Acr, achieved};
use pass_core::claims::release::{Agreement, Release, ReleaseInput, release};
use pass_core::claims::scopes::Place;
use pass_core::domain::consent::Consent;
use pass_core::domain::grant::{Channel, Grant};
use pass_core::oidc::claims_request::ClaimsRequest;
use pass_core::{Fault, Time};
use serde_json::Value;
use std::sync::Arc;

/// One client as the resident sees it.
pub(super) struct Sharing {
    /// Who.
    pub(super) party: Arc<Party>,
    /// The consent that counts: the one of the newest grant, else the newest.
    pub(super) consent: Consent,
    /// The newest grant that stands on a live consent.
    grant: Option<Grant>,
    /// The oldest live consent; of an ended sharing the oldest at all.
    pub(super) since: Time,
    /// When the last consent was withdrawn, if all are.
    pub(super) ended: Option<Time>,
    /// Whether another client of the same facility is on the list.
    twin: bool,
}

/// Everything a resident shares or shared, the newest first.
pub(super) async fn all(app: &App, resident: &Resident) -> Result<Vec<Sharing>, Fault> {
    let (person, account) = (resident.person(), resident.account.id);
    let (consents, grants) = app
        .store
        .read_now(move |tx| {
            Ok((pass_store::consents::find_all_of(tx, person)?, pass_store::grants::find_all_live_of(tx, account)?))
        })
        .await?;
    Ok(gather(&app.directory(), &consents, &grants))
}

fn gather(directory: &Directory, consents: &[Consent], grants: &[Grant]) -> Vec<Sharing> {
    let mut found: Vec<Sharing> = Vec::new();
    for consent in consents {
        if found.iter().any(|one| one.party.client.id == consent.client) {
            continue;
        }
        // A client that was removed since gets nothing; its consents stay in the history.
        let Ok(party) = directory.party_of(consent.client) else { continue };
        let of_client: Vec<&Consent> = consents.iter().filter(|other| other.client == consent.client).collect();
        found.push(join(party.clone(), &of_client, grants));
    }
    for at in 0..found.len() {
        let facility = found[at].party.facility.id;
        found[at].twin = found.iter().filter(|other| other.party.facility.id == facility).count() > 1;
    }
    found
}

/// `consents` are those of one client, newest first.
fn join(party: Arc<Party>, consents: &[&Consent], grants: &[Grant]) -> Sharing {
    let live: Vec<&Consent> = consents.iter().copied().filter(|one| one.withdrawn_at.is_none()).collect();
    let standing = |grant: &&Grant| live.iter().any(|consent| consent.id == grant.consent);
    let grant = grants.iter().find(standing).cloned();
    let counts = grant.as_ref().and_then(|grant| live.iter().find(|one| one.id == grant.consent));
    let consent: &Consent = counts.or(live.first()).unwrap_or(&consents[0]);
    let oldest = live.last().or(consents.last()).map_or(consent.given_at, |one| one.given_at);
    Sharing {
        party,
        consent: consent.clone(),
        grant,
        since: oldest,
        ended: live.is_empty().then(|| consents.iter().filter_map(|one| one.withdrawn_at).max()).flatten(),
        twin: false,
    }
}

impl Sharing {
    /// Its name for people; the client's own beside it where a facility has several.
    pub(super) fn name(&self, visit: &Visit) -> String {
        let lang = visit.language();
        let (facility, client) = (self.party.facility.name.get(lang), self.party.client.metadata.client_name.get(lang));
        if self.twin { format!("{facility}（{client}）") } else { facility.to_string() }
    }

    /// Its page.
    pub(super) fn path(&self) -> String {
        format!("/me/facilities/{}", self.party.client.client_id)
    }

    /// What userinfo would answer its newest token now: the same function on the same rows.
    pub(super) fn release(&self, visit: &Visit, resident: &Resident) -> Release {
        let none = ClaimsRequest::default();
        let of_session = || {
            let worth = visit.session.as_ref().and_then(|session| achieved(&session.events, visit.now, None));
            worth.map_or(Acr::Zero, |worth| worth.acr)
        };
        release(&ReleaseInput {
            proven: resident.proven(),
            declared: &resident.declared,
            facility: &self.party.facility,
            ceiling: &self.party.ceiling,
            scopes: self.grant.as_ref().map_or(&self.consent.scopes, |grant| &grant.scopes),
            request: self.grant.as_ref().map_or(&none, |grant| &grant.claims),
            place: Place::Userinfo,
            consent: Agreement::Given(&self.consent),
            channel: Channel::Back,
            acr: self.grant.as_ref().map_or_else(of_session, |grant| grant.acr),
            now: visit.now,
        })
    }

    /// A line of a list: what is given by name, without a value.
    pub(super) fn line(&self, app: &App, visit: &Visit, resident: &Resident) -> FacilityLine {
        let day = |at: Time| date::Day::of(at.0).words(visit.lang).text().to_string();
        FacilityLine {
            name: self.name(visit),
            logo: flow::asker(visit, &self.party).picture(),
            href: self.path(),
            what: if self.ended.is_some() { Vec::new() } else { self.labels(app, visit, resident) },
            since: day(self.since),
            ended: self.ended.map(day),
        }
    }

    fn labels(&self, app: &App, visit: &Visit, resident: &Resident) -> Vec<Words> {
        let released = self.release(visit, resident);
        let sub = Value::Null;
        let given: Vec<Given<'_>> = given(&released, &sub).collect();
        rows(visit.lang, &city(app, &self.party), &given).into_iter().map(|row| row.label).collect()
    }
}

/// The members of a release as the slip takes them, the facility's own number last.
pub(super) fn given<'a>(released: &'a Release, sub: &'a Value) -> impl Iterator<Item = Given<'a>> {
    let members = released.given().map(|(claim, value)| Given { claim: claim.as_str(), value, optional: false });
    members.chain([Given { claim: "sub", value: sub, optional: false }])
}
