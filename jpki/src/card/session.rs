//! What the sessions of all applications share.

use zeroize::Zeroizing;

use super::{CardError, LastTry, Verification};
use crate::{
    Pin,
    apdu::{Command, Link, Response},
    never::{App, Firewall},
    pin::Secret,
    tlv::{Header, LONGEST_HEADER},
    transport::{Transport, TransportError},
};

/// What a file held, wiped when it is dropped.
pub(super) type Bytes = Zeroizing<Vec<u8>>;

/// An application is selected.
pub(super) struct Session<T: Transport> {
    link: Link<Firewall<T>>,
    open: bool,
}

/// READ BINARY reaches no further (ISO 7816-4 11.2.3: offset of 15 bits).
const LONGEST_FILE: usize = 0x7FFF;

impl<T: Transport> Session<T> {
    pub(super) fn open(transport: T, app: App) -> Result<Self, CardError> {
        let mut session = Self { link: Link::new(Firewall::new(transport)), open: true };
        match session.link.exchange(&Command::select_application(app.aid()))?.status {
            0x9000 => Ok(session),
            _ => Err(CardError::NoApplication),
        }
    }

    pub(super) fn exchange(&mut self, command: &Command) -> Result<Response, TransportError> {
        self.link.exchange(command)
    }

    pub(super) fn select(&mut self, file: u16) -> Result<(), CardError> {
        done(self.exchange(&Command::select_file(file))?).map(drop)
    }

    pub(super) fn read(&mut self, offset: u16, length: u8) -> Result<Bytes, CardError> {
        done(self.exchange(&Command::read(offset, length))?)
    }

    /// The first record of a file.
    pub(super) fn read_record(&mut self, file: u16) -> Result<Bytes, CardError> {
        self.select(file)?;
        done(self.exchange(&Command::read_first_record())?)
    }

    /// Reads one DER SEQUENCE. Its header says how long it is: filler follows it in the file.
    pub(super) fn read_der(&mut self, file: u16) -> Result<Vec<u8>, CardError> {
        self.select(file)?;
        let head = self.read(0, 4)?;
        let [0x30, 0x82, high, low] = head[..] else {
            return Err(CardError::Malformed);
        };
        let total = 4 + usize::from(u16::from_be_bytes([high, low]));
        self.read_rest(&head, total).map(|der| der.to_vec())
    }

    /// Reads the one element of a file, which begins with that tag, without the filler behind it.
    pub(super) fn read_element(&mut self, file: u16, tag: u16) -> Result<Bytes, CardError> {
        self.select(file)?;
        let head = self.read(0, LONGEST_HEADER as u8)?;
        let header = Header::read(&head)?;
        if header.tag != tag {
            return Err(CardError::Malformed);
        }
        self.read_rest(&head, header.total())
    }

    fn read_rest(&mut self, head: &[u8], total: usize) -> Result<Bytes, CardError> {
        if total > LONGEST_FILE {
            return Err(CardError::Malformed);
        }
        // The whole space at once: growing would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(total.max(head.len()) + 256));
        bytes.extend_from_slice(head);
        while bytes.len() < total {
            // 0 asks for 256.
            let wanted = u8::try_from(total - bytes.len()).unwrap_or(0);
            let piece = self.read(bytes.len() as u16, wanted)?;
            if piece.is_empty() || piece.len() > 256 {
                return Err(CardError::Malformed);
            }
            bytes.extend_from_slice(&piece);
        }
        bytes.truncate(total);
        Ok(bytes)
    }

    /// Tries left of the secret behind a reference. Free.
    pub(super) fn tries_left(&mut self, file: u16, secret: Secret) -> Result<u8, CardError> {
        self.select(file)?;
        match self.exchange(&Command::tries_left())?.status {
            status @ 0x63C0..=0x63CF => Ok((status & 0x0F) as u8),
            0x6983 | 0x6984 => Ok(0),
            // Some cards answer so while it is verified, and a right one gives all tries back.
            0x9000 => Ok(secret.full()),
            status => Err(CardError::Status(status)),
        }
    }

    pub(super) fn verify(&mut self, file: u16, pin: &Pin, last_try: LastTry) -> Result<Verification, CardError> {
        let before = self.tries_left(file, pin.secret())?;
        match before {
            0 => return Ok(Verification::Blocked),
            1 if last_try == LastTry::Keep => return Ok(Verification::LastTry),
            _ => {}
        }
        match self.exchange(&Command::verify(pin.bytes()))?.status {
            0x9000 => Ok(Verification::Verified),
            0x63C0 | 0x6983 | 0x6984 => Ok(Verification::Blocked),
            status @ 0x63C1..=0x63CF => match (status & 0x0F) as u8 {
                left if left < before => Ok(Verification::Wrong { left }),
                // A wrong one costs a try: this is not the answer to it.
                _ => Err(CardError::Status(status)),
            },
            status => Err(CardError::Status(status)),
        }
    }

    pub(super) fn change(
        &mut self,
        file: u16,
        old: &Pin,
        new: &Pin,
        last_try: LastTry,
    ) -> Result<Verification, CardError> {
        if old.secret() != new.secret() {
            return Err(CardError::OtherApplication);
        }
        let verified = self.verify(file, old, last_try)?;
        if verified == Verification::Verified {
            done(self.exchange(&Command::change(new.bytes()))?)?;
        }
        Ok(verified)
    }

    pub(super) fn end(mut self) -> Result<(), CardError> {
        self.open = false;
        self.leave()
    }

    fn leave(&mut self) -> Result<(), CardError> {
        done(self.exchange(&Command::select_application(App::Isd.aid()))?).map(drop)
    }
}

impl<T: Transport> Drop for Session<T> {
    fn drop(&mut self) {
        if self.open {
            // Nobody is left to hear of a failure; the reader cuts the power as well.
            let _ = self.leave();
        }
    }
}

pub(super) fn done(response: Response) -> Result<Bytes, CardError> {
    match response.status {
        0x9000 => Ok(response.data),
        status => Err(CardError::Status(status)),
    }
}
