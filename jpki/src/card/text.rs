//! A session with the text application (券面事項入力補助): the basic four as its issuer signed them, and the chip's own
//! signature.
//!
//! EF 0003, which proves the basic four, also holds an unsalted hash of the 12-digit number (DF31). It lives in this
//! file's functions alone: read into memory that is wiped, looked at, gone.

use super::{
    CardError, LastTry, Verification,
    session::{Session, done},
};
use crate::{
    BasicFour, Pin, Refusal, TextAnchors,
    apdu::Command,
    cv::{Certificate, digest_info},
    never::App,
    pin::Secret,
    text::record,
    transport::Transport,
};
use sha2::{Digest, Sha256};

/// A session with the text application.
pub struct Text<T: Transport> {
    session: Session<T>,
}

/// What was read, and found to fit together. What it proves depends on the root, which the verifier knows.
pub(crate) struct TextFiles {
    /// EF 0002.
    pub(crate) basic_four: Vec<u8>,
    /// EF 0004, the issuer's certificate.
    pub(crate) certificate: Vec<u8>,
    /// EF 0007, the chip's key as signed by the issuer.
    pub(crate) own_key: Vec<u8>,
}

impl<T: Transport> Text<T> {
    /// Selects the text application.
    ///
    /// # Errors
    /// [`CardError::NoApplication`] where it is not, as on a phone.
    pub fn open(transport: T) -> Result<Self, CardError> {
        Session::open(transport, App::Text).map(|session| Self { session })
    }

    /// Tries left of a secret. Free: no try is spent.
    ///
    /// # Errors
    /// The secret is of another application, or the card refuses or is gone.
    pub fn tries_left(&mut self, secret: Secret) -> Result<u8, CardError> {
        self.session.tries_left(reference(secret)?, secret)
    }

    /// Verifies the PIN or number B, once, after asking how many tries are left. Never repeats by itself.
    ///
    /// # Errors
    /// The secret is of another application, the card answers something else, or is gone.
    pub fn verify(&mut self, pin: &Pin, last_try: LastTry) -> Result<Verification, CardError> {
        self.session.verify(reference(pin.secret())?, pin, last_try)
    }

    /// Gives the PIN another value: verifies the old one, then writes the new one.
    ///
    /// # Errors
    /// The two are not both the PIN of this application, the card refuses or is gone.
    pub fn change_pin(&mut self, old: &Pin, new: &Pin, last_try: LastTry) -> Result<Verification, CardError> {
        match old.secret() {
            Secret::Text => self.session.change(0x0011, old, new, last_try),
            _ => Err(CardError::OtherApplication),
        }
    }

    /// Reads the basic four and proves them on the spot, without any network: chain to a root of ours, integrity record,
    /// and a signature of the chip over `challenge`, which must be fresh.
    ///
    /// # Errors
    /// The card refuses (its secret first), is gone, or proves nothing; in the last case the refusal says why.
    pub fn read_basic_four(&mut self, anchors: &TextAnchors, challenge: &[u8; 32]) -> Result<BasicFour, NotRead> {
        let files = self.read()?;
        let certificate = Certificate::read(&files.certificate)?;
        let issuer = certificate.proven_key(anchors)?;
        let chip = record::own_key(&files.own_key, issuer)?;
        let challenge = presence(challenge);
        let signature = self.sign(&challenge)?;
        if !chip.signed(&challenge, &signature) {
            return Err(Refusal::BadSignature.into());
        }
        Ok(record::basic_four(&files.basic_four)?.0)
    }

    /// Reads what proves the basic four, and checks that it belongs together under the issuer that the card names.
    pub(crate) fn read(&mut self) -> Result<TextFiles, CardError> {
        let certificate = self.session.read_element(0x0004, 0x7F21)?.to_vec();
        let basic_four = self.session.read_element(0x0002, 0xFF20)?.to_vec();
        let own_key = self.session.read_element(0x0007, 0xFF50)?.to_vec();
        let (_, digest) = record::basic_four(&basic_four).map_err(|_| CardError::Malformed)?;
        {
            let named = Certificate::read(&certificate).map_err(|_| CardError::Malformed)?;
            record::own_key(&own_key, named.unproven_key()).map_err(|_| CardError::Unproven)?;
            // Wiped at the end of this block, whatever it came to.
            let integrity = self.session.read_element(0x0003, 0xFF30)?;
            record::integrity(&integrity, named.unproven_key(), &digest).map_err(|_| CardError::Unproven)?;
        }
        Ok(TextFiles { basic_four, certificate, own_key })
    }

    /// The chip signs with the key of this application, which wants no secret. Only what this crate builds.
    pub(crate) fn sign(&mut self, bytes: &[u8]) -> Result<Vec<u8>, CardError> {
        let command = Command::authenticate(&digest_info(&Sha256::digest(bytes)));
        done(self.session.exchange(&command)?).map(|signature| signature.to_vec())
    }

    /// Ends the session: another application is selected, which clears what was verified.
    ///
    /// # Errors
    /// The card does not answer; cut its power.
    pub fn end(self) -> Result<(), CardError> {
        self.session.end()
    }
}

/// What the chip signs to show that it is here. The tag keeps the signature from meaning anything elsewhere.
pub(super) fn presence(challenge: &[u8; 32]) -> Vec<u8> {
    [b"PASS-JPKI-PRESENCE-v1\n", &challenge[..]].concat()
}

/// Why an application gave no fact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// The card, the reader or the secret.
    #[error(transparent)]
    Card(#[from] CardError),
    /// What the card says is not proven.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

fn reference(secret: Secret) -> Result<u16, CardError> {
    match secret {
        Secret::Text => Ok(0x0011),
        Secret::NumberB => Ok(0x0015),
        Secret::Auth | Secret::Sign | Secret::BirthDate => Err(CardError::OtherApplication),
    }
}
