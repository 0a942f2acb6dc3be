//! My Number Card (JPKI): PC/SC reader, APDUs, certificates, revocation, and an honest software card.
//!
//! The street, from the card to the fact:
//! [`transport`] carries APDUs through the firewall of [`never`] and is sealed, [`card`] has one typed session for each application,
//! [`agent`] reads and signs in such sessions, [`SignedProof`] and [`TextProof`] travel to the issuer, [`verify()`] and
//! [`verify_text`] make facts of them. `photo` opens the photo of a card.
//!
//! Left out for now: phones (but for what their JPKI token shares with the card's), secure messaging.

pub mod agent;
pub mod anchors;
pub mod apdu;
pub mod basic_four;
pub mod card;
pub mod certificate;
pub(crate) mod cv;
pub mod never;
#[cfg(feature = "photo")]
pub mod photo;
pub mod pin;
pub mod proof;
#[cfg(feature = "reader")]
pub mod reader;
pub mod refusal;
pub mod revocation;
#[cfg(feature = "soft-card")]
pub mod soft;
pub mod statement;
pub mod text;
pub(crate) mod tlv;
pub mod transport;
pub mod verify;

pub use anchors::Anchors;
pub use basic_four::{BasicFour, BirthDate, Era, Sex};
pub use cv::{KeyId, TextAnchors};
pub use pin::Pin;
pub use proof::{LoginProof, SignedProof};
pub use refusal::Refusal;
pub use revocation::{Revocation, RevocationData};
pub use statement::{
    AnyFields, AnyStatement, Consent, ConsentFields, ConsentRecord, ConsentValue, Enrolment, EnrolmentFields,
    LoginChallenge, LoginFields, Recovery,
};
pub use text::{TextProof, TextReading, VerifiedText, verify_text};
pub use transport::Transport;
pub use verify::{
    Check, CheckKind, Outcome, Verified, VerifiedLogin, verify, verify_consent, verify_login, verify_recovery,
};
