//! Consents: legal records, appended and closed.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, one, spaced, split, time};
use crate::schema::consents;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::claims::Claim;
use pass_core::domain::consent::Consent;
use pass_core::fault::Outcome;
use pass_core::id::{ClientId, ConsentId, FacilityId, PersonId, SessionId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = consents)]
pub(crate) struct Row {
    id: Vec<u8>,
    person_id: Vec<u8>,
    account_id: Vec<u8>,
    client_id: Vec<u8>,
    facility_id: Vec<u8>,
    scopes: String,
    claims: String,
    declined: String,
    values_hash: Vec<u8>,
    ceiling_version: i32,
    session_id: Vec<u8>,
    remembered_until: Option<i64>,
    given_at: i64,
    withdrawn_at: Option<i64>,
}

impl Row {
    fn write(consent: &Consent) -> Self {
        Self {
            id: consent.id.write(),
            person_id: consent.person.write(),
            account_id: consent.account.write(),
            client_id: consent.client.write(),
            facility_id: consent.facility.write(),
            scopes: spaced(&consent.scopes),
            claims: words(&consent.claims),
            declined: words(&consent.declined),
            values_hash: consent.values.write(),
            ceiling_version: consent.ceiling_version,
            session_id: consent.session.write(),
            remembered_until: millis(consent.remembered_until),
            given_at: consent.given_at.0,
            withdrawn_at: millis(consent.withdrawn_at),
        }
    }

    pub(crate) fn read(self) -> Outcome<Consent> {
        let at = Place::of("consents", &self.id);
        Ok(Consent {
            id: at.bytes("id", &self.id)?,
            person: at.bytes("person_id", &self.person_id)?,
            account: at.bytes("account_id", &self.account_id)?,
            client: at.bytes("client_id", &self.client_id)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            scopes: split(&self.scopes),
            claims: at.words("claims", &self.claims, Claim::parse)?,
            declined: at.words("declined", &self.declined, Claim::parse)?,
            values: at.bytes("values_hash", &self.values_hash)?,
            ceiling_version: self.ceiling_version,
            session: at.bytes("session_id", &self.session_id)?,
            remembered_until: time(self.remembered_until),
            given_at: Time(self.given_at),
            withdrawn_at: time(self.withdrawn_at),
        })
    }
}

fn words(claims: &[Claim]) -> String {
    claims.iter().map(|claim| claim.as_str()).collect::<Vec<_>>().join(" ")
}

/// By row.
pub fn find(tx: &mut Tx, id: ConsentId) -> Outcome<Option<Consent>> {
    one(consents::table.find(&id.0[..]).get_result(&mut tx.db), "find a consent", Row::read)
}

/// The newest one of a person to a client, unless it was withdrawn.
pub fn find_live(tx: &mut Tx, person: PersonId, client: ClientId) -> Outcome<Option<Consent>> {
    let query = consents::table
        .filter(consents::person_id.eq(&person.0[..]))
        .filter(consents::client_id.eq(&client.0[..]))
        .filter(consents::withdrawn_at.is_null())
        .order((consents::given_at.desc(), consents::id.desc()));
    one(query.get_result(&mut tx.db), "find a person's consent to a client", Row::read)
}

/// The live ones of these persons to the programs of one facility, newest first.
pub fn find_live_at(tx: &mut Tx, facility: FacilityId, persons: &[PersonId]) -> Outcome<Vec<Consent>> {
    let mut found = Vec::new();
    // SQLite takes 32,766 values in one statement.
    for some in persons.chunks(1_000) {
        let query = consents::table
            .filter(consents::person_id.eq_any(some.iter().map(|person| person.write())))
            .filter(consents::facility_id.eq(&facility.0[..]))
            .filter(consents::withdrawn_at.is_null())
            .order((consents::given_at.desc(), consents::id.desc()));
        found.extend(many(query.load(&mut tx.db), "find what persons share with a facility", Row::read)?);
    }
    Ok(found)
}

