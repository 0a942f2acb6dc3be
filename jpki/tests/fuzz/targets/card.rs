//! A card that answers as the bytes say: each answer is a length, so many bytes, and a status word of two more.

use jpki::{soft::Scripted, transport::TransportError};

use super::acts;

fn next(answers: &mut &[u8]) -> Result<Vec<u8>, TransportError> {
    let (length, rest) = answers.split_first().ok_or(TransportError::Removed)?;
    // Most answers have to be right for a session to go on.
    if *length >= 0xF0 {
        *answers = rest;
        return Ok(vec![0x90, 0x00]);
    }
    let wanted = usize::from(*length) + 2;
    let (answer, rest) = rest.split_at(wanted.min(rest.len()));
    *answers = rest;
    Ok(answer.to_vec())
}

pub fn run(data: &[u8]) {
    if let Some((which, mut answers)) = data.split_first() {
        acts::act(*which, &mut Scripted::new(|_| next(&mut answers)));
    }
}
