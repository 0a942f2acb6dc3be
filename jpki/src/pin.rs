//! Secrets of a card: never shown, wiped when dropped, and each knows which one it is.

use std::fmt;

use zeroize::Zeroizing;

/// Which secret of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// 利用者証明用 PIN: four digits, three tries.
    Auth,
    /// 署名用 password: 6 to 16 letters and digits, five tries.
    Sign,
    /// 券面事項入力補助 PIN: four digits, three tries.
    Text,
    /// 照合番号B, printed on the card: 14 digits, ten tries.
    NumberB,
    /// The birth date as the card's key to its age record: six digits. How many tries a real card gives is not known.
    BirthDate,
}

impl Secret {
    /// How many tries a right one gives back.
    pub(crate) fn full(self) -> u8 {
        match self {
            Secret::Auth | Secret::Text => 3,
            Secret::Sign => 5,
            Secret::NumberB | Secret::BirthDate => 10,
        }
    }
}

/// A PIN, a signature password or a number. It can only be sent to the reference it is for.
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
        Self::digits(Secret::Auth, text, 4)
    }

    /// The four digits of the 券面事項入力補助 PIN.
    ///
    /// # Errors
    /// Anything but four ASCII digits.
    pub fn text(text: &str) -> Result<Self, PinForm> {
        Self::digits(Secret::Text, text, 4)
    }

    /// 照合番号B: birth date YYMMDD with the year in the Japanese era, year in which the card ends, security code.
    ///
    /// # Errors
    /// Anything but fourteen ASCII digits.
    pub fn number_b(text: &str) -> Result<Self, PinForm> {
        Self::digits(Secret::NumberB, text, 14)
    }

    /// The birth date YYMMDD with the year in the Japanese era.
    ///
    /// # Errors
    /// Anything but six ASCII digits.
    pub fn birth_date(text: &str) -> Result<Self, PinForm> {
        Self::digits(Secret::BirthDate, text, 6)
    }

    fn digits(secret: Secret, text: &str, length: usize) -> Result<Self, PinForm> {
        if text.len() != length || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PinForm);
        }
        Ok(Self { secret, bytes: Zeroizing::new(text.as_bytes().to_vec()) })
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
            assert_eq!(Pin::text(text).is_ok(), good, "{text}");
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

    #[test]
    fn cap_09_no_secret_has_the_twelve_digits_of_the_number() {
        assert!(Pin::number_b("63022920354821").is_ok() && Pin::birth_date("630229").is_ok());
        for twelve in ["000000000000", "123456789012"] {
            for refused in [Pin::auth(twelve), Pin::text(twelve), Pin::number_b(twelve), Pin::birth_date(twelve)] {
                assert_eq!(refused.err(), Some(PinForm));
            }
            assert_eq!(Pin::signature(twelve).err(), Some(PinForm));
        }
    }
}
