//! Claim values out of the proven and the declared record. Never an empty string, never null: a value that is not known is absent.
//!
//! Characters of the card are given as they are, without normalisation.

use super::residence::{self, Residence, Resolved};
use super::{Claim, age};
use crate::Time;
use crate::domain::facility::Facility;
use crate::domain::person::{Birthdate, DeclaredRecord, ProvenRecord, Sex};
use crate::domain::proofing::Proofing;
use serde_json::{Map, Value, json};
use std::cell::OnceCell;

/// The records of one person, ready to be asked for values.
pub struct Values<'a> {
    proven: Option<(&'a ProvenRecord, &'a Proofing)>,
    declared: &'a DeclaredRecord,
    facility: &'a Facility,
    now: Time,
    residence: OnceCell<Residence>,
}

impl<'a> Values<'a> {
    /// Over the records; `facility` decides `is_resident`, `now` the ages.
    pub fn new(
        proven: Option<(&'a ProvenRecord, &'a Proofing)>,
        declared: &'a DeclaredRecord,
        facility: &'a Facility,
        now: Time,
    ) -> Self {
        Self { proven, declared, facility, now, residence: OnceCell::new() }
    }

    /// The value that a proofing gives, if there is a proofing and it knows.
    pub fn proven(&self, claim: Claim) -> Option<Value> {
        let (record, proofing) = self.proven?;
        match claim {
            Claim::Name => text(&record.name),
            Claim::FamilyName => text(name_parts(&record.name)?.0),
            Claim::GivenName => text(name_parts(&record.name)?.1),
            Claim::Address => self.proven_address(record),
            Claim::Birthdate => text(&iso_birthdate(record.birthdate)?),
            Claim::Gender => gender(record.sex),
            Claim::ResidencePrefecture => text(self.home()?.prefecture),
            Claim::ResidenceCity => text(self.home()?.city),
            Claim::ResidenceCityCode => text(self.home()?.code),
            Claim::IsResident => Some(self.home()?.is(&self.facility.municipality).into()),
            Claim::ResidenceVerifiedOn => {
                self.home()?;
                text(&proofing.verified_at.jst_day().iso())
            }
            Claim::AgeOver15 => self.at_least(15),
            Claim::AgeOver18 => self.at_least(18),
            Claim::AgeOver20 => self.at_least(20),
            Claim::AgeOver65 => self.at_least(65),
            Claim::AgeBand => text(age::band(self.age()?)?),
            Claim::CertificateSerial => text(record.certificate_serial.as_deref()?),
            _ => None,
        }
    }

    /// The value that the person gave.
    pub fn declared(&self, claim: Claim) -> Option<Value> {
        let record = self.declared;
        let word = match claim {
            Claim::Name => &record.name,
            Claim::FamilyName => &record.family_name,
            Claim::GivenName => &record.given_name,
            Claim::MiddleName => &record.middle_name,
            Claim::NameKana => &record.name_kana,
            Claim::Nickname => &record.nickname,
            Claim::PreferredUsername => &record.preferred_username,
            Claim::Profile => &record.profile,
            Claim::Picture => &record.picture,
            Claim::Website => &record.website,
            Claim::Gender => &record.gender,
            Claim::Birthdate => &record.birthdate,
            Claim::Zoneinfo => &record.zoneinfo,
            Claim::Locale => &record.locale,
            Claim::Email => &record.email,
            Claim::PhoneNumber => &record.phone_number,
            Claim::Address => return Some(json!({ "formatted": text(record.address.as_deref()?)? })),
            Claim::EmailVerified => return verified(&record.email, record.email_verified),
            Claim::PhoneNumberVerified => return verified(&record.phone_number, record.phone_number_verified),
            // OpenID Connect Core 5.1: a number of seconds.
            Claim::UpdatedAt => return Some(record.updated_at?.seconds().into()),
            _ => return None,
        };
        text(word.as_deref()?)
    }

    fn home(&self) -> Option<Resolved> {
        match self.residence()? {
            Residence::Resolved(home) => Some(*home),
            Residence::Ambiguous(_) | Residence::Unknown => None,
        }
    }

    fn residence(&self) -> Option<&Residence> {
        let (record, proofing) = self.proven?;
        Some(self.residence.get_or_init(|| residence::resolve(&record.address, proofing.verified_at.jst_day())))
    }

    /// OpenID Connect Core 5.1.1. The card has no postal code.
    fn proven_address(&self, record: &ProvenRecord) -> Option<Value> {
        let mut members = Map::from_iter([("formatted".to_owned(), text(&record.address)?)]);
        if let Some(home) = self.home() {
            members.insert("country".into(), "JP".into());
            members.insert("region".into(), home.prefecture.into());
            members.insert("locality".into(), home.locality(&record.address).into());
            members.extend(text(home.street(&record.address)).map(|street| ("street_address".to_owned(), street)));
        }
        Some(Value::Object(members))
    }

    fn age(&self) -> Option<i32> {
        age::age(self.proven?.0.birthdate, self.now)
    }

    fn at_least(&self, years: i32) -> Option<Value> {
        Some((self.age()? >= years).into())
    }
}

/// Family and given name, only when exactly one U+3000 divides two parts.
fn name_parts(name: &str) -> Option<(&str, &str)> {
    let (family, given) = name.split_once('\u{3000}')?;
    (!family.is_empty() && !given.is_empty() && !given.contains('\u{3000}')).then_some((family, given))
}

/// OpenID Connect Core 5.1: `YYYY-MM-DD`, or `YYYY` when only the year is known.
fn iso_birthdate(born: Birthdate) -> Option<String> {
    match born.day() {
        Some(day) => Some(day.iso()),
        None => born.year.filter(|_| born.month_day.is_none()).map(|year| format!("{year:04}")),
    }
}

fn gender(sex: Sex) -> Option<Value> {
    match sex {
        Sex::Male => Some("male".into()),
        Sex::Female => Some("female".into()),
        Sex::Unstated => None,
    }
}

fn text(value: &str) -> Option<Value> {
    (!value.trim().is_empty()).then(|| value.into())
}

fn verified(value: &Option<String>, verified: bool) -> Option<Value> {
    text(value.as_deref()?).map(|_| verified.into())
}

#[cfg(test)]
mod tests;
