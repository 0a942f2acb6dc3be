//! What a person signs: a text built from typed fields, with a domain tag in its first line.
//!
//! One line for each field, in fixed order, `name=value`. A value holds no control or direction character, so a line
//! break can only end a field: two different statements never have the same bytes, and the bytes read as a document.
//! The signing functions of [`crate::card`] take a [`Statement`], never bytes or a digest: the card is no signing oracle.

use crate::pin::Secret;

/// The enrolment statement is refused before it is shown or signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// A field is empty, too long, or holds a character that could deceive the reader.
    #[error("the field {0} is not acceptable")]
    Field(&'static str),
    /// The bytes are not the canonical form of this statement.
    #[error("not a statement of this kind")]
    Form,
}

/// Something that a card of ours may sign. Sealed: only the statements of this module.
pub trait Statement: sealed::Sealed {
    /// The bytes to be signed, and nothing else.
    fn to_bytes(&self) -> Vec<u8>;

    /// Which key of the card signs this kind. A login never carries the weight of a signature, nor the reverse.
    fn key(&self) -> Secret;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Enrolment {}
    impl Sealed for super::LoginChallenge {}
}

/// The first line of an enrolment.
pub const ENROLMENT_TAG: &str = "PASS-JPKI-ENROLMENT-v1";
/// The first line of a login challenge.
pub const LOGIN_TAG: &str = "PASS-JPKI-LOGIN-v1";

/// The fields of an enrolment, before they are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentFields {
    /// The issuer's URL.
    pub issuer: String,
    /// The account as the person knows it (a masked mail address), shown before signing.
    pub account: String,
    /// What is agreed to, in the person's language.
    pub purpose: String,
    /// Server randomness, single use.
    pub nonce: [u8; 32],
    /// The ticket this enrolment belongs to.
    pub ticket: String,
    /// When the issuer made the statement, epoch seconds.
    pub issued_at: i64,
}

/// A checked enrolment statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment(EnrolmentFields);

impl Enrolment {
    /// Checks the fields.
    ///
    /// # Errors
    /// A field is empty, too long, or holds a control or direction character.
    pub fn new(fields: EnrolmentFields) -> Result<Self, StatementError> {
        for (name, value, limit) in [
            ("issuer", &fields.issuer, 300),
            ("account", &fields.account, 300),
            ("purpose", &fields.purpose, 2000),
            ("ticket", &fields.ticket, 200),
        ] {
            lines::acceptable(name, value, limit)?;
        }
        Ok(Self(fields))
    }

    /// Reads the canonical bytes back.
    ///
    /// # Errors
    /// Anything but the exact canonical form.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        let [issuer, account, purpose, nonce, ticket, issued_at] =
            lines::read(bytes, ENROLMENT_TAG, ["issuer", "account", "purpose", "nonce", "ticket", "issued-at"])?;
        let fields = EnrolmentFields {
            issuer: issuer.into(),
            account: account.into(),
            purpose: purpose.into(),
            nonce: lines::nonce(nonce)?,
            ticket: ticket.into(),
            issued_at: issued_at.parse().map_err(|_| StatementError::Form)?,
        };
        let parsed = Self::new(fields)?;
        // `+7`, `007` and upper-case hex read alike: only the canonical spelling is a statement.
        if parsed.to_bytes() == bytes { Ok(parsed) } else { Err(StatementError::Form) }
    }

    /// The fields, for the page that shows them.
    #[must_use]
    pub fn fields(&self) -> &EnrolmentFields {
        &self.0
    }
}

impl Statement for Enrolment {
    fn key(&self) -> Secret {
        Secret::Sign
    }

    fn to_bytes(&self) -> Vec<u8> {
        let f = &self.0;
        lines::write(
            ENROLMENT_TAG,
            &[
                ("issuer", &f.issuer),
                ("account", &f.account),
                ("purpose", &f.purpose),
                ("nonce", &lines::hex(&f.nonce)),
                ("ticket", &f.ticket),
                ("issued-at", &f.issued_at.to_string()),
            ],
        )
    }
}

/// The fields of a login challenge, before they are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginFields {
    /// The issuer's URL.
    pub issuer: String,
    /// Server randomness, single use.
    pub nonce: [u8; 32],
    /// The ticket this login belongs to.
    pub ticket: String,
    /// When the issuer made the challenge, epoch seconds.
    pub issued_at: i64,
}

/// A checked login challenge. Only the type: no card signs it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginChallenge(LoginFields);

impl LoginChallenge {
    /// Checks the fields.
    ///
    /// # Errors
    /// A field is empty, too long, or holds a control or direction character.
    pub fn new(fields: LoginFields) -> Result<Self, StatementError> {
        lines::acceptable("issuer", &fields.issuer, 300)?;
        lines::acceptable("ticket", &fields.ticket, 200)?;
        Ok(Self(fields))
    }
}

impl Statement for LoginChallenge {
    fn key(&self) -> Secret {
        Secret::Auth
    }

    fn to_bytes(&self) -> Vec<u8> {
        let f = &self.0;
        lines::write(
            LOGIN_TAG,
            &[
                ("issuer", &f.issuer),
                ("nonce", &lines::hex(&f.nonce)),
                ("ticket", &f.ticket),
                ("issued-at", &f.issued_at.to_string()),
            ],
        )
    }
}

mod lines {
    //! The canonical form shared by all statements.

    use super::StatementError;

    pub(super) fn acceptable(name: &'static str, value: &str, limit: usize) -> Result<(), StatementError> {
        let deceives = |c: char| {
            c.is_control()
                // Line separators, direction marks and overrides, invisible joiners: what is shown must be what is signed.
                || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{061C}')
        };
        if value.trim().is_empty() || value.len() > limit || value.chars().any(deceives) {
            return Err(StatementError::Field(name));
        }
        Ok(())
    }

    pub(super) fn write(tag: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let mut text = format!("{tag}\n");
        for (name, value) in fields {
            text.push_str(name);
            text.push('=');
            text.push_str(value);
            text.push('\n');
        }
        text.into_bytes()
    }

    pub(super) fn read<'a, const N: usize>(
        bytes: &'a [u8],
        tag: &str,
        names: [&str; N],
    ) -> Result<[&'a str; N], StatementError> {
        let text = std::str::from_utf8(bytes).map_err(|_| StatementError::Form)?;
        let mut lines = text.split('\n');
        if lines.next() != Some(tag) {
            return Err(StatementError::Form);
        }
        let mut values = [""; N];
        for (value, name) in values.iter_mut().zip(names) {
            let line = lines.next().ok_or(StatementError::Form)?;
            *value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).ok_or(StatementError::Form)?;
        }
        match (lines.next(), lines.next()) {
            (Some(""), None) => Ok(values),
            _ => Err(StatementError::Form),
        }
    }

    pub(super) fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    pub(super) fn nonce(text: &str) -> Result<[u8; 32], StatementError> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(StatementError::Form);
        }
        let mut nonce = [0; 32];
        for (byte, pair) in nonce.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| StatementError::Form)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| StatementError::Form)?;
        }
        Ok(nonce)
    }
}
