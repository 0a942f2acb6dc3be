//! Typed sessions with the applications of a card, behind the firewall: [`Card`] is JPKI, [`Text`], [`Surface`] and
//! [`Common`] are the other three.
//!
//! A session ends at the issuer security domain, also when it is dropped: a verified PIN survives disconnect and warm
//! reset, and only another selection or loss of power clears it. JPKI keys sign a [`Statement`], never bytes.

mod common_application;
mod error;
mod profile;
mod session;
mod surface;
mod text;

pub use common_application::{CardRecord, Common};
pub use error::CardError;
pub use profile::{Profile, Token};
pub use surface::{AgeRecord, FaceRecord, Surface};
pub use text::{NotRead, Text};

use crate::{
    Pin, apdu::Command, certificate::Purpose, never::App, pin::Secret, statement::Statement, transport::Transport,
};

use session::{Session, done};

/// A session with the JPKI application.
pub struct Card<T: Transport> {
    session: Session<T>,
    profile: Option<Profile>,
}

/// Which certificates are on the card (EF 0008). Anything but the known mark counts as absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Availability {
    /// 署名用, for digital signature.
    pub sign: bool,
    /// 利用者証明用, for login.
    pub auth: bool,
}

/// What a VERIFY came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Right.
    Verified,
    /// Wrong, and so many tries left on the card.
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// No try left. The municipal office unlocks it.
    Blocked,
    /// One try is left and was not spent: nothing was sent.
    LastTry,
}

/// What to do when a single try is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTry {
    /// Stop. The kiosk and the agent always do.
    Keep,
    /// Spend it, because the person insists with staff at hand.
    Spend,
}

impl<T: Transport> Card<T> {
    /// Selects the JPKI application; whether it is there decides what the card is, never the ATR.
    ///
    /// # Errors
    /// [`CardError::NotJpki`] for any other card.
    pub fn open(transport: T) -> Result<Self, CardError> {
        match Session::open(transport, App::Jpki) {
            Ok(session) => Ok(Self { session, profile: None }),
            Err(CardError::NoApplication) => Err(CardError::NotJpki),
            Err(other) => Err(other),
        }
    }

    /// What kind of token this is.
    ///
    /// # Errors
    /// The card refuses or is gone.
    pub fn token(&mut self) -> Result<Token, CardError> {
        self.session.select(0x0006)?;
        Ok(Token::of(&self.session.read(0, 32)?))
    }

    /// Which algorithms the card uses.
    ///
    /// # Errors
    /// The card refuses or is gone.
    pub fn profile(&mut self) -> Result<Profile, CardError> {
        if let Some(known) = self.profile {
            return Ok(known);
        }
        let profile = self.token()?.profile();
        self.profile = Some(profile);
        Ok(profile)
    }

    /// Which certificates the card holds; ask before asking for a password.
    ///
    /// # Errors
    /// The card refuses or is gone.
    pub fn availability(&mut self) -> Result<Availability, CardError> {
        const PRESENT: u8 = 0x8F;
        self.session.select(0x0008)?;
        let marks = self.session.read(0, 3)?;
        let has = |i: usize| marks.get(i) == Some(&PRESENT);
        Ok(Availability { sign: has(0), auth: has(1) })
    }

    /// Tries left of a secret. Free: no try is spent.
    ///
    /// # Errors
    /// The secret is of another application, or the card refuses or is gone.
    pub fn tries_left(&mut self, secret: Secret) -> Result<u8, CardError> {
        self.session.tries_left(reference(secret)?, secret)
    }

    /// Verifies a PIN or password, once, after asking how many tries are left. Never repeats by itself.
    ///
    /// # Errors
    /// The secret is of another application, the card answers something else, or is gone.
    pub fn verify(&mut self, pin: &Pin, last_try: LastTry) -> Result<Verification, CardError> {
        self.session.verify(reference(pin.secret())?, pin, last_try)
    }

    /// Gives a secret another value: verifies the old one, then writes the new one. What is not verified is not changed.
    ///
    /// # Errors
    /// The two are not the same kind of secret, the card refuses or is gone.
    pub fn change_pin(&mut self, old: &Pin, new: &Pin, last_try: LastTry) -> Result<Verification, CardError> {
        self.session.change(reference(old.secret())?, old, new, last_try)
    }

    /// The certificate for login. Free on a card, after its PIN on a phone.
    ///
    /// # Errors
    /// The card refuses, is gone, or holds no DER there.
    pub fn read_auth_certificate(&mut self) -> Result<Vec<u8>, CardError> {
        self.session.read_der(0x000A)
    }

    /// The certificate for digital signature. Only after its password.
    ///
    /// # Errors
    /// The card refuses, is gone, or holds no DER there.
    pub fn read_sign_certificate(&mut self) -> Result<Vec<u8>, CardError> {
        self.session.read_der(0x0001)
    }

    /// The CA certificate that lies beside a certificate. It proves nothing: trust comes from [`crate::Anchors`].
    ///
    /// # Errors
    /// The card refuses, is gone, or holds no DER there.
    pub fn read_ca_certificate(&mut self, purpose: Purpose) -> Result<Vec<u8>, CardError> {
        self.session.read_der(match purpose {
            Purpose::Auth => 0x000B,
            Purpose::Sign => 0x0002,
        })
    }

    /// Signs a statement with the key that its kind prescribes, as the card's profile does it.
    ///
    /// # Errors
    /// The secret of that key was not verified, the card refuses or is gone.
    pub fn sign(&mut self, statement: &dyn Statement) -> Result<Vec<u8>, CardError> {
        let key = match statement.key() {
            Secret::Auth => 0x0017,
            Secret::Sign => 0x001A,
            Secret::Text | Secret::NumberB | Secret::BirthDate => return Err(CardError::OtherApplication),
        };
        let digest = self.profile()?.digest(&statement.to_bytes());
        self.session.select(key)?;
        done(self.session.exchange(&Command::sign(&digest))?).map(|signature| signature.to_vec())
    }

    /// Ends the session: another application is selected, which clears what was verified.
    ///
    /// # Errors
    /// The card does not answer; cut its power.
    pub fn end(self) -> Result<(), CardError> {
        self.session.end()
    }
}

fn reference(secret: Secret) -> Result<u16, CardError> {
    match secret {
        Secret::Auth => Ok(0x0018),
        Secret::Sign => Ok(0x001B),
        Secret::Text | Secret::NumberB | Secret::BirthDate => Err(CardError::OtherApplication),
    }
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;
