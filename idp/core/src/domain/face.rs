//! A person's face template as stored, and the counters that limit attempts.

use crate::Time;
use crate::id::{FacilityId, PersonId, ProofingId, hex};
use crate::seal::{Key, context};
use std::time::Duration;

/// A sealed template. One master for a person; after its end only "had a face until D" remains.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredTemplate {
    /// Whose.
    pub person: PersonId,
    /// The template, sealed under the person's key with model and scope as context.
    pub sealed: Vec<u8>,
    /// Model that made it.
    pub model: String,
    /// Threshold set it is to be judged by.
    pub threshold_set: String,
    /// The proofing by which it was known whose face this is (CAP-65).
    pub proofing: Option<ProofingId>,
    /// Version of the text the person agreed to before the camera was on.
    pub consent_version: i32,
    /// When that was.
    pub consented_at: Time,
    /// When it was made.
    pub created_at: Time,
    /// When it ends.
    pub expires_at: Time,
}

/// The same face for the reception of one facility, turned by the key of the facility and its epoch. It is made of the
/// master, and ends with it.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceCopy {
    /// Whose.
    pub person: PersonId,
    /// Where it serves.
    pub facility: FacilityId,
    /// Which rotation of the facility it was made with.
    pub epoch: i32,
    /// Model that made it.
    pub model: String,
    /// The turned template, sealed under the person's key.
    pub sealed: Vec<u8>,
    /// When the person turned it on.
    pub created_at: Time,
    /// When it ends: with the master.
    pub expires_at: Time,
}

impl FaceCopy {
    /// What the seal is bound to: person, facility, model and epoch. A copy opens as no other copy.
    pub fn context(person: PersonId, facility: FacilityId, model: &str, epoch: i32) -> Vec<u8> {
        context(person, &format!("face_copy.{}.{epoch}.{model}", hex(&facility.0)))
    }

    /// The seed of the rotation of a facility in an epoch; `key` is derived for face copies.
    pub fn seed(key: &Key, facility: FacilityId, epoch: i32) -> [u8; 32] {
        key.expand(&[facility.0.as_slice(), &epoch.to_be_bytes()].concat())
    }
}

/// The column of a master template, bound to the model that made it.
pub fn master_context(person: PersonId, model: &str) -> Vec<u8> {
    context(person, &format!("face_template.{model}"))
}

/// Failed comparisons in a row (NIST SP 800-63B-4 3.2.3: five, then delays, fifty is the end).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaceAttempts {
    /// Failures since the last match.
    pub failures: i32,
    /// When the last one was.
    pub last_failure_at: Option<Time>,
}

/// Failures in a row after which each further try waits.
pub const FREE_FAILURES: i32 = 5;
/// How long it waits.
pub const DELAY: Duration = Duration::from_secs(30);
/// Failures after which the face is off until it is enrolled anew.
pub const LAST_FAILURE: i32 = 50;

impl FaceAttempts {
    /// Whether the face is off.
    pub const fn off(&self) -> bool {
        self.failures >= LAST_FAILURE
    }
}
