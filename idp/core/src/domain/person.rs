//! Person and the two records about it: what was proven and what was declared. Both are sealed under the person's own key.

use crate::Time;
use crate::id::{PersonId, ProofingId};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A subject of claims: may exist before any account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Row.
    pub id: PersonId,
    /// When PASS first knew of it.
    pub created_at: Time,
    /// When its key was erased, if it was.
    pub erased_at: Option<Time>,
}

/// The basic four as the card gave them. The characters of the card are kept as they are: no normalisation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenRecord {
    /// Which proofing it comes from.
    pub proofing: ProofingId,
    /// Name, parts divided by U+3000.
    pub name: String,
    /// Address as one line.
    pub address: String,
    /// Birth date; old records may lack month or day.
    pub birthdate: Birthdate,
    /// Sex as on the card.
    pub sex: Sex,
    /// A character of the name is a stand-in for one that has no code point.
    pub name_has_substitutes: bool,
    /// Likewise in the address.
    pub address_has_substitutes: bool,
    /// Serial number of the signature certificate in hexadecimal; kept only where the operator chose to give it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_serial: Option<String>,
}

impl ProvenRecord {
    /// Whether a later card may be of the same person: name and address change in a life, these two as good as never, and
    /// where they do a counter has to look.
    pub fn may_be_same_person(&self, earlier: &Self) -> bool {
        self.birthdate == earlier.birthdate && self.sex == earlier.sex
    }
}

/// A birth date that may be incomplete.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birthdate {
    /// Year, where known.
    pub year: Option<i32>,
    /// Month and day, where known.
    pub month_day: Option<(u8, u8)>,
}

impl Birthdate {
    /// As a certificate gives it.
    pub fn read(from: &jpki::BirthDate) -> Self {
        Self { year: from.year.map(i32::from), month_day: from.month.zip(from.day) }
    }

    /// The day, when it is fully known.
    pub fn day(self) -> Option<Day> {
        let (month, day) = self.month_day?;
        Day::new(self.year?, month, day)
    }
}

/// Sex as on the card.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 1
    Male,
    /// 2
    Female,
    /// 9 or 0: the claim is absent.
    Unstated,
}

/// What a person typed. Never given as proven; a proven value wins over it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeclaredRecord {
    /// Mail address.
    pub email: Option<String>,
    /// A code sent there came back.
    pub email_verified: bool,
    /// Phone number (E.164).
    pub phone_number: Option<String>,
    /// A code sent there came back.
    pub phone_number_verified: bool,
    /// Full name as typed.
    pub name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Kana of the name (`name#ja-Kana-JP`).
    pub name_kana: Option<String>,
    /// What friends say.
    pub nickname: Option<String>,
    /// Short name.
    pub preferred_username: Option<String>,
    /// Page about the person.
    pub profile: Option<String>,
    /// Picture address.
    pub picture: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// `male`, `female` or other words.
    pub gender: Option<String>,
    /// `YYYY-MM-DD`.
    pub birthdate: Option<String>,
    /// Time zone.
    pub zoneinfo: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
    /// Address as typed.
    pub address: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<Time>,
}

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )*};
}
redacted!(ProvenRecord, Birthdate, Sex, DeclaredRecord);
