//! Proofing: how PASS came to know who a person is, with its evidence. A new proofing supersedes an old one; none is overwritten.

pub mod life;

use super::attested::{Attested, RevocationCheck};
use super::person::{Birthdate, ProvenRecord, Sex};
use crate::Time;
use crate::id::{PersonId, ProofingId};
use crate::seal::Key;
use crate::secret::Hash;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A proofing as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proofing {
    /// Row.
    pub id: ProofingId,
    /// Of whom.
    pub person: PersonId,
    /// How.
    pub method: ProofingMethod,
    /// Which checks ran, with their results. "Not checked" is a value.
    pub checks: Vec<Check>,
    /// Keyed hash of issuer and serial of the certificate, of the chip's own key, or of the subject at the national service, to
    /// know it again without keeping any.
    pub keyed_serial: Hash,
    /// Keyed hash of the id that a platform operator has for the person, where one was asked: the same for a renewed card.
    pub keyed_applicant: Option<Hash>,
    /// When.
    pub verified_at: Time,
    /// When the certificate ends; of what the national service said, a year later.
    pub valid_until: Time,
    /// Where it stands.
    pub status: ProofingStatus,
}

impl Proofing {
    /// Whether the issuer itself saw a card prove this: each signature certificate did; a reading of printed text did where the
    /// chip's own key, under a root of ours, signed it; or whether the national service asserted it, as such. Anything less is given to nobody.
    pub fn proves(&self) -> bool {
        match self.method {
            ProofingMethod::SignCertificate => true,
            ProofingMethod::TextApplication => self.checked("statement").is_some() && self.checked("chain").is_some(),
            ProofingMethod::DigitalAuthApp => self.checked("assertion").is_some(),
        }
    }

    /// The check of that name, if it was done and passed.
    pub fn checked(&self, what: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.what == what && check.result == "ok")
    }
}

/// How somebody was proofed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofingMethod {
    /// A signature with the signature certificate of a My Number Card.
    SignCertificate,
    /// The printed text of a My Number Card, read with its four digits at the card agent, and vouched for by a guardian.
    TextApplication,
    /// What the national service (デジタル認証アプリ) said, which no certificate of the person signed.
    DigitalAuthApp,
}

impl ProofingMethod {
    /// The word in the table and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignCertificate => "sign_certificate",
            Self::DigitalAuthApp => "digital_auth_app",
            Self::TextApplication => "text_application",
        }
    }

    /// Reads the word of the table.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::SignCertificate, Self::DigitalAuthApp, Self::TextApplication]
            .into_iter()
            .find(|method| method.as_str() == word)
    }
}

/// How long what the national service said is taken for true where people move: no certificate's end is known.
const ATTESTED_FOR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Where a proofing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofingStatus {
    /// Holds.
    Valid,
    /// The certificate has lapsed: residence may have changed.
    Stale,
    /// The certificate was revoked.
    Revoked,
    /// A newer proofing took its place.
    Superseded,
}

/// One check of a proofing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked: `signature`, `chain`, `validity`, `revocation`, ...
    pub what: String,
    /// `ok`, or `not_checked` with the reason.
    pub result: String,
    /// When the answer was made, for revocation lists.
    pub as_of: Option<Time>,
    /// Who answered, for revocation: `crl`, `ocsp` or `platform`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What is kept of a certificate.
#[derive(Clone, Copy)]
pub struct CardTerms<'a> {
    /// Key of the keyed serial.
    pub key: &'a [u8],
    /// What facilities may learn of it.
    pub evidence: EvidenceRelease,
}

/// What facilities learn about the certificate behind a proofing. Its serial is the same at all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EvidenceRelease {
    /// Nothing: the method stands in `assurance_process`.
    #[default]
    None,
    /// A keyed hash of the serial, another one in each sector.
    Pairwise,
    /// The serial itself and the second of the proofing, where ceiling and consent name it.
    Raw,
}

/// A proofing about to be recorded, with the sealed values it proved. Made only from what a verifier proved.
pub struct NewProofing {
    proofing: Proofing,
    record: ProvenRecord,
}

