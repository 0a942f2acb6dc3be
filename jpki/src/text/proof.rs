//! From a reading to a fact.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{TextReading, record};
use crate::{
    BasicFour, Check, CheckKind, Outcome, Refusal, TextAnchors,
    cv::{CardKey, Certificate},
    proof::Encoded,
};

/// What was read and what the chip signed over it. JSON with base64 fields.
///
/// The basic four are in it: this type has no plain `Debug`, and the issuer drops it after [`verify_text`]. The integrity
/// record is not in it and has no field to be in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextProof {
    /// The canonical bytes of the statement, with the digest of what was read.
    pub statement: Encoded,
    /// The chip's signature over the statement.
    pub signature: Encoded,
    /// The basic four as the card holds them.
    pub basic_four: Encoded,
    /// The certificate of the card's issuer.
    pub certificate: Encoded,
    /// The chip's key, signed by the card's issuer.
    pub chip_key: Encoded,
}

impl fmt::Debug for TextProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextProof(redacted)")
    }
}

/// What a reading proved. Made by [`verify_text`] only.
#[derive(Clone)]
pub struct VerifiedText {
    basic_four: BasicFour,
    chip: CardKey,
    checks: Vec<Check>,
}

impl fmt::Debug for VerifiedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedText").field("checks", &self.checks).finish_non_exhaustive()
    }
}

impl VerifiedText {
    /// Name, birth date, sex, address, as printed on the card. Whether glyphs were replaced is not said there.
    #[must_use]
    pub fn basic_four(&self) -> &BasicFour {
        &self.basic_four
    }

    /// The chip's keyed name: HMAC-SHA-256 over its public key. Another card of the same person has another one.
    #[must_use]
    pub fn keyed_chip(&self, key: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        mac.update(b"text application");
        mac.update(self.chip.modulus());
        mac.finalize().into_bytes().into()
    }

    /// What was checked, and what was not.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

/// Verifies that a chip, whose key an issuer under a root of ours signed, signed exactly `expected` over these basic four.
///
/// Single use of the nonce is the caller's: take the ticket before you call this.
///
/// # Errors
/// The first check that fails, as its own [`Refusal`]; [`Refusal::AnchorUnverified`] as long as no root is at hand.
pub fn verify_text(
    proof: &TextProof,
    expected: &TextReading,
    anchors: &TextAnchors,
    at: i64,
) -> Result<VerifiedText, Refusal> {
    let certificate = Certificate::read(&proof.certificate.0)?;
    let issuer = certificate.proven_key(anchors)?;
    let chip = record::own_key(&proof.chip_key.0, issuer)?;
    let (reading, digest) = TextReading::parse(&proof.statement.0).map_err(|_| Refusal::ForeignStatement)?;
    if reading.fields().nonce != expected.fields().nonce {
        return Err(Refusal::ReplayedNonce);
    }
    let (basic_four, read) = record::basic_four(&proof.basic_four.0)?;
    if reading != *expected || digest != read {
        return Err(Refusal::AlteredStatement);
    }
    if !chip.signed(&expected.to_bytes(&read), &proof.signature.0) {
        return Err(Refusal::BadSignature);
    }
    Ok(VerifiedText { basic_four, chip, checks: evidence(anchors, at) })
}

fn evidence(anchors: &TextAnchors, at: i64) -> Vec<Check> {
    let passed = Outcome::Passed { at };
    let not = |why: &str| Outcome::NotChecked { why: why.into() };
    [
        (CheckKind::Statement, passed.clone()),
        (CheckKind::ProductionRoot, if anchors.is_test() { not("test root") } else { passed.clone() }),
        (CheckKind::Chain, passed),
        (CheckKind::Integrity, not("checked at the agent")),
        (CheckKind::Revocation, not("the text application has none")),
    ]
    .map(|(what, outcome)| Check { what, outcome })
    .into()
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;
