//! The firewall: what may be sent to a card. Always on, in every build.
//!
//! The same PIN that opens the basic four opens the 12-digit number, so only this stands between. It is a list of what
//! is allowed: an application by its full identifier (a prefix could select another one), a few files of it, a few
//! commands. Everything else is refused before the card sees it, the never-list first of all: text/0001 (the number),
//! surface/0005 (its picture), numbers A, the resident register, terminal certificates, secure messaging keys.

use crate::transport::{Transport, TransportError};

/// A command that is never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// No application of ours, or not by its full identifier.
    #[error("this application is not for us")]
    Application,
    /// A file of the application that is not for us.
    #[error("file {0:04X} is not for us")]
    File(u16),
    /// A command that is not for us.
    #[error("command {0:02X} {1:02X} is not for us")]
    Command(u8, u8),
}

/// JPKI application.
pub(crate) const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/// Issuer security domain, the power-on state.
pub(crate) const ISD: [u8; 7] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum App {
    Isd,
    Jpki,
}

impl App {
    fn by_full_aid(aid: &[u8]) -> Option<App> {
        match aid {
            _ if aid == JPKI => Some(App::Jpki),
            _ if aid == ISD => Some(App::Isd),
            _ => None,
        }
    }

    fn files(self) -> &'static [u16] {
        match self {
            App::Isd => &[],
            App::Jpki => &[0x0001, 0x0002, 0x0006, 0x0008, 0x000A, 0x000B, 0x0017, 0x0018, 0x001A, 0x001B],
        }
    }
}

/// A transport that lets through what [the module](self) allows.
pub struct Firewall<T> {
    inner: T,
    app: App,
}

impl<T: Transport> Firewall<T> {
    /// Stands before `inner`.
    pub fn new(inner: T) -> Self {
        Self { inner, app: App::Isd }
    }

    fn judge(&self, command: &[u8]) -> Result<(), Forbidden> {
        let &[class, instruction, p1, p2, ref body @ ..] = command else {
            return Err(Forbidden::Command(0, 0));
        };
        let not_ours = Err(Forbidden::Command(class, instruction));
        match (class, instruction, p1, p2) {
            (0x00, 0xA4, 0x04, 0x0C) => match selected(body).and_then(App::by_full_aid) {
                Some(_) => Ok(()),
                None => Err(Forbidden::Application),
            },
            (0x00, 0xA4, 0x02, 0x0C) => match selected(body) {
                Some(&[high, low]) => self.judge_file(u16::from_be_bytes([high, low])),
                _ => not_ours,
            },
            // The current file was judged when it was selected; short identifiers would select one anew.
            (0x00, 0xB0, 0x00..=0x7F, _) | (0x00, 0x20, 0x00, 0x80) | (0x80, 0x2A, 0x00, 0x80) => Ok(()),
            (0x00, 0xC0, 0x00, 0x00) => Ok(()),
            _ => not_ours,
        }
    }

    fn judge_file(&self, id: u16) -> Result<(), Forbidden> {
        if self.app.files().contains(&id) { Ok(()) } else { Err(Forbidden::File(id)) }
    }
}

/// The data of a SELECT without Le: exactly what its length says.
fn selected(body: &[u8]) -> Option<&[u8]> {
    let (length, data) = body.split_first()?;
    (data.len() == usize::from(*length)).then_some(data)
}

impl<T: Transport> Transport for Firewall<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.judge(command)?;
        let response = self.inner.transmit(command)?;
        let accepted = matches!(response.as_slice(), [.., 0x90 | 0x61 | 0x62, _]);
        if accepted && let [0x00, 0xA4, 0x04, 0x0C, body @ ..] = command {
            self.app = selected(body).and_then(App::by_full_aid).unwrap_or(App::Isd);
        }
        Ok(response)
    }
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests {
    use super::*;
    use crate::{apdu::Command, soft::kit};

    const TEXT: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];
    const SURFACE: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
    const COMMON: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00];
    const RESIDENT: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01];

    /// Every entry of the never-list as a sequence of commands that would reach it.
    fn never_list() -> Vec<(&'static str, Vec<Vec<u8>>)> {
        let app = |aid: &[u8]| Command::select_application(aid).bytes().to_vec();
        let file = |id: u16| Command::select_file(id).bytes().to_vec();
        vec![
            ("the number", vec![app(TEXT), file(0x0001)]),
            ("the number by short identifier", vec![app(TEXT), vec![0x00, 0xB0, 0x81, 0x00, 0x00]]),
            ("its picture", vec![app(SURFACE), file(0x0005)]),
            ("number A, text", vec![app(TEXT), file(0x0014)]),
            ("number A, text, by short identifier", vec![app(TEXT), vec![0x00, 0x20, 0x00, 0x94]]),
            ("number A, surface", vec![app(SURFACE), file(0x0013)]),
            ("resident PIN, common", vec![app(COMMON), file(0x001C)]),
            ("resident PIN", vec![app(RESIDENT), file(0x001C)]),
            ("terminal key", vec![app(&JPKI), file(0x0016)]),
            ("terminal certificate", vec![app(&JPKI), vec![0x80, 0xA2, 0x00, 0x00]]),
            ("secure messaging key", vec![app(TEXT), file(0x0006)]),
        ]
    }

    #[test]
    fn cap_09_the_never_list_does_not_reach_the_card() {
        let family = kit::family();
        for (what, commands) in never_list() {
            let card = family.card("hanako").unwrap();

            let mut guarded = Firewall::new(card.insert());
            let answers: Vec<_> = commands.iter().map(|c| guarded.transmit(c)).collect();
            assert!(answers.iter().any(|a| matches!(a, Err(TransportError::Forbidden(_)))), "{what}");
            assert!(card.insert().trips().is_empty(), "{what}");
        }
    }

    #[test]
    fn cap_09_without_the_firewall_the_wire_trips() {
        for (what, commands) in never_list() {
            let family = kit::family();
            let mut card = family.card("hanako").unwrap().insert();
            for command in &commands {
                card.answer(command);
            }
            assert!(!card.trips().is_empty(), "{what}");
        }
    }

    #[test]
    fn a_prefix_of_an_application_is_refused() {
        let family = kit::family();
        let mut guarded = Firewall::new(family.card("hanako").unwrap().insert());
        for aid in [&JPKI[..5], &JPKI[..9], &[]] {
            let answer = guarded.transmit(Command::select_application(aid).bytes());
            assert_eq!(answer, Err(TransportError::Forbidden(Forbidden::Application)));
        }
    }
}
