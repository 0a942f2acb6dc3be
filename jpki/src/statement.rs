//! What a person signs: a text built from typed fields, with a domain tag in its first line.
//!
//! One line for each field, in fixed order, `name=value`. A value holds no control or direction character, so a line
//! break can only end a field: two different statements never have the same bytes, and the bytes read as a document.
//! The signing functions of [`crate::card`] take a [`Statement`], never bytes or a digest: the card is no signing oracle.

mod any;
mod consent;
pub(crate) mod lines;
mod login;

pub use any::{AnyFields, AnyStatement};
pub use consent::{Consent, ConsentFields, ConsentRecord, ConsentValue};
pub use login::{LoginChallenge, LoginFields, Recovery};

use std::fmt;

use serde::{Deserialize, Serialize};

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

    /// The server's randomness in it.
    fn nonce(&self) -> &[u8; 32];
}

/// A statement of one kind, for [`crate::verify()`] and its like.
pub(crate) trait Kind: Statement {
    /// The server's randomness in the canonical bytes of a statement of this kind, and of no other.
    fn nonce_in(bytes: &[u8]) -> Result<[u8; 32], StatementError>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Enrolment {}
    impl Sealed for super::LoginChallenge {}
    impl Sealed for super::Recovery {}
    impl Sealed for super::Consent {}
}

/// The first line of an enrolment.
pub const ENROLMENT_TAG: &str = "PASS-JPKI-ENROLMENT-v1";
/// The first line of a login challenge.
pub const LOGIN_TAG: &str = "PASS-JPKI-LOGIN-v1";
/// The first line of a consent.
pub const CONSENT_TAG: &str = "PASS-JPKI-CONSENT-v1";
/// The first line of a declaration of who comes back without anything but the card.
pub const RECOVERY_TAG: &str = "PASS-JPKI-RECOVERY-v1";

/// The fields of an enrolment, or of a text reading ([`crate::TextReading`]), before they are checked. JSON on the way to the agent, the nonce in hex.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentFields {
    /// The issuer's URL.
    pub issuer: String,
    /// The account as the person knows it (a masked mail address), shown before signing.
    pub account: String,
    /// What is agreed to, in the person's language.
    pub purpose: String,
    /// Server randomness, single use.
    #[serde(with = "lines::hex_nonce")]
    pub nonce: [u8; 32],
    /// The ticket this enrolment belongs to.
    pub ticket: String,
    /// When the issuer made the statement, epoch seconds.
    pub issued_at: i64,
}

