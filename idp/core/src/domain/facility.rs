//! Organisation, facility, ceiling: who may ask for what, and why.

use super::acr::Acr;
use super::words::LocalText;
use crate::Time;
use crate::claims::Claim;
use crate::id::{FacilityId, OrganisationId};
use serde::{Deserialize, Serialize};

/// A legal body that runs facilities, for example the city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Row.
    pub id: OrganisationId,
    /// Legal name, for example 加賀市.
    pub name: LocalText,
    /// A public body asks for consent or gives notice under other rules than a private one.
    pub public_body: bool,
}

/// A place that asks for claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// Row.
    pub id: FacilityId,
    /// Who runs it.
    pub organisation: OrganisationId,
    /// Short name in commands and addresses, for example `library`.
    pub slug: String,
    /// Registered name shown to residents, for example 加賀市立図書館.
    pub name: LocalText,
    /// Which part of the organisation receives the data, for example 図書館 利用登録.
    pub department: LocalText,
    /// Picture beside the name: the name of a built-in drawing (`library`, `kosodate`, ...).
    pub logo: String,
    /// Six-digit municipality code with check digit, as text; `is_resident` compares with it.
    pub municipality: String,
    /// Sector of the pairwise subject (OpenID Connect Core 8.1): the facility, not the client.
    pub sector: String,
}

/// What a facility may ask for at most. A change is a new version and asks for consent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// Which facility.
    pub facility: FacilityId,
    /// Counts from 1.
    pub version: i32,
    /// What the facility does with the claims; shown on the consent page, never a request parameter.
    pub purpose: LocalText,
    /// The claims.
    pub entries: Vec<CeilingEntry>,
    /// Since when.
    pub created_at: Time,
}

/// One claim of a ceiling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CeilingEntry {
    /// Which claim.
    pub claim: Claim,
    /// Whether the resident may leave it out.
    pub requirement: Requirement,
    /// Least strength of the sign-in the facility asks for; the claim's own least strength applies besides.
    pub least: Acr,
}

/// Whether a resident may leave a claim out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Fixed on the consent page.
    Required,
    /// An unticked box on the consent page.
    Optional,
}

impl Ceiling {
    /// The entry of a claim, if the facility may have it at all.
    pub fn entry(&self, claim: Claim) -> Option<&CeilingEntry> {
        self.entries.iter().find(|entry| entry.claim == claim)
    }
}
