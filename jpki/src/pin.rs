//! Secrets of a card: never shown, wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

/// A PIN or signature password.
#[derive(Clone)]
pub struct Pin(Zeroizing<Vec<u8>>);

/// The secret has no acceptable form; it was not sent to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the form of this secret")]
pub struct PinForm;

impl Pin {
    /// The four digits of the 利用者証明用 PIN.
    ///
    /// # Errors
    /// Anything but four ASCII digits.
    pub fn auth(text: &str) -> Result<Self, PinForm> {
        if text.len() != 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PinForm);
        }
        Ok(Self(Zeroizing::new(text.as_bytes().to_vec())))
    }

    /// The 署名用 password: 6 to 16 letters and digits, at least one of each, folded to upper case as the card stores it.
    ///
    /// # Errors
    /// Any other length or character.
    pub fn signature(text: &str) -> Result<Self, PinForm> {
        let folded = Zeroizing::new(text.to_ascii_uppercase().into_bytes());
        let form = (6..=16).contains(&folded.len())
            && folded.iter().all(u8::is_ascii_alphanumeric)
            && folded.iter().any(u8::is_ascii_digit)
            && folded.iter().any(u8::is_ascii_uppercase);
        if form { Ok(Self(folded)) } else { Err(PinForm) }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(redacted)")
    }
}
