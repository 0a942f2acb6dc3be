//! Whose face a page is about: one's own, or that of a child in one's family (CAP-65), below `/me/family/{child}/face`.
//!
//! A guardian does for a child what a resident does for herself, after the same fresh sign-in of her own; whether she acts for the
//! child is looked at here to show a page, and once more in the transaction that writes.

use super::row::is;
use super::{Entry, enter, event};
use crate::app::App;
use crate::people::{self, Resident};
use crate::problem::{PageError, Stop};
use crate::visit::Visit;
use actix_web::{HttpRequest, HttpResponse};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::face::StoredTemplate;
use pass_core::domain::interaction::OwnErrand;
use pass_core::domain::person::ProvenRecord;
use pass_core::domain::proofing::{Proofing, ProofingStatus};
use pass_core::domain::relation::Relation;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;
use pass_core::seal::Key;
use pass_core::{Fault, Time};
use pass_store::Tx;

/// Whose face it is.
pub(super) struct Subject {
    pub(super) person: PersonId,
    pub(super) key: Key,
    pub(super) face: Option<StoredTemplate>,
    pub(super) face_off: bool,
    /// As whom the account acts for the child; none: it is the resident's own.
    pub(super) relation: Option<Relation>,
    /// Where the pages of this face are.
    pub(super) base: String,
    proven: Option<(ProvenRecord, Proofing)>,
}

/// Who may see a page.
pub(super) enum Who {
    /// This resident, about this face.
    In(Box<Resident>, Box<Subject>),
    /// Another page comes first.
    Elsewhere(HttpResponse),
}

/// Lets a visitor in to a page about a face: the one that the address names.
pub(super) async fn of(
    app: &App,
    visit: &Visit,
    request: &HttpRequest,
    wants: OwnErrand,
    tail: &str,
) -> Result<Who, Stop> {
    let child = request.match_info().get("child");
    let base = child.map_or_else(|| "/me/face".to_string(), |child| format!("/me/family/{child}/face"));
    // Names of children are sealed values.
    let wants = if child.is_some() && wants == OwnErrand::Home { OwnErrand::Protected } else { wants };
    let resident = match enter(app, visit, wants, &format!("{base}{tail}")).await? {
        Entry::In(resident) => resident,
        Entry::Elsewhere(first) => return Ok(Who::Elsewhere(first)),
    };
    let subject = match child {
        None => Subject::own(&resident),
        Some(child) => of_child(app, visit, &resident, child, base).await?.ok_or_else(PageError::not_found)?,
    };
    Ok(Who::In(resident, Box::new(subject)))
}

async fn of_child(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    child: &str,
    base: String,
) -> Result<Option<Subject>, Fault> {
    let account = resident.account.id;
    let mine = app.store.read_now(move |tx| pass_store::relations::find_all_of(tx, account)).await?;
    let held = mine.into_iter().find(|one| is(app, &one.id.0, child) && one.holds(visit.now));
    let Some(relation) = held else { return Ok(None) };
    let person = relation.person;
    let (records, face, attempts) = app
        .store
        .read_now(move |tx| {
            Ok((
                people::sealed_records(tx, person)?,
                pass_store::face_templates::find(tx, person)?,
                pass_store::face_attempts::find(tx, person)?,
            ))
        })
        .await?;
    let records = people::open_records(app, person, records)?;
    let proven = records.proven().map(|(record, proofing)| (record.clone(), proofing.clone()));
    let key = people::person_key(app, person).await?;
    Ok(Some(Subject {
        person,
        key,
        face_off: face.is_some() && attempts.off(),
        face,
        relation: Some(relation),
        base,
        proven,
    }))
}

impl Subject {
    /// The resident herself.
    pub(super) fn own(resident: &Resident) -> Self {
        Self {
            person: resident.person(),
            key: resident.key.clone(),
            face: resident.face.clone(),
            face_off: resident.face_off,
            relation: None,
            base: "/me/face".into(),
            proven: resident.proven.clone(),
        }
    }

    /// What a card proved of the person, where that still holds.
    pub(super) fn proven(&self) -> Option<(&ProvenRecord, &Proofing)> {
        let (record, proofing) = self.proven.as_ref()?;
        (proofing.status == ProofingStatus::Valid).then_some((record, proofing))
    }

    /// The name of the child; none for oneself.
    pub(super) fn child(&self) -> Option<String> {
        self.relation.as_ref()?;
        self.proven.as_ref().map(|(record, _)| record.name.clone())
    }

    /// Something done to this face, in the history of the person.
    pub(super) fn event(&self, app: &App, visit: &Visit, resident: &Resident, act: Act, detail: String) -> AuditEvent {
        AuditEvent { person: Some(self.person), ..event(app, visit, resident, act, detail) }
    }

    /// What the transaction that writes asks first.
    pub(super) fn standing(&self) -> Standing {
        Standing(self.relation.clone())
    }
}

/// Whether somebody still acts for the person.
#[derive(Clone)]
pub(super) struct Standing(Option<Relation>);

impl Standing {
    /// Also keeps the relation from ending beside this transaction.
    pub(super) fn holds(&self, tx: &mut Tx, now: Time) -> Outcome<bool> {
        match &self.0 {
            None => Ok(true),
            Some(relation) => pass_store::relations::hold(tx, relation.account, relation.id, now),
        }
    }
}
