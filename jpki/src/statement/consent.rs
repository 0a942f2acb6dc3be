//! The consent document: which facility may have which values, and for what. Signed by the signature key.
//!
//! The agent is given the values themselves, shows them, and makes their hash itself: a hash from elsewhere would be an opaque
//! digest. The signed bytes hold the hash alone, mixed with the nonce of this one document, because a birth date is soon
//! guessed: whoever keeps a signed consent keeps no value, and whoever has the values can show that they are the ones agreed to.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CONSENT_TAG, Kind, Statement, StatementError, lines};
use crate::pin::Secret;

/// The fields of a consent before they are checked. JSON on the way to the agent, the nonce in hex.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentFields {
    /// The issuer's URL.
    pub issuer: String,
    /// The facility, by its registered name.
    pub facility: String,
    /// What the facility wants the values for, in the person's language.
    pub purpose: String,
    /// The values, in the order in which they are shown.
    pub values: Vec<ConsentValue>,
    /// Server randomness, single use.
    #[serde(with = "lines::hex_nonce")]
    pub nonce: [u8; 32],
    /// The ticket this consent belongs to.
    pub ticket: String,
    /// When the issuer made the statement, epoch seconds.
    pub issued_at: i64,
}

/// One value that the facility will have.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentValue {
    /// The claim's name, as in an ID token.
    pub claim: String,
    /// The value as the person reads it.
    pub value: String,
}

impl fmt::Debug for ConsentFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values are the person's, the nonce is still to be used.
        f.debug_struct("ConsentFields").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl fmt::Debug for ConsentValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsentValue").field("claim", &self.claim).finish_non_exhaustive()
    }
}

/// More than the catalogue of claims has.
const MOST_VALUES: usize = 64;

/// A checked consent, with its values: what the agent shows and a card signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    fields: ConsentFields,
    record: ConsentRecord,
}

/// A consent as it was signed: no value, and their hash. What is kept of one, and read back in a dispute. It cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// The issuer's URL.
    pub issuer: String,
    /// The facility, by its registered name.
    pub facility: String,
    /// What for.
    pub purpose: String,
    /// The claims, in the order in which they were shown.
    pub claims: Vec<String>,
    /// The hash of the values ([`ConsentRecord::fits`]).
    pub values_sha256: [u8; 32],
    nonce: [u8; 32],
    /// The ticket it belongs to.
    pub ticket: String,
    /// When the issuer made the statement, epoch seconds.
    pub issued_at: i64,
}

impl Consent {
    /// Checks the fields.
    ///
    /// # Errors
    /// A field is empty, too long, or holds a character that could deceive; a claim's name is none, or comes twice; no value.
    pub fn new(fields: ConsentFields) -> Result<Self, StatementError> {
        for value in &fields.values {
            lines::acceptable("value", &value.value, 1000)?;
        }
        let record = ConsentRecord {
            issuer: fields.issuer.clone(),
            facility: fields.facility.clone(),
            purpose: fields.purpose.clone(),
            claims: fields.values.iter().map(|value| value.claim.clone()).collect(),
            values_sha256: hash(&fields.nonce, &fields.values),
            nonce: fields.nonce,
            ticket: fields.ticket.clone(),
            issued_at: fields.issued_at,
        };
        record.check()?;
        Ok(Self { fields, record })
    }

    /// The fields, for the page that shows them.
    #[must_use]
    pub fn fields(&self) -> &ConsentFields {
        &self.fields
    }

    /// What is kept of it.
    #[must_use]
    pub fn record(&self) -> &ConsentRecord {
        &self.record
    }
}

impl ConsentRecord {
    /// Reads the canonical bytes back.
    ///
    /// # Errors
    /// Anything but the exact canonical form.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        let names = ["issuer", "facility", "purpose", "claims", "values-sha256", "nonce", "ticket", "issued-at"];
        let [issuer, facility, purpose, claims, values, nonce, ticket, issued_at] =
            lines::read(bytes, CONSENT_TAG, names)?;
        let parsed = Self {
            issuer: issuer.into(),
            facility: facility.into(),
            purpose: purpose.into(),
            claims: claims.split(' ').map(str::to_owned).collect(),
            values_sha256: lines::nonce(values)?,
            nonce: lines::nonce(nonce)?,
            ticket: ticket.into(),
            issued_at: issued_at.parse().map_err(|_| StatementError::Form)?,
        };
        parsed.check()?;
        // `+7`, `007` and upper-case hex read alike: only the canonical spelling is a statement.
        if parsed.write() == bytes { Ok(parsed) } else { Err(StatementError::Form) }
    }

    /// Whether these are the values that were agreed to, all of them and in their order.
    #[must_use]
    pub fn fits(&self, values: &[ConsentValue]) -> bool {
        self.claims.iter().eq(values.iter().map(|value| &value.claim))
            && self.values_sha256 == hash(&self.nonce, values)
    }

    fn check(&self) -> Result<(), StatementError> {
        lines::acceptable("issuer", &self.issuer, 300)?;
        lines::acceptable("facility", &self.facility, 300)?;
        lines::acceptable("purpose", &self.purpose, 2000)?;
        lines::acceptable("ticket", &self.ticket, 200)?;
        // A name without blanks: the claims stand in one line. `#` for a script or language (OpenID Connect Core 5.2).
        let name = |claim: &String| {
            let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/#".contains(&byte);
            (1..=100).contains(&claim.len()) && claim.bytes().all(good)
        };
        let twice = self.claims.iter().enumerate().any(|(n, claim)| self.claims[..n].contains(claim));
        let many = self.claims.is_empty() || self.claims.len() > MOST_VALUES;
        if many || twice || !self.claims.iter().all(name) { Err(StatementError::Field("values")) } else { Ok(()) }
    }

    fn write(&self) -> Vec<u8> {
        lines::write(
            CONSENT_TAG,
            &[
                ("issuer", &self.issuer),
                ("facility", &self.facility),
                ("purpose", &self.purpose),
                ("claims", &self.claims.join(" ")),
                ("values-sha256", &lines::hex(&self.values_sha256)),
                ("nonce", &lines::hex(&self.nonce)),
                ("ticket", &self.ticket),
                ("issued-at", &self.issued_at.to_string()),
            ],
        )
    }
}

/// SHA-256 over a tag, the nonce, and each claim and value with its length before it: no two lists run into each other.
fn hash(nonce: &[u8; 32], values: &[ConsentValue]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"PASS-JPKI-CONSENT-VALUES-v1\n");
    hash.update(nonce);
    for part in values.iter().flat_map(|value| [&value.claim, &value.value]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

impl Kind for Consent {
    fn nonce_in(bytes: &[u8]) -> Result<[u8; 32], StatementError> {
        ConsentRecord::parse(bytes).map(|record| record.nonce)
    }
}

impl Statement for Consent {
    fn key(&self) -> Secret {
        Secret::Sign
    }

    fn nonce(&self) -> &[u8; 32] {
        &self.record.nonce
    }

    fn to_bytes(&self) -> Vec<u8> {
        self.record.write()
    }
}

#[cfg(test)]
mod tests;
