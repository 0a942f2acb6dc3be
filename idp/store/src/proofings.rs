//! How PASS came to know who a person is. Made only from what a verifier proved; a new one supersedes the older.

use crate::place::{Bytes as _, Doing as _, Place, json, many, one};
use crate::schema::{persons, proofings};
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::proofing::{NewProofing, Proofing, ProofingMethod, ProofingStatus};
use pass_core::fault::Outcome;
use pass_core::id::{PersonId, ProofingId};
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = proofings)]
struct Row {
    id: Vec<u8>,
    person_id: Vec<u8>,
    method: String,
    checks: String,
    keyed_serial: Vec<u8>,
    verified_at: i64,
    valid_until: i64,
    status: String,
}

impl Row {
    fn write(proofing: &Proofing) -> Self {
        Self {
            id: proofing.id.write(),
            person_id: proofing.person.write(),
            method: method_word(proofing.method).into(),
            checks: json(&proofing.checks),
            keyed_serial: proofing.keyed_serial.write(),
            verified_at: proofing.verified_at.0,
            valid_until: proofing.valid_until.0,
            status: status_word(proofing.status).into(),
        }
    }

    fn read(self) -> Outcome<Proofing> {
        let at = Place::of("proofings", &self.id);
        Ok(Proofing {
            id: at.bytes("id", &self.id)?,
            person: at.bytes("person_id", &self.person_id)?,
            method: at.word("method", &self.method, method)?,
            checks: at.json("checks", &self.checks)?,
            keyed_serial: at.bytes("keyed_serial", &self.keyed_serial)?,
            verified_at: Time(self.verified_at),
            valid_until: Time(self.valid_until),
            status: at.word("status", &self.status, status)?,
        })
    }
}

const fn method_word(method: ProofingMethod) -> &'static str {
    match method {
        ProofingMethod::SignCertificate => "sign_certificate",
        ProofingMethod::TextApplication => "text_application",
    }
}

fn method(word: &str) -> Option<ProofingMethod> {
    let all = [ProofingMethod::SignCertificate, ProofingMethod::TextApplication];
    all.into_iter().find(|method| method_word(*method) == word)
}

const fn status_word(status: ProofingStatus) -> &'static str {
    match status {
        ProofingStatus::Valid => "valid",
        ProofingStatus::Stale => "stale",
        ProofingStatus::Revoked => "revoked",
        ProofingStatus::Superseded => "superseded",
    }
}

fn status(word: &str) -> Option<ProofingStatus> {
    let all = [ProofingStatus::Valid, ProofingStatus::Stale, ProofingStatus::Revoked, ProofingStatus::Superseded];
    all.into_iter().find(|status| status_word(*status) == word)
}

/// By row.
pub fn find(tx: &mut Tx, id: ProofingId) -> Outcome<Option<Proofing>> {
    one(proofings::table.find(&id.0[..]).get_result(&mut tx.db), "find a proofing", Row::read)
}

/// The one that counts now: the newest that none has superseded, valid or not.
pub fn find_current(tx: &mut Tx, person: PersonId) -> Outcome<Option<Proofing>> {
    let query = proofings::table
        .filter(proofings::person_id.eq(&person.0[..]))
        .filter(proofings::status.ne("superseded"))
        .order((proofings::verified_at.desc(), proofings::id.desc()));
    one(query.get_result(&mut tx.db), "find a person's proofing", Row::read)
}

/// All of a person, newest first.
pub fn find_all_of(tx: &mut Tx, person: PersonId) -> Outcome<Vec<Proofing>> {
    let query = proofings::table
        .filter(proofings::person_id.eq(&person.0[..]))
        .order((proofings::verified_at.desc(), proofings::id.desc()));
    many(query.load(&mut tx.db), "find the proofings of a person", Row::read)
}

/// All that were made with one certificate, newest first: another account may have used the same card. Of somebody who gave
/// PASS up, nobody is left whose card it was.
pub fn find_by_serial(tx: &mut Tx, keyed_serial: &Hash) -> Outcome<Vec<Proofing>> {
    let there = persons::table.filter(persons::id.eq(proofings::person_id)).filter(persons::erased_at.is_null());
    let query = proofings::table
        .filter(proofings::keyed_serial.eq(&keyed_serial.0[..]))
        .filter(diesel::dsl::exists(there))
        .order((proofings::verified_at.desc(), proofings::id.desc()));
    many(query.load(&mut tx.db), "find the proofings of a certificate", Row::read)
}

/// Records a proofing; what held before is superseded.
pub fn insert(tx: &mut Tx, new: &NewProofing) -> Outcome<()> {
    insert_row(tx, new.proofing())
}

pub(crate) fn insert_row(tx: &mut Tx, proofing: &Proofing) -> Outcome<()> {
    let older = proofings::table
        .filter(proofings::person_id.eq(proofing.person.write()))
        .filter(proofings::status.eq("valid").or(proofings::status.eq("stale")));
    diesel::update(older)
        .set(proofings::status.eq("superseded"))
        .execute(&mut tx.db)
        .doing("supersede older proofings")?;
    diesel::insert_into(proofings::table)
        .values(Row::write(proofing))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert a proofing")
}

/// Marks those that a revoked certificate made, and says how many.
pub fn close_revoked(tx: &mut Tx, keyed_serials: &[Hash]) -> Outcome<usize> {
    let mut closed = 0;
    for serial in keyed_serials {
        let made_by_it = proofings::table
            .filter(proofings::keyed_serial.eq(&serial.0[..]))
            .filter(proofings::status.eq_any([status_word(ProofingStatus::Valid), status_word(ProofingStatus::Stale)]));
        let change = diesel::update(made_by_it).set(proofings::status.eq(status_word(ProofingStatus::Revoked)));
        closed += change.execute(&mut tx.db).doing("mark proofings as revoked")?;
    }
    Ok(closed)
}

/// Marks those whose certificate has lapsed as stale, and says how many.
pub fn close_lapsed(tx: &mut Tx, now: Time) -> Outcome<usize> {
    let lapsed = proofings::table.filter(proofings::status.eq("valid")).filter(proofings::valid_until.le(now.0));
    diesel::update(lapsed).set(proofings::status.eq("stale")).execute(&mut tx.db).doing("mark lapsed proofings")
}
