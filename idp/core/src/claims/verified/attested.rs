//! How claims were verified that the national service told: card and PIN were checked there, and no certificate signs the values.
//!
//! Identity Assurance 1.0, evidence of the type `electronic_record`: it names the source, and nothing that is the same at two
//! facilities.

use super::{Terms, day, process};
use crate::claims::release::ReleaseInput;
use crate::domain::proofing::Proofing;
use serde_json::{Map, Value, json};

/// The trust framework of what the service said.
pub const TRUST_FRAMEWORK: &str = "jp_pass";
/// Its type of evidence.
pub const EVIDENCE: &str = "electronic_record";
/// Its type of record.
pub const RECORD: &str = "jp_digital_auth_app";

/// Everything that can be said. Never more than `ial2`: the signature certificate alone makes more.
pub(super) fn verification(input: &ReleaseInput<'_>, terms: &Terms<'_>, proofing: &Proofing) -> Map<String, Value> {
    let procedure =
        if proofing.checked("revocation").is_some() { "jp_digital_auth_app_revocation" } else { "jp_digital_auth_app" };
    let known = json!({
        "trust_framework": TRUST_FRAMEWORK,
        "assurance_level": "ial2",
        "assurance_process": { "policy": "ds-511", "procedure": procedure },
        "time": day(proofing.verified_at),
        "verification_process": process(input, terms, proofing),
        "evidence": [{
            "type": EVIDENCE,
            "check_details": [{ "check_method": "auth" }],
            "record": { "type": RECORD, "source": { "name": "デジタル認証アプリ" } },
        }],
    });
    match known {
        Value::Object(known) => known,
        _ => Map::new(),
    }
}
