//! Reception: terminals, what they saw, and calls for staff.

use crate::Time;
use crate::id::{FacilityId, PersonId, ReceptionEventId, StaffCallId, StaffId, TerminalId};
use crate::secret::Hash;
use std::time::Duration;

/// A device at the entrance of a facility, paired by a one-time code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Row.
    pub id: TerminalId,
    /// Where it stands.
    pub facility: FacilityId,
    /// What staff call it.
    pub name: String,
    /// Its key, as a point of P-256 (SEC 1 2.3.3, uncompressed, 65 bytes); the private half never leaves the device.
    pub public_key: Vec<u8>,
    /// SHA-256 of its cookie.
    pub cookie: Hash,
    /// Since when.
    pub paired_at: Time,
    /// When it was last heard of.
    pub last_seen_at: Option<Time>,
    /// When it was taken out of service.
    pub revoked_at: Option<Time>,
}

/// A code that pairs one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairingCode {
    /// Keyed hash of the code (`reception::pairing::index`).
    pub hash: Hash,
    /// Whose terminal it will be.
    pub facility: FacilityId,
    /// What staff will call it.
    pub name: String,
    /// Who made it; nobody where the operator did.
    pub made_by: Option<StaffId>,
    /// When it was made.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $one:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $one,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$one,)*];

            /// The word in tables and forms.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$one => $word,)* }
            }

            /// Reads the word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    )*};
}

words! {
    /// Which way somebody went.
    Direction {
        /// Came.
        In = "in",
        /// Left.
        Out = "out",
    }
    /// How somebody was recognised.
    Way {
        /// By the face, among those who turned that on here.
        Face = "face",
    }
    /// Whether somebody lives in the facility's municipality.
    FeeClass {
        /// 市内
        Resident = "resident",
        /// 市外
        NonResident = "non_resident",
        /// Nobody knows: nothing is proven, or the address could be in several.
        Unknown = "unknown",
    }
    /// Why staff were called.
    CallReason {
        /// Somebody pressed the button.
        Button = "button",
        /// Nobody was recognised several times.
        Failures = "failures",
        /// The machine could not look.
        Unavailable = "unavailable",
    }
}

/// Somebody came or left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceptionEvent {
    /// Row.
    pub id: ReceptionEventId,
    /// Where.
    pub facility: FacilityId,
    /// Who.
    pub person: PersonId,
    /// At which device.
    pub terminal: TerminalId,
    /// Came or left.
    pub direction: Direction,
    /// Recognised how.
    pub way: Way,
    /// As it was known then.
    pub fee_class: FeeClass,
    /// From the first touch to the answer.
    pub took: Duration,
    /// When.
    pub at: Time,
}

/// Somebody at a terminal needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCall {
    /// Row.
    pub id: StaffCallId,
    /// Where.
    pub facility: FacilityId,
    /// At which device.
    pub terminal: TerminalId,
    /// Why.
    pub reason: CallReason,
    /// When.
    pub raised_at: Time,
    /// When somebody took it on.
    pub closed_at: Option<Time>,
    /// Who did.
    pub closed_by: Option<StaffId>,
}
