//! Consent: a legal record. Appended and closed, never updated in place.

use crate::Time;
use crate::claims::Claim;
use crate::id::{AccountId, ClientId, ConsentId, FacilityId, PersonId, SessionId};
use crate::secret::Hash;

/// That a person agreed to give these claims to this client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Row.
    pub id: ConsentId,
    /// About whom.
    pub person: PersonId,
    /// Who agreed.
    pub account: AccountId,
    /// To which client.
    pub client: ClientId,
    /// Of which facility.
    pub facility: FacilityId,
    /// Scopes agreed to, sorted.
    pub scopes: Vec<String>,
    /// Claims agreed to, as shown.
    pub claims: Vec<Claim>,
    /// Claims that were offered and left out.
    pub declined: Vec<Claim>,
    /// Keyed hash of the values shown.
    pub values: Hash,
    /// Version of the facility's ceiling and purpose that was shown.
    pub ceiling_version: i32,
    /// The sign-in session during which it is not asked again.
    pub session: SessionId,
    /// Not asked again until then, where the box was ticked.
    pub remembered_until: Option<Time>,
    /// When.
    pub given_at: Time,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Time>,
}
