//! A person's face template as stored, and the counters that limit attempts.

use crate::Time;
use crate::id::PersonId;

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
    /// Version of the text the person agreed to before the camera was on.
    pub consent_version: i32,
    /// When that was.
    pub consented_at: Time,
    /// When it was made.
    pub created_at: Time,
    /// When it ends.
    pub expires_at: Time,
}

/// Failed comparisons in a row (NIST SP 800-63B-4 3.2.3: five, then delays, fifty is the end).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaceAttempts {
    /// Failures since the last match.
    pub failures: i32,
    /// When the last one was.
    pub last_failure_at: Option<Time>,
}
