//! The card itself: one command in, one answer out, with the security state of a real one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openssl::pkey::{PKey, Private};

use super::{
    files::{App, File, Files, Guard},
    sign,
};
use crate::transport::{Transport, TransportError};

/// What lies in the plastic: files, keys, secrets, and counters that survive removal.
pub(super) struct Plastic {
    pub(super) files: Files,
    pub(super) auth_key: PKey<Private>,
    pub(super) sign_key: PKey<Private>,
    pub(super) pin: Vec<u8>,
    pub(super) password: Vec<u8>,
    pub(super) tries: Mutex<Tries>,
    pub(super) trips: Mutex<Vec<&'static str>>,
}

/// Tries left.
#[derive(Clone, Copy)]
pub(super) struct Tries {
    pub(super) auth: u8,
    pub(super) sign: u8,
    pub(super) text: u8,
}

impl Tries {
    pub(super) const FULL: Tries = Tries { auth: 3, sign: 5, text: 3 };

    fn of(&mut self, guard: Guard) -> &mut u8 {
        match guard {
            Guard::Auth => &mut self.auth,
            Guard::Sign => &mut self.sign,
            Guard::Text => &mut self.text,
        }
    }
}

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
}

type Answer = Result<Vec<u8>, u16>;

const NO_RIGHTS: u16 = 0x6982;
const WRONG_TYPE: u16 = 0x6981;
const NO_FILE: u16 = 0x6A82;
const NO_CURRENT_FILE: u16 = 0x6986;
const BLOCKED: u16 = 0x6984;

impl SoftCard {
    pub(super) fn new(plastic: Arc<Plastic>) -> Self {
        Self {
            plastic,
            quirk: Quirk::None,
            app: App::Isd,
            file: None,
            verified: Vec::new(),
            verified_in: App::Isd,
            fresh: true,
            pending: Vec::new(),
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
        locked(&self.plastic.trips).clone()
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
        let &[class, instruction, p1, p2, ref body @ ..] = command else {
            return Err(sign::BAD_LENGTH);
        };
        let (data, le) = body_of(body)?;
        if class & 0x03 != 0 {
            return Err(0x6881);
        }
        match (class, instruction) {
            (0x00, 0xA4) => self.select(p1, data),
            (0x00, 0xB0) => self.read(p1, p2, le),
            (0x00, 0xB2) => self.read_record(p1, p2),
            (0x00, 0x20) => self.verify(p1, p2, data),
            (0x80, 0x2A) => self.sign(p1, p2, data),
            (0x00, 0xC0) => Ok(std::mem::take(&mut self.pending)),
            (0x80, 0xA2) => {
                self.trip("terminal certificate");
                Err(NO_RIGHTS)
            }
            (0x00 | 0x80, _) => Err(0x6D00),
            _ => Err(0x6E00),
        }
    }

    fn select(&mut self, p1: u8, data: &[u8]) -> Answer {
        match p1 {
            0x04 => {
                let app = App::by_aid(data).ok_or(NO_FILE)?;
                if app != self.verified_in {
                    self.verified.clear();
                    self.verified_in = app;
                }
                (self.app, self.file) = (app, None);
                Ok(Vec::new())
            }
            0x02 => {
                let id = <[u8; 2]>::try_from(data).map_err(|_| sign::BAD_LENGTH)?;
                let id = u16::from_be_bytes(id);
                let what = match self.plastic.files.get(&(self.app, id)) {
                    None => return Err(NO_FILE),
                    Some(File::Never(what)) => Some(*what),
                    Some(_) => None,
                };
                what.inspect(|what| self.trip(what));
                self.file = Some(id);
                Ok(Vec::new())
            }
            _ => Err(sign::BAD_PARAMETERS),
        }
    }

    /// The file a command means: by short identifier (which selects it), or the current one.
    fn file(&mut self, short: Option<u8>) -> Result<File, u16> {
        if let Some(short) = short {
            self.select(0x02, &[0, short])?;
        }
        let id = self.file.ok_or(NO_CURRENT_FILE)?;
        self.plastic.files.get(&(self.app, id)).cloned().ok_or(NO_FILE)
    }

    fn read(&mut self, p1: u8, p2: u8, le: Option<usize>) -> Answer {
        let short = (p1 & 0x80 != 0).then_some(p1 & 0x1F);
        let offset = if short.is_some() { usize::from(p2) } else { usize::from(p1) << 8 | usize::from(p2) };
        let content = match self.file(short)? {
            File::Free(content) => content,
            File::Guarded(guard, content) if self.verified.contains(&guard) => content,
            File::Guarded(..) | File::Never(_) => return Err(NO_RIGHTS),
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

    fn verify(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        if p1 != 0 || p2 & 0x80 == 0 {
            return Err(sign::BAD_PARAMETERS);
        }
        let File::Pin(guard) = self.file((p2 != 0x80).then_some(p2 & 0x1F))? else {
            return Err(WRONG_TYPE);
        };
        let right = match guard {
            Guard::Sign => &self.plastic.password,
            Guard::Auth | Guard::Text => &self.plastic.pin,
        };
        let mut tries = locked(&self.plastic.tries);
        let left = tries.of(guard);
        if data.is_empty() {
            // Asking costs nothing, and is answered when blocked as well.
            return Err(0x63C0 | u16::from(*left));
        }
        if *left == 0 {
            return Err(BLOCKED);
        }
        self.verified.retain(|verified| *verified != guard);
        if data == right.as_slice() {
            *left = *Tries::FULL.clone().of(guard);
            self.verified.push(guard);
            return Ok(Vec::new());
        }
        *left -= 1;
        Err(0x63C0 | u16::from(*left))
    }

    fn sign(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        if p2 & 0x80 == 0 {
            return Err(sign::BAD_PARAMETERS);
        }
        let File::Key(guard) = self.file((p2 != 0x80).then_some(p2 & 0x1F))? else {
            return Err(WRONG_TYPE);
        };
        if !self.verified.contains(&guard) {
            return Err(NO_RIGHTS);
        }
        let key = if guard == Guard::Sign { &self.plastic.sign_key } else { &self.plastic.auth_key };
        sign::signature(key, p1, data)
    }

    fn trip(&self, what: &'static str) {
        locked(&self.plastic.trips).push(what);
    }
}

/// Command data and expected length of a short APDU.
fn body_of(body: &[u8]) -> Result<(&[u8], Option<usize>), u16> {
    let length = |le: u8| if le == 0 { 256 } else { usize::from(le) };
    match body {
        [] => Ok((&[], None)),
        [le] => Ok((&[], Some(length(*le)))),
        [lc, rest @ ..] if rest.len() == usize::from(*lc) => Ok((rest, None)),
        [lc, data @ .., le] if data.len() == usize::from(*lc) => Ok((data, Some(length(*le)))),
        _ => Err(sign::BAD_LENGTH),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for SoftCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.answer(command))
    }
}
