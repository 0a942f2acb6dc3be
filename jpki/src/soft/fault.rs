//! What goes wrong between a card and its reader, on purpose.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::transport::TransportError;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The card is taken away before it hears the command.
    RemovedBefore,
    /// The card is taken away after it acted and before it answers.
    RemovedAfter,
    /// The reader is unplugged.
    Unplugged,
    /// The answer takes so long.
    Slow(Duration),
    /// The answer is noise.
    Garbage,
    /// The answer has no status word.
    Short,
    /// The answer's data are cut, its status is right.
    Cut,
    /// The answer before comes once more.
    Duplicated,
    /// This answer and the next change places.
    Swapped,
}

impl Fault {
    /// Every fault, the slow one with a fiftieth of a second.
    pub const ALL: [Fault; 9] = [
        Fault::RemovedBefore,
        Fault::RemovedAfter,
        Fault::Unplugged,
        Fault::Slow(Duration::from_millis(20)),
        Fault::Garbage,
        Fault::Short,
        Fault::Cut,
        Fault::Duplicated,
        Fault::Swapped,
    ];
}

/// Decides from outside when a card that is put into a reader has trouble. It works once.
#[derive(Clone, Default)]
pub struct Trouble(Arc<Mutex<Option<(Fault, usize)>>>);

impl Trouble {
    /// The command after so many others meets the fault.
    pub fn after(&self, commands: usize, fault: Fault) {
        *self.locked() = Some((fault, commands));
    }

    /// Whether it has happened.
    #[must_use]
    pub fn over(&self) -> bool {
        self.locked().is_none()
    }

    fn next(&self) -> Option<Fault> {
        let mut waiting = self.locked();
        let (fault, left) = (*waiting)?;
        *waiting = left.checked_sub(1).map(|left| (fault, left));
        (left == 0).then_some(fault)
    }

    fn locked(&self) -> MutexGuard<'_, Option<(Fault, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way from one inserted card to its reader.
#[derive(Default)]
pub(super) struct Wire {
    trouble: Trouble,
    before: Vec<u8>,
    /// The card or the reader is gone for good.
    gone: Option<TransportError>,
    /// An answer that comes in place of the next one.
    held: Option<Vec<u8>>,
}

impl Wire {
    pub(super) fn new(trouble: Trouble) -> Self {
        Self { trouble, ..Self::default() }
    }

    pub(super) fn carry(
        &mut self,
        command: &[u8],
        card: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Result<Vec<u8>, TransportError> {
        if let Some(gone) = &self.gone {
            return Err(gone.clone());
        }
        let fault = self.trouble.next();
        match fault {
            Some(Fault::RemovedBefore) => return self.lose(TransportError::Removed),
            Some(Fault::Unplugged) => return self.lose(TransportError::Reader("unplugged".into())),
            _ => {}
        }
        let answer = card(command);
        let previous = std::mem::replace(&mut self.before, answer.clone());
        if let Some(held) = self.held.take() {
            return Ok(held);
        }
        Ok(match fault {
            Some(Fault::RemovedAfter) => return self.lose(TransportError::Removed),
            Some(Fault::Slow(time)) => {
                std::thread::sleep(time);
                answer
            }
            Some(Fault::Garbage) => vec![0xA7; answer.len().max(7)],
            Some(Fault::Short) => vec![0x90],
            Some(Fault::Cut) if answer.len() > 3 => {
                answer[..1].iter().chain(&answer[answer.len() - 2..]).copied().collect()
            }
            Some(Fault::Duplicated) => previous,
            Some(Fault::Swapped) => {
                self.held = Some(answer);
                // The next answer is not there yet: what a reader then gives is what it gave before.
                previous
            }
            _ => answer,
        })
    }

    fn lose(&mut self, why: TransportError) -> Result<Vec<u8>, TransportError> {
        self.gone = Some(why.clone());
        Err(why)
    }
}