/// The consent that may answer a request without a page: one given in this session or remembered for a year, the newest
/// first; else the newest live one, so that a page can say what changed.
pub fn find_answering(
    tx: &mut Tx,
    person: PersonId,
    client: ClientId,
    session: SessionId,
    now: Time,
) -> Outcome<Option<Consent>> {
    // Three look-ups by an index each. One query with OR walks all that the person ever agreed to.
    let here = find_in_session(tx, person, client, session)?;
    let remembered = find_remembered(tx, person, client, now)?;
    let age = |consent: &Consent| (consent.given_at, consent.id);
    match here.into_iter().chain(remembered).max_by_key(age) {
        Some(answering) => Ok(Some(answering)),
        None => find_live(tx, person, client),
    }
}

fn find_in_session(tx: &mut Tx, person: PersonId, client: ClientId, session: SessionId) -> Outcome<Option<Consent>> {
    let query = consents::table
        .filter(consents::person_id.eq(&person.0[..]))
        .filter(consents::client_id.eq(&client.0[..]))
        .filter(consents::session_id.eq(&session.0[..]))
        .filter(consents::withdrawn_at.is_null())
        .order((consents::given_at.desc(), consents::id.desc()));
    one(query.get_result(&mut tx.db), "find a consent of this session", Row::read)
}

fn find_remembered(tx: &mut Tx, person: PersonId, client: ClientId, now: Time) -> Outcome<Option<Consent>> {
    let query = consents::table
        .filter(consents::person_id.eq(&person.0[..]))
        .filter(consents::client_id.eq(&client.0[..]))
        .filter(consents::remembered_until.gt(now.0))
        .filter(consents::withdrawn_at.is_null())
        .order((consents::given_at.desc(), consents::id.desc()));
    one(query.get_result(&mut tx.db), "find a remembered consent", Row::read)
}

/// All of a person, withdrawn ones too, newest first.
pub fn find_all_of(tx: &mut Tx, person: PersonId) -> Outcome<Vec<Consent>> {
    let query = consents::table
        .filter(consents::person_id.eq(&person.0[..]))
        .order((consents::given_at.desc(), consents::id.desc()));
    many(query.load(&mut tx.db), "find the consents of a person", Row::read)
}

/// How many persons share something with a facility now.
pub fn count_live_persons(tx: &mut Tx, facility: FacilityId) -> Outcome<i64> {
    let live =
        consents::table.filter(consents::facility_id.eq(facility.write())).filter(consents::withdrawn_at.is_null());
    let persons = live.select(diesel::dsl::count(consents::person_id).aggregate_distinct());
    persons.get_result(&mut tx.db).doing("count the persons who share with a facility")
}

/// A new one.
pub fn insert(tx: &mut Tx, consent: &Consent) -> Outcome<()> {
    let row = Row::write(consent);
    diesel::insert_into(consents::table).values(row).execute(&mut tx.db).map(drop).doing("insert a consent")
}

/// Withdraws one. `false`: it was withdrawn before, or is unknown.
pub fn withdraw(tx: &mut Tx, id: ConsentId, now: Time) -> Outcome<bool> {
    let live = consents::table.find(&id.0[..]).filter(consents::withdrawn_at.is_null());
    let change = diesel::update(live).set(consents::withdrawn_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("withdraw a consent")
}

/// Withdraws every consent of a person to a client and says how many.
pub fn withdraw_all(tx: &mut Tx, person: PersonId, client: ClientId, now: Time) -> Outcome<usize> {
    let live = consents::table
        .filter(consents::person_id.eq(person.write()))
        .filter(consents::client_id.eq(client.write()))
        .filter(consents::withdrawn_at.is_null());
    diesel::update(live).set(consents::withdrawn_at.eq(now.0)).execute(&mut tx.db).doing("withdraw consents")
}