impl fmt::Debug for EnrolmentFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The account may be a name, the nonce is still to be used.
        f.debug_struct("EnrolmentFields").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl EnrolmentFields {
    pub(crate) fn check(&self) -> Result<(), StatementError> {
        for (name, value, limit) in [
            ("issuer", &self.issuer, 300),
            ("account", &self.account, 300),
            ("purpose", &self.purpose, 2000),
            ("ticket", &self.ticket, 200),
        ] {
            lines::acceptable(name, value, limit)?;
        }
        Ok(())
    }
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
        fields.check()?;
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

impl Enrolment {
    /// The challenge for the login key that belongs to this statement: the same ticket, nonce and moment. Signed in the same
    /// session of the card, it says that both keys are on one card.
    ///
    /// # Errors
    /// Never in practice: a field that this statement accepted is accepted there.
    pub fn challenge(&self) -> Result<LoginChallenge, StatementError> {
        let f = &self.0;
        LoginChallenge::new(LoginFields {
            issuer: f.issuer.clone(),
            purpose: f.purpose.clone(),
            nonce: f.nonce,
            ticket: f.ticket.clone(),
            issued_at: f.issued_at,
        })
    }
}

impl Kind for Enrolment {
    fn nonce_in(bytes: &[u8]) -> Result<[u8; 32], StatementError> {
        Self::parse(bytes).map(|statement| statement.0.nonce)
    }
}

impl Statement for Enrolment {
    fn key(&self) -> Secret {
        Secret::Sign
    }

    fn nonce(&self) -> &[u8; 32] {
        &self.0.nonce
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> EnrolmentFields {
        EnrolmentFields {
            issuer: "https://pass.example".into(),
            account: "h***@mail.example".into(),
            purpose: "氏名・住所を登録します。a=b".into(),
            nonce: [0xAB; 32],
            ticket: "t-1".into(),
            issued_at: 1_775_001_600,
        }
    }

    #[test]
    fn cap_05_a_statement_reads_as_a_document_and_back() {
        let statement = Enrolment::new(fields()).unwrap();
        let bytes = statement.to_bytes();
        let nonce = "ab".repeat(32);
        let text = format!(
            "PASS-JPKI-ENROLMENT-v1\nissuer=https://pass.example\naccount=h***@mail.example\n\
             purpose=氏名・住所を登録します。a=b\nnonce={nonce}\nticket=t-1\nissued-at=1775001600\n"
        );
        assert_eq!(bytes, text.as_bytes());
        assert_eq!(Enrolment::parse(&bytes), Ok(statement));
    }

    #[test]
    fn cap_05_only_the_canonical_bytes_are_a_statement() {
        let good = String::from_utf8(Enrolment::new(fields()).unwrap().to_bytes()).unwrap();
        for spoilt in [
            good.replace("ENROLMENT", "LOGIN"),
            good.replace("-v1", "-v2"),
            good.replace("ab", "AB"),
            good.replace("issued-at=", "issued-at=0"),
            good.replace("issued-at=", "issued-at=+"),
            good.replace('\n', "\r\n"),
            good.replace("\nticket", "\n\nticket"),
            good.replace("ticket", "Ticket"),
            good.trim_end().to_owned(),
            format!("{good}\n"),
            format!("{good}more=1\n"),
            format!(" {good}"),
            String::new(),
        ] {
            assert_eq!(Enrolment::parse(spoilt.as_bytes()), Err(StatementError::Form), "{spoilt}");
        }
        assert_eq!(Enrolment::parse(b"PASS-JPKI-ENROLMENT-v1\nissuer=\xFF\n"), Err(StatementError::Form));
    }

    #[test]
    fn cap_05_a_field_cannot_deceive_its_reader() {
        for text in ["", "  ", "a\nticket=x", "a\rb", "a\tb", "a\u{202E}b", "a\u{200B}b", "a\u{2028}b", "\u{FEFF}a"] {
            for spoil in [
                |f: &mut EnrolmentFields, text: &str| f.account = text.into(),
                |f: &mut EnrolmentFields, text: &str| f.purpose = text.into(),
                |f: &mut EnrolmentFields, text: &str| f.issuer = text.into(),
                |f: &mut EnrolmentFields, text: &str| f.ticket = text.into(),
            ] {
                let mut fields = fields();
                spoil(&mut fields, text);
                assert!(matches!(Enrolment::new(fields), Err(StatementError::Field(_))), "{text:?}");
            }
        }
        let long = EnrolmentFields { account: "a".repeat(301), ..fields() };
        assert_eq!(Enrolment::new(long), Err(StatementError::Field("account")));
    }

    #[test]
    fn cap_05_the_fields_travel_as_json() {
        let json = serde_json::to_value(fields()).unwrap();
        assert_eq!(json["nonce"], "ab".repeat(32));
        assert_eq!(serde_json::from_value::<EnrolmentFields>(json.clone()).unwrap(), fields());
        let mut unknown = json;
        unknown["digest"] = "00".into();
        assert!(serde_json::from_value::<EnrolmentFields>(unknown).is_err(), "nothing but the fields");
    }

    proptest::proptest! {
        #[test]
        fn cap_05_two_statements_never_have_the_same_bytes(
            a in "\\PC{1,20}", b in "\\PC{1,20}", c in "\\PC{1,20}", d in "\\PC{1,20}"
        ) {
            let make = |account: &str, purpose: &str| {
                Enrolment::new(EnrolmentFields { account: account.into(), purpose: purpose.into(), ..fields() })
            };
            if let (Ok(one), Ok(two)) = (make(&a, &b), make(&c, &d)) {
                proptest::prop_assert_eq!(one == two, one.to_bytes() == two.to_bytes());
                proptest::prop_assert_eq!(Enrolment::parse(&one.to_bytes()), Ok(one));
            }
        }

        #[test]
        fn cap_05_hostile_bytes_are_no_statement(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            proptest::prop_assert_eq!(Enrolment::parse(&bytes), Err(StatementError::Form));
        }
    }
}
