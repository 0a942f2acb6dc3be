//! The card itself: one command in, one answer out, with the security state of a real one.

mod command;
mod plastic;

pub(super) use plastic::Plastic;

use std::sync::Arc;

use self::command::Parsed;
use super::{
    Trouble,
    fault::Wire,
    files::{App, File, Key},
    reference::{Guard, Try},
    sign,
};
use crate::transport::{Seal, Transport, TransportError};

/// Habits of some cards and readers, for tests of the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quirk {
    /// None.
    #[default]
    None,
    /// The first command after power-up answers 6F00.
    FirstCommandFails,
    /// Answers with data come by 61xx and GET RESPONSE.
    GetResponse,
    /// A read with a wrong Le answers 6Cxx.
    ExactLe,
}

/// A soft card that lies in a reader, powered.
pub struct SoftCard {
    plastic: Arc<Plastic>,
    quirk: Quirk,
    app: App,
    file: Option<u16>,
    verified: Vec<Guard>,
    /// The application whose security status `verified` is: it outlives a warm reset.
    verified_in: App,
    fresh: bool,
    pending: Vec<u8>,
    wire: Wire,
}

type Answer = Result<Vec<u8>, u16>;

const NO_RIGHTS: u16 = 0x6982;
const WRONG_TYPE: u16 = 0x6981;
const NO_FILE: u16 = 0x6A82;
const NO_OBJECT: u16 = 0x6A88;
const NO_CURRENT_FILE: u16 = 0x6986;
const BLOCKED: u16 = 0x6984;

impl SoftCard {
    pub(super) fn new(plastic: Arc<Plastic>, trouble: Trouble) -> Self {
        Self {
            plastic,
            quirk: Quirk::None,
            app: App::Isd,
            file: None,
            verified: Vec::new(),
            verified_in: App::Isd,
            fresh: true,
            pending: Vec::new(),
            wire: Wire::new(trouble),
        }
    }

    /// The same card with a habit.
    #[must_use]
    pub fn with_quirk(mut self, quirk: Quirk) -> Self {
        self.quirk = quirk;
        self
    }

    /// Power lost and back: the security status is gone.
    pub fn power_cycle(&mut self) {
        self.verified.clear();
        self.warm_reset();
        self.fresh = true;
    }

    /// Warm reset: the selection is gone, **the security status is not**, as on real cards.
    pub fn warm_reset(&mut self) {
        self.app = App::Isd;
        self.file = None;
        self.pending.clear();
    }

