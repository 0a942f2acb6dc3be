//! The login certificate (利用者証明用): a key that a card holds behind four digits, and nothing about the person.
//!
//! The checklist is that of [`crate::verify()`] with the other purpose: a login never passes as a proofing, nor the reverse.
//! Policy of user authentication; key usage digitalSignature alone; extended key usage clientAuth alone.

use std::fmt;

use super::{Check, evidence, in_time, keyed_serial, not_revoked, signed};
use crate::{
    Anchors, Refusal, RevocationData,
    certificate::{Certificate, Purpose, oid},
    proof::LoginProof,
    statement::LoginChallenge,
};

/// A login key that answered. Made by [`verify_login`] only.
///
/// The certificate's subject names the municipality of issue and a number: neither is here, nor the serial.
#[derive(Clone)]
pub struct VerifiedLogin {
    issuer: Vec<u8>,
    serial: Vec<u8>,
    not_after: i64,
    checks: Vec<Check>,
    sign_revoked: bool,
}

impl fmt::Debug for VerifiedLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedLogin").field("checks", &self.checks).finish_non_exhaustive()
    }
}

impl VerifiedLogin {
    /// The certificate's keyed name: HMAC-SHA-256 over issuer and serial.
    #[must_use]
    pub fn keyed_serial(&self, key: &[u8]) -> [u8; 32] {
        keyed_serial(key, &self.issuer, &self.serial)
    }

    /// When the certificate ends, epoch seconds.
    #[must_use]
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Whether a platform operator said that the same person's signature certificate is revoked: the login is good, and what
    /// that certificate proved is not any more.
    #[must_use]
    pub fn sign_revoked(&self) -> bool {
        self.sign_revoked
    }

    /// What was checked, and what was not.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

/// Verifies that a card's login key signed exactly `expected`.
///
/// Single use of the nonce is the caller's: take the ticket before you call this.
///
/// # Errors
/// The first check that fails, as its own [`Refusal`].
pub fn verify_login(
    proof: &LoginProof,
    anchors: &Anchors,
    revocation: &RevocationData,
    expected: &LoginChallenge,
    at: i64,
) -> Result<VerifiedLogin, Refusal> {
    let certificate = Certificate::parse(&proof.auth_certificate.0)?;
    fit_for_login(&certificate, anchors)?;
    let root = in_time(&certificate, anchors, Purpose::Auth, at)?;
    let found = not_revoked(revocation.status(&certificate, root, at))?;
    signed((&proof.statement.0, &proof.signature.0), &certificate, expected)?;
    Ok(VerifiedLogin {
        issuer: certificate.issuer_der(),
        serial: certificate.serial().to_vec(),
        not_after: certificate.validity().1,
        checks: evidence(anchors, found, at),
        sign_revoked: revocation.sign_revoked(),
    })
}

fn fit_for_login(certificate: &Certificate, anchors: &Anchors) -> Result<(), Refusal> {
    if certificate.purpose()? == Some(Purpose::Sign) {
        return Err(Refusal::WrongPurpose);
    }
    // A test policy is worth nothing beside a production root, and the reverse.
    let policy = if anchors.is_test() { oid::AUTH_POLICY_TEST } else { oid::AUTH_POLICY };
    if certificate.policies()? != [policy] {
        return Err(Refusal::WrongPolicy);
    }
    let usage = certificate.key_usage()?.ok_or(Refusal::WrongKeyUsage)?;
    let issues = usage.key_cert_sign() || usage.crl_sign() || certificate.is_ca()?;
    let client = certificate.extended_key_usage()?.is_some_and(|usage| usage.0 == [oid::CLIENT_AUTH]);
    // A key that may sign documents too would make a login worth a signature.
    if !usage.digital_signature() || usage.non_repudiation() || issues || !client {
        return Err(Refusal::WrongKeyUsage);
    }
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;
