//! `verified_claims` (OpenID Connect for Identity Assurance 1.0): the card's values together with how they were verified.
//!
//! What is given is `release`'s answer, as everywhere; here the request for verification is held against the proofing. A
//! constraint that is not met drops the whole element, an element that nobody asked for is not sent (6).
//! Two facilities cannot compare notes: times are days of Japan, `verification_process` and `serial_number` are made per sector.
//! What the national service said is another framework (`attested`), and a weaker one.
//! Left out: `vouch` and `document` evidence, which no proofing makes yet, and attachments.

mod attested;

use super::Claim;
use super::release::{Answer, Origin, ReleaseInput, Source, origin, release};
use super::scopes::Place;
use crate::Time;
use crate::domain::acr::Acr;
use crate::domain::proofing::{Proofing, ProofingMethod};
use crate::domain::request::{ClaimAsked, ClaimsRequest, VerifiedAsked};
use crate::seal::Key;
use crate::secret::base64url;
use serde_json::{Map, Value, json};

/// The trust framework of a proofing with the signature certificate.
pub const TRUST_FRAMEWORK: &str = "jp_pass_jpki";
/// Issuer of signature certificates, as their field names it.
const CERTIFICATE_ISSUER: &str =
    "C=JP, O=JPKI, OU=JPKI for digital signature, OU=Japan Agency for Local Authority Information Systems";

pub use crate::domain::proofing::EvidenceRelease;
pub use attested::{EVIDENCE as ATTESTED_EVIDENCE, RECORD as ATTESTED_RECORD, TRUST_FRAMEWORK as ATTESTED_FRAMEWORK};

/// Under which terms evidence is made.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Key of pairwise values.
    pub key: &'a Key,
    /// What is told of the certificate.
    pub evidence: EvidenceRelease,
    /// The national service is configured here, so that discovery names its framework. Nothing is said in one that it does not.
    pub attested: bool,
}

/// Claims that can be verified ones, `name` first: what discovery publishes.
pub fn supported() -> impl Iterator<Item = Claim> {
    Claim::ALL.iter().copied().filter(|claim| origin(*claim) != Origin::Person && *claim != Claim::CertificateSerial)
}

/// The member `verified_claims` for the place of the input, if there is anything to put into it.
pub fn verified_claims(input: &ReleaseInput<'_>, terms: &Terms<'_>) -> Option<Value> {
    let asked = match input.place {
        Place::Userinfo => &input.request.verified_userinfo,
        Place::IdToken => &input.request.verified_id_token,
        Place::Anywhere => return None,
    };
    let mut found: Vec<Value> = asked.iter().filter_map(|asked| element(input, terms, asked)).collect();
    if found.len() > 1 { Some(Value::Array(found)) } else { found.pop() }
}

fn element(input: &ReleaseInput<'_>, terms: &Terms<'_>, asked: &VerifiedAsked) -> Option<Value> {
    let (_, proofing) = input.proven?;
    if asked.verification.is_empty() || !input.acr.satisfies(Acr::Aal2) {
        return None;
    }
    let known = match proofing.method {
        ProofingMethod::SignCertificate | ProofingMethod::TextApplication => verification(input, terms, proofing),
        ProofingMethod::DigitalAuthApp if terms.attested => attested::verification(input, terms, proofing),
        ProofingMethod::DigitalAuthApp => return None,
    };
    let verification = answer(&asked.verification, &known, input.now, proofing)?;
    let claims = claims(input, asked);
    // Identity Assurance 1.0, 5.1: `claims` MUST NOT be empty.
    (!claims.is_empty()).then(|| json!({ "verification": verification, "claims": claims }))
}

