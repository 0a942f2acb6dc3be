//! One typed session with the JPKI application of a card, behind the firewall.
//!
//! A session ends at the issuer security domain, also when it is dropped: a verified PIN survives disconnect and warm
//! reset, and only another selection or loss of power clears it. Signing takes a [`Statement`], never bytes.

mod error;

pub use error::CardError;

use sha2::{Digest, Sha256};

use crate::{
    Pin,
    apdu::{Command, Link, Response, SHA256_DIGEST_INFO},
    never::{self, Firewall},
    pin::Secret,
    statement::Statement,
    transport::Transport,
};

/// A session: the JPKI application is selected.
pub struct Card<T: Transport> {
    link: Link<Firewall<T>>,
    open: bool,
}

/// What the token information names (EF 0006).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A My Number Card.
    MyNumberCard,
    /// The resident register card before it (until 2015).
    ResidentCard,
    /// JPKI on an Android phone.
    Android,
    /// JPKI on an iPhone.
    Iphone,
    /// Something newer than this program.
    Unknown,
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
        let mut link = Link::new(Firewall::new(transport));
        match link.exchange(&Command::select_application(&never::JPKI))?.status {
            0x9000 => Ok(Self { link, open: true }),
            _ => Err(CardError::NotJpki),
        }
    }

    /// What kind of token this is.
    ///
    /// # Errors
    /// The card refuses or is gone.
    pub fn token(&mut self) -> Result<Token, CardError> {
        self.select(0x0006)?;
        let info = self.read(0, 32)?;
        Ok(match info.trim_ascii_end() {
            b"JPKIAPICCTOKEN2" => Token::MyNumberCard,
            b"JPKIAPICCTOKEN" => Token::ResidentCard,
            b"JPKIAPGPSETOKEN" => Token::Android,
            b"JPKIAPIOSTOKEN" => Token::Iphone,
            _ => Token::Unknown,
        })
    }

    /// Which certificates the card holds; ask before asking for a password.
    ///
    /// # Errors
    /// The card refuses or is gone.
    pub fn availability(&mut self) -> Result<Availability, CardError> {
        const PRESENT: u8 = 0x8F;
        self.select(0x0008)?;
        let marks = self.read(0, 3)?;
        let has = |i: usize| marks.get(i) == Some(&PRESENT);
        Ok(Availability { sign: has(0), auth: has(1) })
    }

    /// Tries left of a secret. Free: no try is spent.
    ///
    /// # Errors
    /// The card refuses or is gone.
    pub fn tries_left(&mut self, secret: Secret) -> Result<u8, CardError> {
        self.select(pin_file(secret))?;
        match self.link.exchange(&Command::tries_left())?.status {
            status @ 0x63C0..=0x63CF => Ok((status & 0x0F) as u8),
            0x6983 | 0x6984 => Ok(0),
            status => Err(CardError::Status(status)),
        }
    }

    /// Verifies a PIN or password, once, after asking how many tries are left. Never repeats by itself.
    ///
    /// # Errors
    /// The card answers something else, or is gone.
    pub fn verify(&mut self, pin: &Pin, last_try: LastTry) -> Result<Verification, CardError> {
        match self.tries_left(pin.secret())? {
            0 => return Ok(Verification::Blocked),
            1 if last_try == LastTry::Keep => return Ok(Verification::LastTry),
            _ => {}
        }
        match self.link.exchange(&Command::verify(pin.bytes()))?.status {
            0x9000 => Ok(Verification::Verified),
            0x63C0 | 0x6983 | 0x6984 => Ok(Verification::Blocked),
            status @ 0x63C1..=0x63CF => Ok(Verification::Wrong { left: (status & 0x0F) as u8 }),
            status => Err(CardError::Status(status)),
        }
    }

    /// The certificate for login. Free.
    ///
    /// # Errors
    /// The card refuses, is gone, or holds no DER there.
    pub fn read_auth_certificate(&mut self) -> Result<Vec<u8>, CardError> {
        self.read_der(0x000A)
    }

    /// The certificate for digital signature. Only after its password.
    ///
    /// # Errors
    /// The card refuses, is gone, or holds no DER there.
    pub fn read_sign_certificate(&mut self) -> Result<Vec<u8>, CardError> {
        self.read_der(0x0001)
    }

    /// The CA certificate that lies beside a certificate. It proves nothing: trust comes from [`crate::Anchors`].
    ///
    /// # Errors
    /// The card refuses, is gone, or holds no DER there.
    pub fn read_ca_certificate(&mut self, secret: Secret) -> Result<Vec<u8>, CardError> {
        self.read_der(match secret {
            Secret::Auth => 0x000B,
            Secret::Sign => 0x0002,
        })
    }

    /// Signs a statement with the key that its kind prescribes: PKCS#1 v1.5 over SHA-256.
    ///
    /// # Errors
    /// The secret of that key was not verified, the card refuses or is gone.
    pub fn sign(&mut self, statement: &dyn Statement) -> Result<Vec<u8>, CardError> {
        self.select(match statement.key() {
            Secret::Auth => 0x0017,
            Secret::Sign => 0x001A,
        })?;
        let digest = Sha256::digest(statement.to_bytes());
        let response = self.link.exchange(&Command::sign(&[&SHA256_DIGEST_INFO[..], &digest].concat()))?;
        done(response)
    }

    /// Ends the session: another application is selected, which clears what was verified.
    ///
    /// # Errors
    /// The card does not answer; cut its power.
    pub fn end(mut self) -> Result<(), CardError> {
        self.open = false;
        self.leave()
    }

    fn leave(&mut self) -> Result<(), CardError> {
        let response = self.link.exchange(&Command::select_application(&never::ISD))?;
        done(response).map(drop)
    }

    fn select(&mut self, file: u16) -> Result<(), CardError> {
        let response = self.link.exchange(&Command::select_file(file))?;
        done(response).map(drop)
    }

    fn read(&mut self, offset: u16, length: u8) -> Result<Vec<u8>, CardError> {
        let response = self.link.exchange(&Command::read(offset, length))?;
        done(response)
    }

    /// Reads one DER SEQUENCE. Its header says how long it is: filler follows it in the file.
    fn read_der(&mut self, file: u16) -> Result<Vec<u8>, CardError> {
        self.select(file)?;
        let mut der = self.read(0, 4)?;
        let [0x30, 0x82, high, low] = der[..] else {
            return Err(CardError::Malformed);
        };
        let total = 4 + usize::from(u16::from_be_bytes([high, low]));
        if total > 0x7FFF {
            return Err(CardError::Malformed);
        }
        while der.len() < total {
            // 0 asks for 256.
            let wanted = u8::try_from(total - der.len()).unwrap_or(0);
            let piece = self.read(der.len() as u16, wanted)?;
            if piece.is_empty() {
                return Err(CardError::Malformed);
            }
            der.extend(piece);
        }
        der.truncate(total);
        Ok(der)
    }
}

impl<T: Transport> Drop for Card<T> {
    fn drop(&mut self) {
        if self.open {
            // Nobody is left to hear of a failure; the reader cuts the power as well.
            let _ = self.leave();
        }
    }
}

fn pin_file(secret: Secret) -> u16 {
    match secret {
        Secret::Auth => 0x0018,
        Secret::Sign => 0x001B,
    }
}

fn done(response: Response) -> Result<Vec<u8>, CardError> {
    match response.status {
        0x9000 => Ok(response.data),
        status => Err(CardError::Status(status)),
    }
}
