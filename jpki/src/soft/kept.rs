//! What the file of a family holds: keys and certificates, made once.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use openssl::{
    pkey::{PKey, Private},
    x509::X509,
};
use serde::{Deserialize, Serialize};

use super::{
    cv::Issuers,
    family::FamilyError,
    issue::{Authority, IssueError, Order},
    keys,
    people::{self, Body, Login, Person, Signing},
};
use crate::certificate::Purpose;

/// Raised whenever what is kept changes.
pub(super) const VERSION: u32 = 4;

const DAY: i64 = 86400;
const YEAR: i64 = 365 * DAY;

#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    version: u32,
    pub(super) sign_ca: KeptPair,
    pub(super) auth_ca: KeptPair,
    pub(super) issuers: KeptIssuers,
    pub(super) cards: Vec<KeptCard>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeptKey(String);

#[derive(Serialize, Deserialize)]
pub(super) struct KeptPair {
    key: KeptKey,
    certificate: String,
}

/// Keys behind the text and surface applications. Certificates and signatures are made anew: they come out the same.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptIssuers {
    text_root: KeptKey,
    foreign_text_root: KeptKey,
    text: KeptKey,
    surface_root: KeptKey,
    surface: KeptKey,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeptCard {
    pub(super) name: String,
    pub(super) serial: u32,
    pub(super) sign: Option<KeptPair>,
    pub(super) auth: KeptPair,
    pub(super) card_key: KeptKey,
}

impl Kept {
    pub(super) fn make(now: i64) -> Result<Self, FamilyError> {
        let sign_ca = Authority::new(Purpose::Sign, 0x00C1_39F0, now)?;
        let auth_ca = Authority::new(Purpose::Auth, 0x0000_BFCD, now)?;
        // Same name, another key: what a certificate of a foreign CA looks like when it wants to deceive.
        let foreign_ca = Authority::new(Purpose::Sign, 0x00C1_39F0, now)?;
        let foreign_auth_ca = Authority::new(Purpose::Auth, 0x0000_BFCD, now)?;
        let mut made = keys::rsa_keys(5 + 3 * people::ALL.len())?;
        let mut rsa = || made.next().ok_or(FamilyError::Damaged);
        let issuers = KeptIssuers {
            text_root: KeptKey::new(&rsa()?)?,
            foreign_text_root: KeptKey::new(&rsa()?)?,
            text: KeptKey::new(&rsa()?)?,
            surface_root: KeptKey::new(&rsa()?)?,
            surface: KeptKey::new(&rsa()?)?,
        };
        let mut cards = Vec::new();
        for (serial, person) in (0x0001_0001..).zip(&people::ALL) {
            let signer = if person.signing == Signing::Foreign { &foreign_ca } else { &sign_ca };
            let mut issue = |ca: &Authority, purpose| {
                let key = if person.body == Body::Next { keys::ec_key()? } else { rsa()? };
                let certificate = ca.issue(&order(person, purpose, serial, now), &person.holder(), &key)?;
                KeptPair::new(&key, &certificate)
            };
            let auth = issue(if person.login == Login::Foreign { &foreign_auth_ca } else { &auth_ca }, Purpose::Auth)?;
            let sign = issue(signer, Purpose::Sign)?;
            cards.push(KeptCard {
                name: person.card.into(),
                serial,
                sign: (person.signing != Signing::None).then_some(sign),
                auth,
                card_key: KeptKey::new(&rsa()?)?,
            });
        }
        Ok(Self {
            version: VERSION,
            sign_ca: KeptPair::new(&sign_ca.key, &sign_ca.der()?)?,
            auth_ca: KeptPair::new(&auth_ca.key, &auth_ca.der()?)?,
            issuers,
            cards,
        })
    }
}

fn order(person: &Person, purpose: Purpose, serial: u32, now: i64) -> Order {
    let (from, until) = match person.signing {
        Signing::Expired => (now - 6 * YEAR, now - DAY),
        Signing::Birthday => (now - 4 * YEAR, next_birthday(person.birth_date, now)),
        _ => (now - 30 * DAY, now + 4 * YEAR),
    };
    Order { name_substitutes: person.name_substitutes, ..Order::new(purpose, serial, from, until) }
}

/// The last second of the next birthday, Japanese time: 14:59:59Z.
fn next_birthday(birth_date: &str, now: i64) -> i64 {
    let number = |text: &str| text.parse::<i64>().unwrap_or(1).max(1);
    let (month, day) = (number(&birth_date[5..7]), number(&birth_date[7..9]));
    let this_year = 1970 + now / (365 * DAY + DAY / 4);
    (this_year - 1..)
        .map(|year| days_since_1970(year, month, day) * DAY + 15 * 3600 - 1)
        .find(|end| *end > now)
        .unwrap_or(now)
}

/// Days of the Gregorian calendar, its year beginning in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469
}

impl KeptKey {
    fn new(key: &PKey<Private>) -> Result<Self, FamilyError> {
        Ok(Self(STANDARD.encode(key.private_key_to_der().map_err(IssueError::from)?)))
    }

    pub(super) fn open(&self) -> Result<PKey<Private>, FamilyError> {
        let der = STANDARD.decode(&self.0).map_err(|_| FamilyError::Damaged)?;
        PKey::private_key_from_der(&der).map_err(|_| FamilyError::Damaged)
    }
}

impl KeptPair {
    fn new(key: &PKey<Private>, certificate: &[u8]) -> Result<Self, FamilyError> {
        Ok(Self { key: KeptKey::new(key)?, certificate: STANDARD.encode(certificate) })
    }

    pub(super) fn key(&self) -> Result<PKey<Private>, FamilyError> {
        self.key.open()
    }

    pub(super) fn certificate(&self) -> Result<Vec<u8>, FamilyError> {
        STANDARD.decode(&self.certificate).map_err(|_| FamilyError::Damaged)
    }

    pub(super) fn authority(&self) -> Result<Authority, FamilyError> {
        let certificate = X509::from_der(&self.certificate()?).map_err(|_| FamilyError::Damaged)?;
        Ok(Authority { key: self.key()?, certificate })
    }
}

impl KeptIssuers {
    pub(super) fn open(&self) -> Result<Issuers, FamilyError> {
        self.under(&self.text_root)
    }

    /// The same identifiers with another root key: what forged records look like.
    pub(super) fn open_foreign(&self) -> Result<Issuers, FamilyError> {
        self.under(&self.foreign_text_root)
    }

    fn under(&self, text_root: &KeptKey) -> Result<Issuers, FamilyError> {
        Ok(Issuers {
            text_root: text_root.open()?,
            text: self.text.open()?,
            surface_root: self.surface_root.open()?,
            surface: self.surface.open()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_ends_in_japanese_time() {
        assert_eq!(days_since_1970(1970, 1, 1), 0);
        assert_eq!(days_since_1970(2000, 2, 29), 11016);
        // From 2026-04-01T00:00:00Z to 2026-09-03T14:59:59Z, and over the turn of the year.
        assert_eq!(next_birthday("420010903", 1_775_001_600), 1_788_447_599);
        assert_eq!(next_birthday("420010301", 1_775_001_600), 1_803_913_199);
    }
}