impl NewProofing {
    /// From a verified signature-certificate proof. `jpki::Verified` has no public constructor, so nobody can claim one.
    /// The serial number is kept only where it may be given out.
    pub fn from_card(
        id: ProofingId,
        person: PersonId,
        verified: &jpki::Verified,
        card: &CardTerms<'_>,
        now: Time,
    ) -> Self {
        let four = verified.basic_four();
        Self {
            proofing: Proofing {
                id,
                person,
                method: ProofingMethod::SignCertificate,
                checks: checks(verified.checks()),
                keyed_serial: Hash(verified.keyed_serial(card.key)),
                keyed_applicant: verified.keyed_applicant(card.key).map(Hash),
                verified_at: now,
                valid_until: Time::from_seconds(verified.not_after()),
                status: ProofingStatus::Valid,
            },
            record: ProvenRecord {
                proofing: id,
                name: four.name.clone(),
                address: four.address.clone(),
                birthdate: Birthdate::read(&four.birth_date),
                sex: sex(four.sex),
                name_has_substitutes: four.name_has_substitutes,
                address_has_substitutes: four.address_has_substitutes,
                certificate_serial: (card.evidence == EvidenceRelease::Raw).then(|| verified.serial_hex()),
            },
        }
    }

    /// From the printed text of a child's card. `guardian`: what is known of whoever vouches. Such a reading has no revocation and
    /// names no end, so that it counts for a year.
    pub fn from_text(
        id: ProofingId,
        person: PersonId,
        verified: &jpki::VerifiedText,
        key: &[u8],
        guardian: &ProvenRecord,
        now: Time,
    ) -> Self {
        let four = verified.basic_four();
        let mut checks = checks(verified.checks());
        checks.push(Check { what: "guardian".into(), result: "ok".into(), as_of: Some(now), by: None });
        let together = if guardian.address == four.address { "ok" } else { "not_checked: another address" };
        checks.push(Check { what: "guardian_address".into(), result: together.into(), as_of: None, by: None });
        Self {
            proofing: Proofing {
                id,
                person,
                method: ProofingMethod::TextApplication,
                checks,
                keyed_serial: Hash(verified.keyed_chip(key)),
                keyed_applicant: None,
                verified_at: now,
                valid_until: now + TEXT_COUNTS_FOR,
                status: ProofingStatus::Valid,
            },
            record: ProvenRecord {
                proofing: id,
                name: four.name.clone(),
                address: four.address.clone(),
                birthdate: Birthdate::read(&four.birth_date),
                sex: sex(four.sex),
                name_has_substitutes: four.name_has_substitutes,
                address_has_substitutes: four.address_has_substitutes,
                certificate_serial: None,
            },
        }
    }

    /// From what the national service said, after all its checks (`core::upstream`).
    pub fn from_app(id: ProofingId, person: PersonId, attested: &Attested, index: &Key, now: Time) -> Self {
        Self {
            proofing: Proofing {
                id,
                person,
                method: ProofingMethod::DigitalAuthApp,
                checks: told(attested),
                keyed_serial: attested.who.keyed(index),
                keyed_applicant: None,
                verified_at: now,
                valid_until: now + ATTESTED_FOR,
                status: ProofingStatus::Valid,
            },
            record: ProvenRecord {
                proofing: id,
                name: attested.name.clone(),
                address: attested.address.clone(),
                birthdate: attested.birthdate,
                sex: attested.sex,
                // The service does not say.
                name_has_substitutes: false,
                address_has_substitutes: false,
                certificate_serial: None,
            },
        }
    }

    /// The record of the act.
    pub const fn proofing(&self) -> &Proofing {
        &self.proofing
    }

    /// The values it proved.
    pub const fn record(&self) -> &ProvenRecord {
        &self.record
    }
}

/// How long the printed text of a card counts: nothing tells when its holder has moved.
const TEXT_COUNTS_FOR: Duration = Duration::from_secs(365 * 24 * 3600);

