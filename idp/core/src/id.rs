//! Identifiers of rows: 16 bytes, time-ordered, made by the injected randomness, never shown to people or programs.

use crate::{Entropy, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// A new identifier: 48 bits of milliseconds, 80 random bits.
            pub fn new(now: Time, entropy: &dyn Entropy) -> Self {
                Self(time_ordered(now, entropy))
            }

            /// From the bytes of a column; rows hold exactly 16.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), hex(&self.0))
            }
        }
    )*};
}

ids! {
    /// A legal body that runs facilities.
    OrganisationId;
    /// A place that asks for claims.
    FacilityId;
    /// An OAuth client's row (its public `client_id` is another value).
    ClientId;
    /// Somebody who signs in.
    AccountId;
    /// A subject of claims.
    PersonId;
    /// A way to sign in.
    CredentialId;
    /// A sign-in session.
    SessionId;
    /// One successful proof of who is there.
    EventId;
    /// One proof of who the person is.
    ProofingId;
    /// That an account acts for a person.
    RelationId;
    /// One consent.
    ConsentId;
    /// What one authorization gave.
    GrantId;
    /// A staff member.
    StaffId;
    /// An audit row.
    AuditId;
    /// A refusal that a client was told.
    ClientErrorId;
    /// A message waiting to be sent.
    OutboxId;
    /// A device at a reception.
    TerminalId;
    /// Somebody who came or left.
    ReceptionEventId;
    /// A call for staff.
    StaffCallId;
    /// A signing key's row.
    KeyId;
}

fn time_ordered(now: Time, entropy: &dyn Entropy) -> [u8; 16] {
    let mut id = [0; 16];
    entropy.fill(&mut id[6..]);
    id[..6].copy_from_slice(&now.0.max(0).to_be_bytes()[2..]);
    id
}

/// Lower-case hexadecimal, for logs and audit lines.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a String does not fail");
        out
    })
}
