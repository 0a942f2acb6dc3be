//! Face templates, sealed. After the end of one only "had a face until D" remains, in the audit log.

use crate::place::{Bytes as _, Doing as _, Place, many, one};
use crate::schema::face_templates;
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::face::StoredTemplate;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = face_templates, treat_none_as_null = true)]
struct Row {
    person_id: Vec<u8>,
    sealed: Vec<u8>,
    model: String,
    threshold_set: String,
    consent_version: i32,
    consented_at: i64,
    created_at: i64,
    expires_at: i64,
    proofing_id: Option<Vec<u8>>,
    reminded_at: Option<i64>,
}

impl Row {
    fn write(template: &StoredTemplate) -> Self {
        Self {
            person_id: template.person.write(),
            sealed: template.sealed.clone(),
            model: template.model.clone(),
            threshold_set: template.threshold_set.clone(),
            consent_version: template.consent_version,
            consented_at: template.consented_at.0,
            created_at: template.created_at.0,
            expires_at: template.expires_at.0,
            proofing_id: template.proofing.map(|proofing| proofing.write()),
            reminded_at: None,
        }
    }

    fn read(self) -> Outcome<StoredTemplate> {
        let at = Place::of("face_templates", &self.person_id);
        Ok(StoredTemplate {
            person: at.bytes("person_id", &self.person_id)?,
            proofing: at.maybe("proofing_id", self.proofing_id.as_ref())?,
            sealed: self.sealed,
            model: self.model,
            threshold_set: self.threshold_set,
            consent_version: self.consent_version,
            consented_at: Time(self.consented_at),
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
        })
    }
}

/// The person's template, also after its time.
pub fn find(tx: &mut Tx, person: PersonId) -> Outcome<Option<StoredTemplate>> {
    one(face_templates::table.find(&person.0[..]).get_result(&mut tx.db), "find a face template", Row::read)
}

/// The person's template from now on.
pub fn put(tx: &mut Tx, template: &StoredTemplate) -> Outcome<()> {
    let row = Row::write(template);
    on_backend!(tx, |conn| diesel::insert_into(face_templates::table)
        .values(&row)
        .on_conflict(face_templates::person_id)
        .do_update()
        .set(&row)
        .execute(conn))
    .map(drop)
    .doing("put a face template")
}

/// Templates that end before a moment, whose persons were not told yet.
pub fn find_ending(tx: &mut Tx, now: Time, before: Time, limit: i64) -> Outcome<Vec<StoredTemplate>> {
    let query = face_templates::table
        .filter(face_templates::expires_at.gt(now.0))
        .filter(face_templates::expires_at.le(before.0))
        .filter(face_templates::reminded_at.is_null())
        .order(face_templates::expires_at)
        .limit(limit);
    many(query.load(&mut tx.db), "find face templates that end soon", Row::read)
}

/// The person is told now. `false`: was told before, or there is another template.
pub fn remind(tx: &mut Tx, template: &StoredTemplate, now: Time) -> Outcome<bool> {
    let untold = face_templates::table
        .find(template.person.0.to_vec())
        .filter(face_templates::created_at.eq(template.created_at.0))
        .filter(face_templates::reminded_at.is_null());
    let told = diesel::update(untold).set(face_templates::reminded_at.eq(now.0));
    told.execute(&mut tx.db).map(|rows| rows == 1).doing("note that a person was told of the end of a face")
}

/// Removes it and its copies everywhere. `false`: there was none.
pub fn remove(tx: &mut Tx, person: PersonId) -> Outcome<bool> {
    crate::face_copies::remove_all(tx, person)?;
    let gone = diesel::delete(face_templates::table.find(&person.0[..])).execute(&mut tx.db);
    gone.map(|rows| rows == 1).doing("remove a face template")
}
