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
    keyed_applicant: Option<Vec<u8>>,
}

impl Row {
    fn write(proofing: &Proofing) -> Self {
        Self {
            id: proofing.id.write(),
            person_id: proofing.person.write(),
            method: proofing.method.as_str().into(),
            checks: json(&proofing.checks),
            keyed_serial: proofing.keyed_serial.write(),
            verified_at: proofing.verified_at.0,
            valid_until: proofing.valid_until.0,
            status: status_word(proofing.status).into(),
            keyed_applicant: proofing.keyed_applicant.map(|applicant| applicant.write()),
        }
    }

    fn read(self) -> Outcome<Proofing> {
        let at = Place::of("proofings", &self.id);
        Ok(Proofing {
            id: at.bytes("id", &self.id)?,
            person: at.bytes("person_id", &self.person_id)?,
            method: at.word("method", &self.method, ProofingMethod::parse)?,
            checks: at.json("checks", &self.checks)?,
            keyed_serial: at.bytes("keyed_serial", &self.keyed_serial)?,
            verified_at: Time(self.verified_at),
            keyed_applicant: self
                .keyed_applicant
                .map(|applicant| at.bytes("keyed_applicant", &applicant))
                .transpose()?,
            valid_until: Time(self.valid_until),
            status: at.word("status", &self.status, status)?,
        })
    }
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

/// All that were made with one certificate or one subject, newest first: another account may have used the same card. Of somebody who gave
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

/// Records one beside a stronger one that holds: it binds the subject at the national service, and its values do not count.
pub fn insert_beside(tx: &mut Tx, new: &NewProofing) -> Outcome<()> {
    let row = Row { status: status_word(ProofingStatus::Superseded).into(), ..Row::write(new.proofing()) };
    diesel::insert_into(proofings::table)
        .values(row)
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert a proofing beside a stronger one")
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

/// All that were made for one id of a platform operator, newest first; of people who are still here.
pub fn find_by_applicant(tx: &mut Tx, keyed_applicant: &Hash) -> Outcome<Vec<Proofing>> {
    let there = persons::table.filter(persons::id.eq(proofings::person_id)).filter(persons::erased_at.is_null());
    let query = proofings::table
        .filter(proofings::keyed_applicant.eq(&keyed_applicant.0[..]))
        .filter(diesel::dsl::exists(there))
        .order((proofings::verified_at.desc(), proofings::id.desc()));
    many(query.load(&mut tx.db), "find the proofings of an applicant", Row::read)
}

/// Those that one of these certificates made and that nothing has ended yet.
pub fn find_standing(tx: &mut Tx, keyed_serials: &[Hash]) -> Outcome<Vec<Proofing>> {
    let query = proofings::table
        .filter(proofings::keyed_serial.eq_any(keyed_serials.iter().map(|serial| serial.0.to_vec())))
        .filter(proofings::status.eq_any([status_word(ProofingStatus::Valid), status_word(ProofingStatus::Stale)]));
    many(query.load(&mut tx.db), "find the proofings of revoked certificates", Row::read)
}

/// Some of those whose certificate is over and that do not say so yet.
pub fn find_lapsed(tx: &mut Tx, now: Time, most: i64) -> Outcome<Vec<Proofing>> {
    // The last second of a certificate counts as a whole (`Proofing::lapsed`).
    let query = proofings::table
        .filter(proofings::status.eq(status_word(ProofingStatus::Valid)))
        .filter(proofings::valid_until.le(now.0 - 1000))
        .order(proofings::valid_until)
        .limit(most);
    many(query.load(&mut tx.db), "find lapsed proofings", Row::read)
}

/// From one status to the next. `false`: it does not stand so any more.
pub fn pass(tx: &mut Tx, id: ProofingId, from: ProofingStatus, to: ProofingStatus) -> Outcome<bool> {
    let row = proofings::table.find(id.write()).filter(proofings::status.eq(status_word(from)));
    let change = diesel::update(row).set(proofings::status.eq(status_word(to)));
    Ok(change.execute(&mut tx.db).doing("change how a proofing stands")? > 0)
}
