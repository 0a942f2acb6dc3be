//! Secrets of a card: never shown, wiped when dropped, and each knows which one it is.

use std::fmt;

use zeroize::Zeroizing;

/// Which secret of the JPKI application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// 利用者証明用 PIN: four digits, three tries.
    Auth,
    /// 署名用 password: 6 to 16 letters and digits, five tries.
    Sign,
}

/// A PIN or signature password. It can only be sent to the reference it is for.
#[derive(Clone)]
pub struct Pin {
    secret: Secret,
    bytes: Zeroizing<Vec<u8>>,
}

/// The text has not the form of this secret; nothing was sent to the card.
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
        Ok(Self { secret: Secret::Auth, bytes: Zeroizing::new(text.as_bytes().to_vec()) })
    }

    /// The 署名用 password: 6 to 16 letters and digits, one of each at least, folded to upper case as the card keeps it.
    ///
    /// # Errors
    /// Any other length or character.
    pub fn signature(text: &str) -> Result<Self, PinForm> {
        let mut bytes = Zeroizing::new(text.as_bytes().to_vec());
        bytes.make_ascii_uppercase();
        let form = (6..=16).contains(&bytes.len())
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && bytes.iter().any(u8::is_ascii_digit)
            && bytes.iter().any(u8::is_ascii_uppercase);
        if form { Ok(Self { secret: Secret::Sign, bytes }) } else { Err(PinForm) }
    }

    /// Which secret this is.
    #[must_use]
    pub fn secret(&self) -> Secret {
        self.secret
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_05_a_secret_has_its_form_and_is_never_shown() {
        for (text, good) in [("1234", true), ("123", false), ("12345", false), ("12a4", false), ("１２３４", false)]
        {
            assert_eq!(Pin::auth(text).is_ok(), good, "{text}");
        }
        for (text, good) in [
            ("ABC123", true),
            ("abc123", true),
            ("ABCDEFGH12345678", true),
            ("ABC12", false),
            ("ABCDEFGH123456789", false),
            ("ABCDEF", false),
            ("123456", false),
            ("ABC 123", false),
            ("ＡＢＣ１２３", false),
        ] {
            assert_eq!(Pin::signature(text).is_ok(), good, "{text}");
        }
        let pin = Pin::signature("abc123").unwrap();
        assert_eq!(pin.bytes(), b"ABC123");
        assert!(!format!("{pin:?}").contains("123"));
    }
}
