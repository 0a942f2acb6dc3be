//! A session with the surface application (券面事項確認): the age record, and the face of the card with its photo.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{
    CardError, LastTry, Verification,
    session::{Session, done},
    text::{NotRead, presence},
};
use crate::{
    BirthDate, Pin, Refusal, Sex, TextAnchors,
    apdu::Command,
    cv::{CardKey, Certificate, digest_info},
    never::App,
    pin::Secret,
    tlv::Elements,
    transport::Transport,
};

/// A session with the surface application.
pub struct Surface<T: Transport> {
    session: Session<T>,
}

/// The age record: the least a card can be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AgeRecord {
    /// The birth date, signed by the issuer.
    pub birth_date: BirthDate,
}

impl fmt::Debug for AgeRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgeRecord(redacted)")
    }
}

/// The face of the card.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceRecord {
    /// The birth date.
    pub birth_date: BirthDate,
    /// The sex on the card.
    pub sex: Sex,
    /// The name as printed, a PNG of one bit.
    pub name_png: Vec<u8>,
    /// The address as printed, likewise.
    pub address_png: Vec<u8>,
    /// The photo, a greyscale JPEG 2000.
    pub photo_jp2: Vec<u8>,
    /// The day the card ends, YYYYMMDD. **Not signed by anybody.**
    pub expires: String,
}

impl fmt::Debug for FaceRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FaceRecord(redacted)")
    }
}

impl<T: Transport> Surface<T> {
    /// Selects the surface application.
    ///
    /// # Errors
    /// [`CardError::NoApplication`] where it is not, as on a phone.
    pub fn open(transport: T) -> Result<Self, CardError> {
        Session::open(transport, App::Surface).map(|session| Self { session })
    }

    /// Tries left of a secret. Free: no try is spent.
    ///
    /// # Errors
    /// The secret is of another application, or the card refuses or is gone.
    pub fn tries_left(&mut self, secret: Secret) -> Result<u8, CardError> {
        self.session.tries_left(reference(secret)?, secret)
    }

    /// Verifies number B or the birth date, once, after asking how many tries are left. Never repeats by itself.
    ///
    /// # Errors
    /// The secret is of another application, the card answers something else, or is gone.
    pub fn verify(&mut self, pin: &Pin, last_try: LastTry) -> Result<Verification, CardError> {
        self.session.verify(reference(pin.secret())?, pin, last_try)
    }

    /// Reads the age record, after the birth date, and proves it: chain to a root of ours, the issuer's signature, and a
    /// signature of the chip over `challenge`, which must be fresh.
    ///
    /// # Errors
    /// The card refuses, is gone, or proves nothing.
    pub fn read_age(&mut self, anchors: &TextAnchors, challenge: &[u8; 32]) -> Result<AgeRecord, NotRead> {
        let file = self.session.read_element(0x0001, 0xFF10)?;
        let read = Elements::of_file(&file, 0xFF10).map_err(CardError::from)?;
        let signed = read.bytes(&[0xDF11, 0xDF12]).map_err(CardError::from)?;
        let signature = read.get(0xDF13).map_err(CardError::from)?;
        self.proven(anchors, challenge, &read, 0xDF12, |issuer| issuer.signed(signed, signature))?;
        Ok(AgeRecord { birth_date: birth_date(&read, 0xDF11)? })
    }

    /// Reads the face of the card, after number B, and proves it likewise.
    ///
    /// # Errors
    /// The card refuses, is gone, or proves nothing.
    pub fn read_face(&mut self, anchors: &TextAnchors, challenge: &[u8; 32]) -> Result<FaceRecord, NotRead> {
        let file = self.session.read_element(0x0002, 0xFF20)?;
        let read = Elements::of_file(&file, 0xFF20).map_err(CardError::from)?;
        read.offsets_are_true(0xDF21).map_err(CardError::from)?;
        let mut groups = Vec::new();
        for group in [&[0xDF22, 0xDF23, 0xDF24][..], &[0xDF25, 0xDF26], &[0xDF27]] {
            groups.push(read.bytes(group).map_err(CardError::from)?);
        }
        let signature = read.get(0xDF28).map_err(CardError::from)?;
        self.proven(anchors, challenge, &read, 0xDF24, |issuer| issuer.signed_groups(&groups, signature))?;
        let value = |tag: u16| read.get(tag).map(<[u8]>::to_vec).map_err(CardError::from);
        let sex = match read.get(0xDF23) {
            Ok([digit]) => Sex::from_code(digit.wrapping_sub(b'0')).ok_or(CardError::Malformed)?,
            _ => return Err(CardError::Malformed.into()),
        };
        Ok(FaceRecord {
            birth_date: birth_date(&read, 0xDF22)?,
            sex,
            name_png: value(0xDF25)?,
            address_png: value(0xDF26)?,
            photo_jp2: value(0xDF27)?,
            expires: String::from_utf8(value(0xDF29)?).map_err(|_| CardError::Malformed)?,
        })
    }

    /// The record is signed by an issuer under a root of ours, and the chip that the record names is here.
    fn proven(
        &mut self,
        anchors: &TextAnchors,
        challenge: &[u8; 32],
        record: &Elements<'_>,
        chip: u16,
        signed: impl FnOnce(&CardKey) -> bool,
    ) -> Result<(), NotRead> {
        let certificate = self.session.read_element(0x0004, 0x7F21)?;
        let certificate = Certificate::read(&certificate)?;
        if !signed(certificate.proven_key(anchors)?) {
            return Err(CardError::Unproven.into());
        }
        let chip = CardKey::read(record.get(chip).map_err(CardError::from)?)?;
        let challenge = presence(challenge);
        let command = Command::authenticate(&digest_info(&Sha256::digest(&challenge)));
        let signature = done(self.session.exchange(&command).map_err(CardError::from)?)?;
        if chip.signed(&challenge, &signature) { Ok(()) } else { Err(Refusal::BadSignature.into()) }
    }

    /// Ends the session: another application is selected, which clears what was verified.
    ///
    /// # Errors
    /// The card does not answer; cut its power.
    pub fn end(self) -> Result<(), CardError> {
        self.session.end()
    }
}

fn birth_date(read: &Elements<'_>, tag: u16) -> Result<BirthDate, CardError> {
    BirthDate::from_digits(read.get(tag)?).ok_or(CardError::Malformed)
}

fn reference(secret: Secret) -> Result<u16, CardError> {
    match secret {
        Secret::BirthDate => Ok(0x0011),
        Secret::NumberB => Ok(0x0012),
        Secret::Auth | Secret::Sign | Secret::Text => Err(CardError::OtherApplication),
    }
}