const fn sex(sex: jpki::Sex) -> Sex {
    match sex {
        jpki::Sex::Male => Sex::Male,
        jpki::Sex::Female => Sex::Female,
        jpki::Sex::NotApplicable | jpki::Sex::Unknown => Sex::Unstated,
    }
}

/// What was checked here, what the service says it checked, and what nobody did.
fn told(attested: &Attested) -> Vec<Check> {
    let row = |what: &str, result: &str| Check {
        what: what.into(),
        result: result.into(),
        as_of: (result == "ok").then_some(attested.told_at),
        by: None,
    };
    vec![
        row("assertion", "ok"),
        row("level", if attested.level.aal == 3 { "aal3" } else { "aal2" }),
        match attested.level.revocation {
            Some(RevocationCheck::Crl | RevocationCheck::Ocsp) => row("revocation", "ok"),
            None => row("revocation", "not_checked: the service did not say that it looked"),
        },
        row("signature", "not_checked: no certificate signs what the service says"),
    ]
}

/// What a verifier checked of a card, and what it did not.
pub fn checks(of: &[jpki::Check]) -> Vec<Check> {
    of.iter().map(check).collect()
}

/// What is known of a certificate's revocation, for the audit log: who answered and of which day, or that nobody did.
pub fn revocation_words(checks: &[Check]) -> String {
    let known = checks.iter().find(|check| check.what == "revocation" && check.result == "ok");
    match known.and_then(|check| check.as_of.map(|at| (check.by.as_deref().unwrap_or("checked"), at))) {
        Some((by, at)) => format!("revocation {by} of {}", at.jst_day().iso()),
        None => "revocation not_checked".into(),
    }
}

fn check(check: &jpki::Check) -> Check {
    let what =
        serde_json::to_value(check.what).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    match &check.outcome {
        jpki::Outcome::Passed { at } => {
            Check { what, result: "ok".into(), as_of: Some(Time::from_seconds(*at)), by: None }
        }
        jpki::Outcome::Good { at, by } => {
            let (as_of, by) = (Some(Time::from_seconds(*at)), Some(by.as_str().into()));
            Check { what, result: "ok".into(), as_of, by }
        }
        jpki::Outcome::NotChecked { why } => {
            Check { what, result: format!("not_checked: {why}"), as_of: None, by: None }
        }
    }
}

/// A card ticket: one use, joins browser, account and statement (architecture 7.11).
#[derive(Clone)]
pub struct CardTicket {
    /// Hash of the ticket that travels to the agent.
    pub hash: Hash,
    /// Hash of the browser secret of the page that left for the agent; only that browser may come back.
    pub browser: Hash,
    /// Hash of the interaction's handle; none when started from `/me`.
    pub interaction: Option<Hash>,
    /// Whose: of an enrolment from the start, of a login since the card said so.
    pub account: Option<crate::id::AccountId>,
    /// The fields of the statement the card must sign, as JSON (`jpki::AnyFields`). Their kind says what the ticket is for.
    pub statement: String,
    /// When it stops working.
    pub expires_at: Time,
    /// When the agent posted its result.
    pub used_at: Option<Time>,
    /// What came of it: `verified`, or the code of the refusal.
    pub outcome: Option<String>,
    /// The agent's proof, sealed under the person's key. It becomes a proofing only when the browser that left comes back.
    pub sealed_proof: Option<Vec<u8>>,
    /// Hash of the secret that the issuer gave the agent for the way back: who signed brings it, and nobody else has it.
    pub completion: Option<Hash>,
}

impl CardTicket {
    /// The outcome of a proof that is good.
    pub const VERIFIED: &'static str = "verified";
    /// The outcome of a ticket whose work is done: what it proved is kept.
    pub const DONE: &'static str = "done";
    /// The outcome of a ticket of which the person wanted nothing to be kept.
    pub const DROPPED: &'static str = "dropped";

    /// Why it ended, where it ended with a refusal: true as long as the ticket lives.
    pub fn refusal(&self) -> Option<&str> {
        let outcome = self.outcome.as_deref().filter(|_| self.completion.is_none())?;
        (![Self::VERIFIED, Self::DONE, Self::DROPPED].contains(&outcome)).then_some(outcome)
    }
}
