//! From a proof to a fact: [`verify()`] runs the whole checklist and alone makes a [`Verified`].
//!
//! In order, each with a refusal of its own: well-formed canonical DER, each extension once; made for digital signature
//! (policy, issuer's unit); policy of this hierarchy; key usage with nonRepudiation and no extended one; chain by
//! signature to a pinned root; root a CA in its time; certificate in its time;
//! RSA of 2048 bits or more with e = 65537, or P-384;
//! not revoked; the statement is ours, of this ticket, unaltered, and the signature fits; the basic four are consistent.
//! A recovery ([`verify_recovery`]) and a consent ([`verify_consent`]) go the same way with another statement; the login certificate goes its own ([`login`]).

mod login;

pub use login::{VerifiedLogin, verify_login};

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use crate::{
    Anchors, BasicFour, Enrolment, Refusal, Revocation, RevocationData, SignedProof,
    anchors::Root,
    certificate::{Certificate, Purpose, oid},
    revocation::Method,
    statement::{Consent, Kind, Recovery},
};

/// What the certificate proved. Made by [`verify()`] only.
#[derive(Clone)]
pub struct Verified {
    basic_four: BasicFour,
    issuer: Vec<u8>,
    serial: Vec<u8>,
    not_after: i64,
    checks: Vec<Check>,
    applicant: Option<String>,
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("checks", &self.checks).finish_non_exhaustive()
    }
}

impl Verified {
    /// Name, birth date, sex, address.
    #[must_use]
    pub fn basic_four(&self) -> &BasicFour {
        &self.basic_four
    }

    /// The certificate's keyed name: HMAC-SHA-256 over issuer and serial.
    #[must_use]
    pub fn keyed_serial(&self, key: &[u8]) -> [u8; 32] {
        keyed_serial(key, &self.issuer, &self.serial)
    }

    /// The certificate's serial number in hexadecimal. It is the same wherever the card is used: whoever keeps or gives it
    /// away lets others link what the person does.
    #[must_use]
    pub fn serial_hex(&self) -> String {
        self.serial.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The keyed name that a platform operator has for the person; it stays when the card is renewed.
    #[must_use]
    pub fn keyed_applicant(&self, key: &[u8]) -> Option<[u8; 32]> {
        self.applicant.as_ref().map(|applicant| keyed_serial(key, b"applicant", applicant.as_bytes()))
    }

    /// When the certificate ends, epoch seconds. The proofing ends with it.
    #[must_use]
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// What was checked, and what was not.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

/// The keyed name of a certificate, by its issuer's DER name and its serial.
pub(crate) fn keyed_serial(key: &[u8], issuer: &[u8], serial: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    // The issuer's DER knows its own length: issuer and serial cannot run into each other.
    mac.update(issuer);
    mac.update(serial);
    mac.finalize().into_bytes().into()
}

/// One line of the evidence record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: CheckKind,
    /// What came of it.
    pub outcome: Outcome,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Signature of the person over the statement.
    Statement,
    /// Chain to a pinned production root; `NotChecked` for a test root.
    ProductionRoot,
    /// Signature chain.
    Chain,
    /// Validity of certificate and root.
    Validity,
    /// Key usage, extended key usage, policy.
    Purpose,
    /// Revocation.
    Revocation,
    /// The issuer's own record of what a text application holds.
    Integrity,
}

/// What came of a check. A failed one is a [`Refusal`] and leaves no record here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Done and passed, as of the given epoch second.
    Passed {
        /// The time of the evidence.
        at: i64,
    },
    /// Not revoked, said by this method as of the given epoch second.
    Good {
        /// When its list or answer was made.
        at: i64,
        /// By whom.
        by: Method,
    },
    /// Not done, and why: a value, not an absence.
    NotChecked {
        /// The reason.
        why: String,
    },
}

/// Verifies that the person behind `proof` signed exactly `expected`, by the checklist of the module docs.
///
/// Single use of the nonce is the caller's: take the ticket before you call this.
///
/// # Errors
/// The first check that fails, as its own [`Refusal`].
pub fn verify(
    proof: &SignedProof,
    anchors: &Anchors,
    revocation: &RevocationData,
    expected: &Enrolment,
    at: i64,
) -> Result<Verified, Refusal> {
    verify_signature(proof, anchors, revocation, expected, at)
}

/// Verifies that the person behind `proof` signed exactly this recovery, by the same checklist.
///
/// # Errors
/// The first check that fails, as its own [`Refusal`].
pub fn verify_recovery(
    proof: &SignedProof,
    anchors: &Anchors,
    revocation: &RevocationData,
    expected: &Recovery,
    at: i64,
) -> Result<Verified, Refusal> {
    verify_signature(proof, anchors, revocation, expected, at)
}

