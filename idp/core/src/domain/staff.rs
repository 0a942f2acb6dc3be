//! Staff and their roles. Staff sign in with a passkey to PASS Manager; they are not resident accounts.

use crate::Time;
use crate::id::{FacilityId, StaffId};
use crate::secret::Hash;
use serde::{Deserialize, Serialize};

/// A staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Row.
    pub id: StaffId,
    /// Name shown in Manager and in the audit log.
    pub name: String,
    /// Where they may act and as what.
    pub role: Role,
    /// The 16-byte user handle of their passkeys.
    pub user_handle: [u8; 16],
    /// Since when.
    pub created_at: Time,
    /// When they left.
    pub closed_at: Option<Time>,
}

/// What a staff member may do, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// All facilities of the city.
    CityAdmin,
    /// One facility.
    FacilityAdmin(FacilityId),
    /// One facility, its reception only.
    Receptionist(FacilityId),
}

/// A one-time link by which a staff member makes the first passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Hash of the secret in the link.
    pub hash: Hash,
    /// For whom.
    pub staff: StaffId,
    /// When it stops working.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
}

/// A passkey of a staff member.
#[derive(Clone)]
pub struct StaffPasskey {
    /// Hash of the credential id.
    pub lookup: Hash,
    /// Whose.
    pub staff: StaffId,
    /// The passkey as JSON.
    pub public: String,
    /// Since when.
    pub created_at: Time,
}

/// A staff sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffSession {
    /// Hash of the cookie.
    pub hash: Hash,
    /// Who.
    pub staff: StaffId,
    /// When it ends.
    pub expires_at: Time,
}