    /// What was touched of the never-list, since the card was made.
    #[must_use]
    pub fn trips(&self) -> Vec<&'static str> {
        self.plastic.trips()
    }

    /// Answer to reset of a contact card.
    #[must_use]
    pub fn atr(&self) -> &'static [u8] {
        &[0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14]
    }

    /// Answers one command.
    pub fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let first = std::mem::take(&mut self.fresh);
        let answer = if first && self.quirk == Quirk::FirstCommandFails { Err(0x6F00) } else { self.execute(command) };
        let (mut data, status) = match answer {
            Ok(data) => (data, 0x9000),
            Err(status) => (Vec::new(), status),
        };
        let mut status: u16 = status;
        if self.quirk == Quirk::GetResponse && !data.is_empty() && command.get(1) != Some(&0xC0) {
            status = 0x6100 | (data.len() % 256) as u16;
            self.pending = std::mem::take(&mut data);
        }
        data.extend(status.to_be_bytes());
        data
    }

    fn execute(&mut self, command: &[u8]) -> Answer {
        let Parsed { class, instruction, p1, p2, data, le, extended } = Parsed::read(command)?;
        if class & 0x03 != 0 {
            // Logical channels other than the basic one.
            return Err(0x6881);
        }
        if extended && instruction != 0xCA {
            return Err(sign::BAD_LENGTH);
        }
        match (class, instruction) {
            (0x00, 0xA4) => self.select(p1, data),
            (0x00, 0xB0) => self.read(p1, p2, le),
            (0x00, 0xB2) => self.read_record(p1, p2),
            (0x00, 0xCA) => self.data_object(p1, p2, le),
            (0x00, 0x20) => self.verify(p1, p2, data),
            (0x00, 0x24) => self.change(p1, p2, data),
            (0x80, 0x2A) => self.sign(p1, p2, data),
            (0x00, 0xC0) => Ok(std::mem::take(&mut self.pending)),
            (0x80, 0xA2) => {
                self.plastic.trip("terminal certificate");
                Err(NO_RIGHTS)
            }
            (0x80, 0xAE) => {
                self.plastic.trip("secure messaging key");
                Err(NO_RIGHTS)
            }
            (0x00 | 0x80, _) => Err(0x6D00),
            _ => Err(0x6E00),
        }
    }

    fn select(&mut self, p1: u8, data: &[u8]) -> Answer {
        match p1 {
            0x04 => {
                let app = App::by_aid(data).filter(|app| self.plastic.files().has(*app)).ok_or(NO_FILE)?;
                if app != self.verified_in {
                    self.verified.clear();
                    self.verified_in = app;
                }
                (self.app, self.file) = (app, None);
                Ok(Vec::new())
            }
            0x02 => {
                let id = u16::from_be_bytes(<[u8; 2]>::try_from(data).map_err(|_| sign::BAD_LENGTH)?);
                match self.plastic.files().files.get(&(self.app, id)) {
                    None => return Err(NO_FILE),
                    Some(File::Never(what)) => self.plastic.trip(what),
                    Some(_) => {}
                }
                self.file = Some(id);
                Ok(Vec::new())
            }
            // The trap: after a reset an error, in an application a success that selects nothing.
            0x00 if data.is_empty() && self.app != App::Isd => Ok(Vec::new()),
            _ => Err(sign::BAD_PARAMETERS),
        }
    }

    /// The file a command means: by short identifier (which selects it), or the current one.
    fn file(&mut self, short: Option<u8>) -> Result<File, u16> {
        if let Some(short) = short {
            self.select(0x02, &[0, short])?;
        }
        let id = self.file.ok_or(NO_CURRENT_FILE)?;
        self.plastic.files().files.get(&(self.app, id)).cloned().ok_or(NO_FILE)
    }

    fn read(&mut self, p1: u8, p2: u8, le: Option<usize>) -> Answer {
        let short = (p1 & 0x80 != 0).then_some(p1 & 0x1F);
        let offset = if short.is_some() { usize::from(p2) } else { usize::from(p1) << 8 | usize::from(p2) };
        let content = match self.file(short)? {
            File::Open(guards, content) if guards.is_empty() || guards.iter().any(|g| self.verified.contains(g)) => {
                content
            }
            File::Open(..) | File::Never(_) => return Err(NO_RIGHTS),
            File::Record(_) | File::Pin(_) | File::Key(_) => return Err(WRONG_TYPE),
        };
        let rest = content.get(offset..).filter(|rest| !rest.is_empty()).ok_or(0x6B00u16)?;
        let wanted = le.ok_or(sign::BAD_LENGTH)?;
        if self.quirk == Quirk::ExactLe && wanted > rest.len() {
            return Err(0x6C00 | (rest.len() % 256) as u16);
        }
        Ok(rest[..wanted.min(rest.len())].to_vec())
    }

    fn read_record(&mut self, p1: u8, p2: u8) -> Answer {
        let short = (p2 >> 3 != 0).then_some(p2 >> 3);
        match self.file(short)? {
            File::Record(_) if p1 != 1 || p2 & 0x07 != 4 => Err(0x6A83),
            File::Record(content) => Ok(content),
            File::Never(_) => Err(NO_RIGHTS),
            _ => Err(WRONG_TYPE),
        }
    }

    /// GET DATA, in the power-on state alone. What is longer than 256 bytes wants an extended Le.
    fn data_object(&mut self, p1: u8, p2: u8, le: Option<usize>) -> Answer {
        let tag = u16::from_be_bytes([p1, p2]);
        if self.app != App::Isd {
            return Err(NO_OBJECT);
        }
        let object = self.plastic.files().objects.get(&tag).ok_or(NO_OBJECT)?;
        if le.is_none_or(|le| le < object.len()) { Err(sign::BAD_LENGTH) } else { Ok(object.clone()) }
    }

    fn verify(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        if p1 != 0 || p2 & 0x80 == 0 {
            return Err(sign::BAD_PARAMETERS);
        }
        let File::Pin(guard) = self.file((p2 != 0x80).then_some(p2 & 0x1F))? else {
            return Err(WRONG_TYPE);
        };
        if data.is_empty() {
            // Asking costs nothing, and is answered when blocked as well.
            return Err(0x63C0 | u16::from(self.plastic.tries_left(guard)));
        }
        if data.len() > 16 {
            return Err(sign::BAD_LENGTH);
        }
        match self.plastic.attempt(guard, data) {
            Try::Blocked => Err(BLOCKED),
            Try::Right => {
                self.verified.retain(|verified| *verified != guard);
                self.verified.push(guard);
                Ok(Vec::new())
            }
            Try::Wrong(left) => {
                self.verified.retain(|verified| *verified != guard);
                Err(0x63C0 | u16::from(left))
            }
        }
    }

    /// CHANGE REFERENCE DATA: the new value alone, after a VERIFY of the old one.
    fn change(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        if p1 != 1 || p2 & 0x80 == 0 || !matches!(self.app, App::Jpki | App::Text) {
            return Err(sign::BAD_PARAMETERS);
        }
        let File::Pin(guard) = self.file((p2 != 0x80).then_some(p2 & 0x1F))? else {
            return Err(WRONG_TYPE);
        };
        if !self.verified.contains(&guard) {
            return Err(NO_RIGHTS);
        }
        let fits = match guard {
            Guard::Auth | Guard::TextPin => data.len() == 4,
            Guard::Sign => (6..=16).contains(&data.len()),
            // Numbers are derived from what is printed: nobody changes them.
            _ => return Err(NO_RIGHTS),
        };
        if !fits {
            return Err(sign::BAD_LENGTH);
        }
        self.plastic.change(guard, data);
        Ok(Vec::new())
    }

    fn sign(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        let key = match p2 {
            // The application's own key.
            0x00 if matches!(self.app, App::Text | App::Surface) => Key::Card,
            0x80..=0x9F => match self.file((p2 != 0x80).then_some(p2 & 0x1F))? {
                File::Key(key) => key,
                _ => return Err(WRONG_TYPE),
            },
            _ => return Err(sign::BAD_PARAMETERS),
        };
        let guard = match key {
            Key::Auth => Some(Guard::Auth),
            Key::Sign => Some(Guard::Sign),
            Key::Card => None,
        };
        if guard.is_some_and(|guard| !self.verified.contains(&guard)) {
            return Err(NO_RIGHTS);
        }
        let key = self.plastic.key(key).ok_or(NO_FILE)?;
        sign::signature(key, p1, data)
    }
}

impl Transport for SoftCard {
    fn carry(&mut self, command: &[u8], _: Seal) -> Result<Vec<u8>, TransportError> {
        let mut wire = std::mem::take(&mut self.wire);
        let answer = wire.carry(command, |command| self.answer(command));
        self.wire = wire;
        answer
    }
}
