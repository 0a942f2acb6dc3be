//! My Number Card (JPKI): PC/SC reader, APDUs, certificates, revocation, and an honest software card.
//!
//! The street, from the card to the fact:
//! [`transport`] carries APDUs through the firewall of [`never`], [`card`] is one typed session, [`agent`] reads
//! and signs in one such session, [`SignedProof`] travels to the issuer, [`verify()`] turns it into [`Verified`].
//!
//! Left out for now: text and surface applications, the chip-signed basic four, OCSP, phones.

pub mod agent;
pub mod anchors;
pub mod apdu;
pub mod basic_four;
pub mod card;
pub mod certificate;
pub mod never;
pub mod pin;
pub mod proof;
#[cfg(feature = "reader")]
pub mod reader;
pub mod refusal;
pub mod revocation;
#[cfg(feature = "soft-card")]
pub mod soft;
pub mod statement;
pub mod transport;
pub mod verify;

pub use anchors::Anchors;
pub use basic_four::{BasicFour, BirthDate, Era, Sex};
pub use pin::Pin;
pub use proof::{LoginProof, SignedProof};
pub use refusal::Refusal;
pub use revocation::{Revocation, RevocationData};
pub use statement::{AnyFields, AnyStatement, Enrolment, EnrolmentFields, LoginChallenge, LoginFields, Recovery};
pub use transport::Transport;
pub use verify::{Check, CheckKind, Outcome, Verified, VerifiedLogin, verify, verify_login, verify_recovery};