/// Verifies that the person behind `proof` signed exactly this consent, by the same checklist. Whether that is the person whose
/// values they are, the caller sees by the certificate's keyed name ([`Verified::keyed_serial`]).
///
/// # Errors
/// The first check that fails, as its own [`Refusal`].
pub fn verify_consent(
    proof: &SignedProof,
    anchors: &Anchors,
    revocation: &RevocationData,
    expected: &Consent,
    at: i64,
) -> Result<Verified, Refusal> {
    verify_signature(proof, anchors, revocation, expected, at)
}

fn verify_signature(
    proof: &SignedProof,
    anchors: &Anchors,
    revocation: &RevocationData,
    expected: &impl Kind,
    at: i64,
) -> Result<Verified, Refusal> {
    let certificate = Certificate::parse(&proof.sign_certificate.0)?;
    let root = trusted(&certificate, anchors, at)?;
    let found = not_revoked(revocation.status(&certificate, root, at))?;
    signed((&proof.statement.0, &proof.signature.0), &certificate, expected)?;
    Ok(Verified {
        basic_four: certificate.basic_four()?,
        issuer: certificate.issuer_der(),
        serial: certificate.serial().to_vec(),
        not_after: certificate.validity().1,
        checks: evidence(anchors, found, at),
        applicant: revocation.applicant().map(str::to_owned),
    })
}

/// The certificate is one for digital signature, from a root of ours, in its time, with a sound key.
fn trusted<'a>(certificate: &Certificate, anchors: &'a Anchors, at: i64) -> Result<&'a Root, Refusal> {
    fit_for_signature(certificate, anchors)?;
    in_time(certificate, anchors, Purpose::Sign, at)
}

/// From a root of ours for that purpose, both in their time, with a sound key.
fn in_time<'a>(
    certificate: &Certificate,
    anchors: &'a Anchors,
    purpose: Purpose,
    at: i64,
) -> Result<&'a Root, Refusal> {
    let root = anchors.issuer_of(certificate, purpose)?;
    root.fit(at)?;
    let (from, until) = certificate.validity();
    if at < from {
        return Err(Refusal::NotYetValid);
    }
    if at > until {
        return Err(Refusal::Expired);
    }
    certificate.sound_key()?;
    Ok(root)
}

fn fit_for_signature(certificate: &Certificate, anchors: &Anchors) -> Result<(), Refusal> {
    if certificate.purpose()? == Some(Purpose::Auth) {
        return Err(Refusal::WrongPurpose);
    }
    // A test policy is worth nothing beside a production root, and the reverse.
    let policy = if anchors.is_test() { oid::SIGN_POLICY_TEST } else { oid::SIGN_POLICY };
    if certificate.policies()? != [policy] {
        return Err(Refusal::WrongPolicy);
    }
    let usage = certificate.key_usage()?.ok_or(Refusal::WrongKeyUsage)?;
    let signs = usage.digital_signature() && usage.non_repudiation();
    let issues = usage.key_cert_sign() || usage.crl_sign() || certificate.is_ca()?;
    // The profile of this certificate has no extended key usage: one that has it was made for something else.
    if !signs || issues || certificate.extended_key_usage()?.is_some() {
        return Err(Refusal::WrongKeyUsage);
    }
    Ok(())
}

fn not_revoked(found: Revocation) -> Result<Outcome, Refusal> {
    match found {
        Revocation::Good { at, by } => Ok(Outcome::Good { at, by }),
        Revocation::NotChecked { why } => Ok(Outcome::NotChecked { why }),
        Revocation::Revoked => Err(Refusal::Revoked),
        Revocation::Duplicate => Err(Refusal::AlreadyRegistered),
        Revocation::Stale => Err(Refusal::RevocationUnknown),
    }
}

/// The statement is of the expected kind, of this ticket, unaltered, and the signature over it fits.
fn signed<K: Kind>(
    (statement, signature): (&[u8], &[u8]),
    certificate: &Certificate,
    expected: &K,
) -> Result<(), Refusal> {
    let nonce = K::nonce_in(statement).map_err(|_| Refusal::ForeignStatement)?;
    if nonce != *expected.nonce() {
        return Err(Refusal::ReplayedNonce);
    }
    // One statement has one spelling.
    if statement != expected.to_bytes() {
        return Err(Refusal::AlteredStatement);
    }
    let fits = certificate.sound_key()?.verifies(statement, signature);
    if fits { Ok(()) } else { Err(Refusal::BadSignature) }
}

fn evidence(anchors: &Anchors, revocation: Outcome, at: i64) -> Vec<Check> {
    let passed = Outcome::Passed { at };
    let root = if anchors.is_test() { Outcome::NotChecked { why: "test root".into() } } else { passed.clone() };
    [
        (CheckKind::Statement, passed.clone()),
        (CheckKind::ProductionRoot, root),
        (CheckKind::Chain, passed.clone()),
        (CheckKind::Validity, passed.clone()),
        (CheckKind::Purpose, passed),
        (CheckKind::Revocation, revocation),
    ]
    .map(|(what, outcome)| Check { what, outcome })
    .into()
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;
