//! The firewall: what may be sent to a card. Always on, in every build.
//!
//! The same PIN that opens the basic four opens the 12-digit number, so only this stands between. It is a list of what
//! is allowed: an application by its full identifier (a prefix could select another one), a few files of it, and for
//! each of these the commands that make sense. Everything else is refused before the card sees it, the never-list first
//! of all: text/0001 (the number), surface/0005 (its picture), numbers A, the resident register, terminal certificates,
//! secure messaging keys.
//!
//! Which application is selected must be certain, because the same file identifier is a certificate in one and the number
//! in another. From the moment a selection is sent until the card has accepted it, nothing else may be sent.

mod rules;

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;

use crate::transport::{Seal, Transport, TransportError};

pub(crate) use rules::App;

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

/// A transport that lets through what [the module](self) allows.
pub(crate) struct Firewall<T> {
    inner: T,
    /// The selected application; none while it is not certain.
    app: Option<App>,
    /// The selected file of it, likewise.
    file: Option<u16>,
}

impl<T: Transport> Firewall<T> {
    /// Stands before `inner`.
    pub(crate) fn new(inner: T) -> Self {
        Self { inner, app: None, file: None }
    }

    fn judge(&self, command: &[u8]) -> Result<Selection, Forbidden> {
        let &[class, instruction, p1, p2, ref body @ ..] = command else {
            return Err(Forbidden::Command(0, 0));
        };
        let not_ours = Forbidden::Command(class, instruction);
        let allowed = |holds: bool| if holds { Ok(Selection::Stays) } else { Err(not_ours) };
        let on = |files: fn(App) -> &'static [u16]| {
            self.app.zip(self.file).is_some_and(|(app, file)| files(app).contains(&file))
        };
        match (class, instruction, p1, p2) {
            (0x00, 0xA4, 0x04, 0x0C) => {
                let app = data_alone(body).and_then(App::by_full_aid).ok_or(Forbidden::Application)?;
                Ok(Selection::App(app))
            }
            (0x00, 0xA4, 0x02, 0x0C) => match data_alone(body) {
                Some(&[high, low]) => self.judge_file(u16::from_be_bytes([high, low])),
                _ => Err(not_ours),
            },
            // The current file was judged when it was selected; short identifiers would select one anew.
            (0x00, 0xB0, 0x00..=0x7F, _) => allowed(body.len() == 1 && on(App::to_read)),
            (0x00, 0xB2, 0x01, 0x04) => allowed(body.len() == 1 && on(App::records)),
            (0x00, 0x20, 0x00, 0x80) => allowed((body.is_empty() || secret(body)) && on(App::secrets)),
            (0x00, 0x24, 0x01, 0x80) => allowed(secret(body) && on(App::changeable)),
            (0x80, 0x2A, 0x00, 0x80) => allowed(data_and_le(body).is_some_and(rules::is_digest) && on(App::keys)),
            (0x80, 0x2A, 0x00, 0x00) => {
                let own_key = self.app.is_some_and(App::has_own_key);
                allowed(data_and_le(body).is_some_and(rules::is_digest_info) && own_key)
            }
            (0x00, 0xC0, 0x00, 0x00) => allowed(body.len() == 1 && self.app.is_some()),
            _ => Err(not_ours),
        }
    }

    fn judge_file(&self, id: u16) -> Result<Selection, Forbidden> {
        let holds = self.app.is_some_and(|app| app.holds(id));
        if holds { Ok(Selection::File(id)) } else { Err(Forbidden::File(id)) }
    }
}

/// What a command selects.
enum Selection {
    App(App),
    File(u16),
    Stays,
}

/// The data of a command without Le: exactly what its length says, in the short form.
fn data_alone(body: &[u8]) -> Option<&[u8]> {
    let (length, data) = body.split_first()?;
    (data.len() == usize::from(*length)).then_some(data)
}

/// The data of a command that ends in Le, likewise.
fn data_and_le(body: &[u8]) -> Option<&[u8]> {
    data_alone(body.split_last()?.1)
}

fn secret(body: &[u8]) -> bool {
    data_alone(body).is_some_and(|data| (1..=16).contains(&data.len()))
}

impl<T: Transport> Transport for Firewall<T> {
    fn carry(&mut self, command: &[u8], seal: Seal) -> Result<Vec<u8>, TransportError> {
        let selection = self.judge(command)?;
        let before = (self.app, self.file);
        match selection {
            Selection::App(_) => (self.app, self.file) = (None, None),
            Selection::File(_) => self.file = None,
            Selection::Stays => {}
        }
        let response = self.inner.carry(command, seal)?;
        let accepted = matches!(response.as_slice(), [.., 0x90 | 0x61 | 0x62, _]);
        match selection {
            Selection::App(app) if accepted => (self.app, self.file) = (Some(app), None),
            Selection::File(id) if accepted => (self.app, self.file) = (before.0, Some(id)),
            _ => {}
        }
        Ok(response)
    }
}