/// What `release` gives of the claims asked for, from the proofing, and with the value wanted.
fn claims(input: &ReleaseInput<'_>, asked: &VerifiedAsked) -> Map<String, Value> {
    let mut request = ClaimsRequest::default();
    match input.place {
        Place::IdToken => request.id_token.clone_from(&asked.claims),
        _ => request.userinfo.clone_from(&asked.claims),
    }
    let released = release(&ReleaseInput { scopes: &[], request: &request, ..*input });
    let proven = released.lines().iter().filter_map(|line| match &line.answer {
        Answer::Given { value, source: Source::Proven } => Some((line.claim.as_str(), value)),
        _ => None,
    });
    let wanted = |name: &str, value: &Value| match asked.claims.get(name) {
        Some(Some(how)) => how.accepts(value),
        _ => true,
    };
    proven.filter(|(name, value)| wanted(name, value)).map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

impl ClaimAsked {
    /// Whether a value is one of those wanted (OpenID Connect Core 5.5.1).
    fn accepts(&self, value: &Value) -> bool {
        self.value.as_ref().is_none_or(|wanted| wanted == value)
            && self.values.as_ref().is_none_or(|wanted| wanted.contains(value))
    }
}

/// A number for the act of proofing, another one in each sector.
fn process(input: &ReleaseInput<'_>, terms: &Terms<'_>, proofing: &Proofing) -> String {
    let sector = input.facility.sector.as_bytes();
    base64url(&terms.key.mac(&[b"verification_process", sector, &proofing.id.0]).0[..16])
}

/// Everything that could be said about how the claims were verified.
fn verification(input: &ReleaseInput<'_>, terms: &Terms<'_>, proofing: &Proofing) -> Map<String, Value> {
    let revocation = proofing.checked("revocation");
    // Which method it was, or that there was none: an absence would be taken for a check.
    let assured = if revocation.is_some() { "revocation_checked" } else { "revocation_not_checked" };
    let (level, procedure) = match (proofing.method, revocation.map(|check| check.by.as_deref().unwrap_or("crl"))) {
        (ProofingMethod::SignCertificate, Some(by)) => ("ial3", format!("jpki_sign_cert_{by}")),
        (ProofingMethod::SignCertificate, None) => ("ial2", "jpki_sign_cert".to_owned()),
        // Read at an agent and vouched for: genuine as a card, not signed by its holder.
        (ProofingMethod::TextApplication | ProofingMethod::DigitalAuthApp, _) => {
            ("ial1", "jpki_text_application".to_owned())
        }
    };
    let details = json!([{ "assurance_type": "evidence_verification", "assurance_classification": assured }]);
    let mut known = json!({
        "trust_framework": TRUST_FRAMEWORK,
        "assurance_level": level,
        "assurance_process": { "policy": "ds-511", "procedure": procedure, "assurance_details": details },
        "time": day(proofing.verified_at),
        "verification_process": process(input, terms, proofing),
    });
    if let Some(evidence) = evidence(input, terms, proofing) {
        known["evidence"] = json!([evidence]);
    }
    match known {
        Value::Object(known) => known,
        _ => Map::new(),
    }
}

/// A day in Japan, as a time.
fn day(at: Time) -> String {
    format!("{}T00:00+09:00", at.jst_day().iso())
}

/// What was checked of the evidence, and of which day what it was checked against is (5.4.5).
fn check_details(proofing: &Proofing) -> Value {
    let mut details = vec![json!({ "check_method": "vcrypt", "organization": "pass", "check_id": "signature" })];
    if let Some(check) = proofing.checked("revocation") {
        let by = check.by.as_deref().unwrap_or("crl");
        let mut data = json!({ "check_method": "data", "organization": by, "check_id": "revocation" });
        if let Some(at) = check.as_of {
            data["time"] = day(at).into();
        }
        details.push(data);
    }
    details.into()
}

/// What the proofing rests on, as far as this facility may know it.
fn evidence(input: &ReleaseInput<'_>, terms: &Terms<'_>, proofing: &Proofing) -> Option<Value> {
    match proofing.method {
        ProofingMethod::SignCertificate => certificate(input, terms, proofing),
        ProofingMethod::TextApplication => (terms.evidence != EvidenceRelease::None).then(card),
        // `attested` makes its own.
        ProofingMethod::DigitalAuthApp => None,
    }
}

/// The card as a document whose records were read and found genuine. Neither its number nor its chip is named: both would link.
fn card() -> Value {
    json!({
        "type": "document",
        "document_details": { "type": "jp_individual_number_card", "issuer": { "country": "JPN" } },
        "check_details": [
            { "check_method": "vcrypt", "organization": "pass" },
            { "check_method": "data", "organization": "pass" },
        ],
    })
}

/// The certificate, as far as this facility may know it.
fn certificate(input: &ReleaseInput<'_>, terms: &Terms<'_>, proofing: &Proofing) -> Option<Value> {
    let told = |serial: String| {
        json!({
            "type": "electronic_signature",
            "signature_type": "jpki_sign",
            "issuer": CERTIFICATE_ISSUER,
            "serial_number": serial,
            "check_details": check_details(proofing),
        })
    };
    match terms.evidence {
        EvidenceRelease::None => None,
        EvidenceRelease::Pairwise => {
            let serial = terms.key.mac(&[b"certificate", input.facility.sector.as_bytes(), &proofing.keyed_serial.0]).0;
            Some(told(format!("pw:{}", base64url(&serial[..12]))))
        }
        EvidenceRelease::Raw => {
            let mut evidence = told(raw_serial(input)?);
            evidence["created_at"] = proofing.verified_at.iso().into();
            Some(evidence)
        }
    }
}

/// The serial number is a claim like others: ceiling, consent, strength and a valid proofing decide.
fn raw_serial(input: &ReleaseInput<'_>) -> Option<String> {
    let asked = [(Claim::CertificateSerial.as_str().to_owned(), None)];
    let mut request = ClaimsRequest::default();
    match input.place {
        Place::IdToken => request.id_token.extend(asked),
        _ => request.userinfo.extend(asked),
    }
    let released = release(&ReleaseInput { scopes: &[], request: &request, ..*input });
    released.given().find_map(|(claim, value)| {
        (claim == Claim::CertificateSerial).then(|| value.as_str().map(str::to_owned)).flatten()
    })
}

/// What was asked of what is known; nothing where a constraint is not met.
fn answer(
    asked: &Map<String, Value>,
    known: &Map<String, Value>,
    now: Time,
    proofing: &Proofing,
) -> Option<Map<String, Value>> {
    // 5.4.2: trust_framework is REQUIRED in every answer.
    let mut told = Map::from_iter([("trust_framework".to_owned(), known["trust_framework"].clone())]);
    for (name, wish) in asked {
        let found = member(wish, known.get(name))?;
        if name == "time" && !young_enough(wish, now, proofing) {
            return None;
        }
        told.extend(found.map(|value| (name.clone(), value)));
    }
    Some(told)
}

/// `None`: a constraint is not met. `Some(None)`: asked for, but there is nothing to say.
#[expect(clippy::option_option, reason = "outer: the constraint holds; inner: there is a value")]
fn member(wish: &Value, known: Option<&Value>) -> Option<Option<Value>> {
    match (wish, known) {
        (Value::Array(wishes), Some(Value::Array(entries))) => entries_of(wishes, entries).map(Some),
        // Evidence of a kind that PASS does not tell.
        (Value::Array(wishes), None) => wishes.is_empty().then_some(None),
        (Value::Object(wish), known) => {
            let constraint = ClaimAsked {
                essential: false,
                value: wish.get("value").cloned(),
                values: wish.get("values").and_then(Value::as_array).cloned(),
            };
            match known {
                None => (constraint.value.is_none() && constraint.values.is_none()).then_some(None),
                Some(Value::Object(known)) => object(wish, known).map(|told| Some(Value::Object(told))),
                Some(known) => constraint.accepts(known).then(|| Some(known.clone())),
            }
        }
        (_, known) => Some(known.cloned()),
    }
}

fn object(wish: &Map<String, Value>, known: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut told = Map::new();
    for (name, wish) in wish {
        told.extend(member(wish, known.get(name))?.map(|value| (name.clone(), value)));
    }
    Some(if told.is_empty() { known.clone() } else { told })
}

/// The entries that fit one of those asked for, whole: the schema requires all their members.
fn entries_of(wishes: &[Value], entries: &[Value]) -> Option<Value> {
    let fits = |wish: &Value, entry: &Value| match (wish.as_object(), entry.as_object()) {
        (Some(wish), Some(entry)) => {
            let typed = wish.get("type").is_none_or(|kind| member(kind, entry.get("type")).is_some());
            typed && object(wish, entry).is_some()
        }
        _ => wish.is_null(),
    };
    let told: Vec<Value> =
        entries.iter().filter(|entry| wishes.iter().any(|wish| fits(wish, entry))).cloned().collect();
    (!told.is_empty()).then_some(Value::Array(told))
}

/// `max_age` of `time`: not older than so many seconds (6.2).
fn young_enough(wish: &Value, now: Time, proofing: &Proofing) -> bool {
    match wish.get("max_age") {
        None => true,
        Some(seconds) => {
            seconds.as_i64().is_some_and(|seconds| now.seconds() - proofing.verified_at.seconds() <= seconds)
        }
    }
}

#[cfg(test)]
mod tests;
