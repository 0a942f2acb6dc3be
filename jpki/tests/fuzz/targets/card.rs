//! A card that answers as the bytes say: each answer is a length, so many bytes, and a status word of two more.

use jpki::{Transport, transport::TransportError};

use super::acts;

struct Scripted<'a>(&'a [u8]);

impl Transport for Scripted<'_> {
    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
        let (length, rest) = self.0.split_first().ok_or(TransportError::Removed)?;
        // Most answers have to be right for a session to go on.
        if *length >= 0xF0 {
            self.0 = rest;
            return Ok(vec![0x90, 0x00]);
        }
        let wanted = usize::from(*length) + 2;
        let (answer, rest) = rest.split_at(wanted.min(rest.len()));
        self.0 = rest;
        Ok(answer.to_vec())
    }
}

pub fn run(data: &[u8]) {
    if let Some((which, answers)) = data.split_first() {
        acts::act(*which, &mut Scripted(answers));
    }
}
